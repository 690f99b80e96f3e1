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
  ///   - isFull: values in full, and every stack by itself.
  public static func render(
    _ report: RunReport, at time: Double, budget: Budget = Budget(), options: [String] = [],
    pictures: [String: Drawing] = [:], runs: [PastRun] = [], isFull: Bool = false
  ) -> String {
    let shown = report.shown
    let headline = Headline(report: shown)
    let name = "Trueup \(report.command.rawValue)"
    let graphed = Set(graphed(shown))
    let news = headline.clients.flatMap(\.stacks).filter(shown.isNews)
    let isLong = news.count > 12
    let shared = isFull ? SameChanges() : SameChanges(shown, news)
    // A stack of which all is told elsewhere has no part of its own.
    let own = news.filter { stack in
      stack.changes.isEmpty || !stack.notChecked.isEmpty
        || stack.changes.contains { !shared.contains($0) }
    }
    let stacks = own.map { stack in
      StackSection(
        report: shown, stack: stack, time: time, isOpen: !isLong,
        hasGraph: graphed.contains(stack.id.name), picture: pictures[stack.id.name],
        isFull: isFull, shared: shared
      ).markup
    }
    let same = shared.blocks.map { SharedSection(block: $0, time: time).markup }
    let body: Markup = """
      <header>
      <p class="over">\(name), \(Wording.minute(time))</p>
      <h1>\(headline.text)</h1>
      \(chips(headline.tally))<p class="soft">\(PlanText.desiredState(report)); \
      \(PlanText.effort(report))\
      \(PlanText.notShown(report.command == .drift ? report.pendingChanges : 0))</p>
      </header>
      <main>
      \(CheckText.markup(shown.checks))\(notes(shown))\
      \(ClientCards(report: shown, anchors: Set(own.map(\.id.name))).markup(headline.clients))\
      <section>
      <h2>\(report.command == .drift ? "What drifted, and since when" : "What changes")</h2>
      \(same)\(stacks)\(next(shown, budget: budget, options: options))</section>
      \(WarningText.markup(report.warnings))\(timeline(runs))</main>

      """
    return Page(title: "\(name): \(headline.text)", body: body).text
  }

  /// What there is to know of stacks in which nothing differs.
  private static func notes(_ shown: RunReport) -> Markup {
    let items = shown.plan.stacks.filter { !shown.isNews($0) && !$0.isSuspended }.flatMap { stack in
      stack.notesAndWait.map { note -> Markup in "<p class=\"note\">\(stack.id.name): \(note)</p>\n"
      }
    }
    return "\(items)"
  }

  /// The stacks whose graphs are shown: those in which something differs, the worst first.
  private static func graphed(_ shown: RunReport) -> [String] {
    shown.stacksWorstFirst.filter { !$0.changes.isEmpty }.prefix(graphLimit).map(\.id.name)
  }

  static func chips(_ tally: [(verdict: Verdict?, text: String)]) -> Markup {
    let items = tally.map { verdict, text -> Markup in
      "<li class=\"chip \(verdict?.rawValue ?? "same")\">\(text)</li>"
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
