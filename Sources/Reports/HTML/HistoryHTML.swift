/// What was done before, as a page of its own.
public enum HistoryHTML {
  /// The whole page, ending in a line break.
  ///
  /// - Parameters:
  ///   - runs: newest first, with the changes to show.
  ///   - time: when the page was made, in seconds since 1970.
  public static func render(_ runs: [PastRun], at time: Double) -> String {
    let changes = runs.reduce(0) { $0 + $1.changes.count }
    let headline =
      runs.isEmpty
      ? "Nothing was applied yet"
      : "\(Wording.count(changes, "change")) in \(Wording.count(runs.count, "run"))"
    let list: Markup =
      runs.isEmpty
      ? "" : "<main>\n<h2>Runs</h2>\n\(RunTimeline.markup(runs, details: true))</main>\n"
    let body: Markup = """
      <header>
      <p class="over">Trueup history, \(Wording.minute(time))</p>
      <h1>\(headline)</h1>
      </header>
      \(list)
      """
    return Page(title: "Trueup history: \(headline)", body: body).text
  }
}
