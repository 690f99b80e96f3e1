extension Page {
  /// The style sheet. It holds none of the characters that HTML or XML would take for markup.
  static let style = """
    :root { --ground: #ffffff; --card: #f6f8fa; --text: #1c2128; --soft: #57606a; --line: #d0d7de;
      --link: #0a58ca; --red: #b3261e; --red-ground: #ffebe9; --amber: #7d4e00;
      --amber-ground: #fff3d1; --green: #1a7f37; --green-ground: #dafbe1; --violet: #6f3aa0;
      --violet-ground: #f3e8fd; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #0d1117; --card: #161b22; --text: #e6edf3; --soft: #9aa5b1; --line: #30363d;
        --link: #79b8ff; --red: #ff8f86; --red-ground: #3d1815; --amber: #e9b949;
        --amber-ground: #382a07; --green: #5fd07a; --green-ground: #10301a; --violet: #d2a8ff;
        --violet-ground: #2c1b40; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 72rem; color: var(--text);
      background: var(--ground); line-height: 1.5; -webkit-text-size-adjust: 100%;
      font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
    h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
    h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; }
    h3 { margin: 0; font-size: 1.1rem; }
    a { color: var(--link); text-underline-offset: 0.15em; }
    p { margin: 0.35rem 0; }
    small, .soft { color: var(--soft); font-size: 0.85rem; font-weight: normal; }
    code { font-family: ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace;
      font-size: 0.85em; overflow-wrap: anywhere; unicode-bidi: isolate; }
    .over { margin: 0 0 0.25rem; color: var(--soft); font-size: 0.85rem; }
    .chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.75rem 0 0; padding: 0;
      list-style: none; }
    .chip { padding: 0.1rem 0.6rem; border-radius: 1rem; font-size: 0.85rem; white-space: nowrap;
      background: var(--card); color: var(--soft); border: 1px solid var(--line); }
    .delete, .replace, .gone, .bad { color: var(--red); background: var(--red-ground);
      border-color: transparent; }
    .update, .open { color: var(--amber); background: var(--amber-ground);
      border-color: transparent; }
    .create, .adopt, .good { color: var(--green); background: var(--green-ground);
      border-color: transparent; }
    .blocked, .stalled { color: var(--violet); background: var(--violet-ground); border-color: transparent; }
    .cards { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); }
    .card { padding: 0.85rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem;
      background: var(--card); }
    .card.quiet { grid-column: 1 / -1; }
    .card .chips { margin-top: 0.35rem; }
    .card .stack { margin-top: 0.6rem; }
    .stack-part { margin: 0 0 1.25rem; border: 1px solid var(--line); border-radius: 0.5rem;
      overflow: hidden; }
    .stack-part summary { padding: 0.7rem 1rem; background: var(--card); cursor: pointer; }
    .stack-part summary h3 { display: inline; margin-right: 0.35rem; overflow-wrap: anywhere; }
    .note { margin: 0.75rem 1rem; overflow-wrap: anywhere; }
    .change { padding: 0.7rem 1rem; border-top: 1px solid var(--line); }
    small code { font-size: 0.95em; }
    .change .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.6rem; }
    .change .head strong { overflow-wrap: anywhere; }
    .change .since { margin-left: auto; }
    .change p { font-size: 0.9rem; }
    table { width: 100%; margin: 0.5rem 0 0; border-collapse: collapse; font-size: 0.9rem; }
    th { padding: 0.2rem 0.75rem 0.2rem 0; color: var(--soft); font-size: 0.8rem; font-weight: normal;
      text-align: left; }
    td { padding: 0.3rem 0.75rem 0.3rem 0; border-top: 1px solid var(--line); vertical-align: top; }
    td.path { width: 30%; }
    td.side { width: 26%; }
    td small { white-space: nowrap; }
    .observed { color: var(--red); }
    .desired { color: var(--green); }
    .card p { margin: 0.2rem 0 0; font-size: 0.85rem; overflow-wrap: anywhere; }
    .stack-part .contents summary { margin-top: 0.35rem; padding: 0; background: none; }
    .graph { border-top: 1px solid var(--line); padding: 0.7rem 1rem; }
    .stack-part .graph summary { padding: 0; background: none; }
    .graph .picture { overflow-x: auto; margin-top: 0.5rem; }
    .graph svg { display: block; max-width: 100%; height: auto; min-width: 44rem; margin: 0 auto; }
    .graph svg text { fill: var(--text); font-family: Helvetica, "Liberation Sans", Arial, sans-serif; }
    .graph svg .node path, .graph svg .node polygon { fill: var(--card); stroke: var(--soft); }
    .graph svg .edge path { stroke: var(--soft); }
    .graph svg .edge polygon { fill: var(--soft); stroke: var(--soft); }
    .graph svg .delete path, .graph svg .replace path, .graph svg .gone path { fill: var(--red-ground); stroke: var(--red); }
    .graph svg .update path { fill: var(--amber-ground); stroke: var(--amber); }
    .graph svg .create path, .graph svg .adopt path { fill: var(--green-ground);
      stroke: var(--green); }
    .graph svg .blocked path, .graph svg .stalled path { fill: var(--violet-ground); stroke: var(--violet); }
    .values { margin: 0.25rem 0; padding: 0; list-style: none; }
    .tree, .tree ul { margin: 0; padding-left: 1.1rem; list-style: none;
      border-left: 1px solid var(--line); }
    .tree { border-left: 0; padding-left: 0; margin-top: 0.5rem; }
    .tree li { padding: 0.1rem 0; overflow-wrap: anywhere; }
    .tree .node { padding: 0 0.35rem; border-radius: 0.25rem; }
    .runs { margin: 0; padding: 0; list-style: none; }
    .runs li { position: relative; padding: 0 0 1rem 1.5rem; border-left: 2px solid var(--line);
      margin-left: 0.4rem; overflow-wrap: anywhere; }
    .runs li:last-child { border-left-color: transparent; padding-bottom: 0; }
    .runs li::before { content: ""; position: absolute; left: -0.45rem; top: 0.4rem; width: 0.75rem;
      height: 0.75rem; border-radius: 50%; background: var(--soft);
      border: 2px solid var(--ground); }
    .runs li.run-good::before { background: var(--green); }
    .runs li.run-bad::before { background: var(--red); }
    .runs li.run-open::before { background: var(--amber); }
    .runs time { font-variant-numeric: tabular-nums; }
    .next { margin-top: 1.5rem; padding: 0.75rem 1rem; border-radius: 0.5rem;
      border: 1px solid var(--line); background: var(--card); }
    @media (max-width: 40rem) {
      body { padding: 1rem 0.85rem 2rem; }
      h1 { font-size: 1.4rem; }
      .change .since { margin-left: 0; flex-basis: 100%; }
      thead { display: none; }
      table, tbody, tr, td { display: block; width: auto; }
      tr { padding: 0.4rem 0; border-top: 1px solid var(--line); }
      td, td.path, td.side { width: auto; padding: 0.1rem 0; border: 0; }
      td[data-side]::before { content: attr(data-side) " "; color: var(--soft); font-size: 0.8rem; }
      td:empty { display: none; }
      .graph svg { min-width: 60rem; max-width: none; }
    }
    @media print { body { max-width: none; } .stack-part { break-inside: avoid; } }

    """
}
