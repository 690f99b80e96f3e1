import TrueupCore

/// A plan or drift as a page of its own: the verdict, each client, what differs and since when, the
/// graph of each stack, past runs.
public enum PlanHTML {
  /// Graphs of more stacks than these would make a page that no browser likes; the stacks with the
  /// worst news have theirs.
  static let graphLimit = 24

  /// The graphs that the page has room for, as sources in the DOT language, by stack.
  public static func graphs(_ report: RunReport) -> [(stack: String, source: String)] {
    graphed(report.shown).map { ($0, GraphDOT.picture(of: $0, in: report)) }
  }

  /// The whole page, ending in a line break.
  ///
  /// - Parameters:
  ///   - time: when the report was made, in seconds since 1970.
  ///   - budget: what a run may delete and replace per stack.
  ///   - options: the options that narrowed this run.
  ///   - pictures: the graphs as Graphviz has drawn them, by stack; a stack without
  ///     one has a tree.
  ///   - runs: the latest runs, newest first.
  public static func render(
    _ report: RunReport, at time: Double, budget: Budget = Budget(), options: [String] = [],
    pictures: [String: Drawing] = [:], runs: [PastRun] = []
  ) -> String {
    let shown = report.shown
    let headline = Headline(report: shown)
    let name = "Trueup \(report.command.rawValue)"
    let graphed = Set(graphed(shown))
    let isLong = shown.plan.stacks.count(where: shown.isNews) > 12
    let stacks = headline.clients.flatMap(\.stacks).map { stack in
      StackSection(
        report: shown, stack: stack, time: time, isOpen: shown.isNews(stack) && !isLong,
        hasGraph: graphed.contains(stack.id.name), picture: pictures[stack.id.name]
      ).markup
    }
    let body: Markup = """
      <header>
      <p class="over">\(name), \(Wording.minute(time))</p>
      <h1>\(headline.text)</h1>
      \(chips(headline.tally))<p class="soft">\(PlanText.desiredState(report)); \
      \(PlanText.effort(report))\
      \(PlanText.notShown(report.command == .drift ? report.pendingChanges : 0))</p>
      </header>
      <main>
      \(CheckText.markup(shown.checks))\(ClientCards(report: shown).markup(headline.clients))\
      <section>
      <h2>\(report.command == .drift ? "What drifted, and since when" : "What changes")</h2>
      \(stacks)\(next(shown, budget: budget, options: options))</section>
      \(timeline(runs))</main>

      """
    return Page(title: "\(name): \(headline.text)", body: body).text
  }

  /// The stacks whose graphs are shown: those with news, the worst first, then the others.
  private static func graphed(_ shown: RunReport) -> [String] {
    let described = Set(shown.plan.resources.map(\.address.stack))
      .union(shown.plan.changes.map(\.address.stack))
    return Headline(report: shown).clients.flatMap(\.stacks).map(\.id.name)
      .filter(described.contains).prefix(graphLimit).map(\.self)
  }

  static func chips(_ tally: [(action: Change.Action?, text: String)]) -> Markup {
    let items = tally.map { action, text -> Markup in
      "<li class=\"chip \(action?.rawValue ?? "same")\">\(text)</li>"
    }
    return "<ul class=\"chips\">\(items)</ul>\n"
  }

  private static func next(_ report: RunReport, budget: Budget, options: [String]) -> Markup {
    let lines = PlanText.nextCommand(report, budget: budget, options: options)
    guard let line = lines.first, let split = line.range(of: ":  ") else { return "" }
    return """
      <p class="next">\(String(line[..<split.lowerBound])): \
      <code>\(String(line[split.upperBound...]))</code></p>

      """
  }

  private static func timeline(_ runs: [PastRun]) -> Markup {
    guard !runs.isEmpty else { return "" }
    return "<section>\n<h2>Latest runs</h2>\n\(RunTimeline.markup(runs))</section>\n"
  }
}
