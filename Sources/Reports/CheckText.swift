import TrueupCore

/// What the fleet's checks said of a plan.
enum CheckText {
  /// For a terminal: a line for each check, and what it printed below.
  static func lines(_ checks: [CheckResult], style: TextStyle) -> [String] {
    notRun(checks).map { [$0] }
      ?? checks.flatMap { check -> [String] in
        let mark = check.problem == nil ? style.paint("✓", .green) : style.paint("✗", .red)
        return ["\(mark) \(title(check))"] + output(check).map { "    \($0)" }
      }
  }

  /// `✗ the check guardrails denies it (exit code 1)`.
  private static func title(_ check: CheckResult) -> String {
    let text = check.problem ?? "the check \(check.name) passed"
    return (text + (check.warns && check.problem != nil ? ", and only warns" : "")).printable
  }

  /// `2 checks not run: guardrails, cost (…)`; `nil` where they were.
  private static func notRun(_ checks: [CheckResult]) -> String? {
    let left = checks.filter { $0.verdict == .notRun }.map(\.name)
    guard !left.isEmpty else { return nil }
    return
      "\(Wording.count(left.count, "check")) not run: \(Wording.some(left, limit: 5).printable) "
      + "(run them with --checks, or TRUEUP_CHECKS=on)"
  }

  private static func output(_ check: CheckResult) -> [String] {
    check.output.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).printable
    }
    .reversed().drop(while: \.isEmpty).reversed()
  }

  /// For a comment: folded where a check passed.
  static func markdown(_ checks: [CheckResult]) -> [String] {
    if let text = notRun(checks) { return [MarkdownText.text(text), ""] }
    return checks.flatMap { check -> [String] in
      let lines = output(check).prefix(60)
      let isBad = check.problem != nil
      guard !lines.isEmpty else {
        return [
          "\(isBad ? "**✗" : "✓") \(MarkdownText.text(title(check)))\(isBad ? "**" : "")", "",
        ]
      }
      let text = String(lines.joined(separator: "\n").prefix(6_000))
      return [
        "<details\(isBad ? " open" : "")><summary>\(isBad ? "✗" : "✓") "
          + "\(MarkdownText.text(title(check)))</summary>", "",
      ] + MarkdownText.block(text.split(separator: "\n").map(String.init), language: "text")
        + ["", "</details>", ""]
    }
  }

  /// For a page.
  static func markup(_ checks: [CheckResult]) -> Markup {
    guard !checks.isEmpty else { return "" }
    if let text = notRun(checks) { return "<p class=\"note soft\">\(text)</p>\n" }
    let items = checks.map { check -> Markup in
      let kind: Markup = check.problem == nil ? "good" : "bad"
      let lines = output(check).map { line -> Markup in "\(line)\n" }
      let said: Markup = lines.isEmpty ? "" : "<pre>\(lines)</pre>\n"
      return
        "<p class=\"note\"><span class=\"chip \(kind)\">check</span> \(title(check))</p>\n\(said)"
    }
    return "<section>\n<h2>Checks</h2>\n\(items)</section>\n"
  }
}
