import TrueupCore

/// One stack: what is wrong with it, what is not checked, and its graph.
struct StackSection {
  var report: RunReport
  var stack: Plan.Stack
  /// When the report was made, in seconds since 1970.
  var time: Double
  var isOpen: Bool
  var hasGraph: Bool
  var picture: Drawing?
  /// Values and lists in full.
  var isFull = false
  /// Changes that are told elsewhere, with others that are the same.
  var shared = SameChanges()

  var markup: Markup {
    let changes = stack.changes.filter { !shared.contains($0) }.sorted(by: Change.worstFirst)
      .map { ChangeSection(change: $0, time: time, isFull: isFull).markup }
    return """
      <details class="stack-part" id="\(stack.id.name)"\(openness)>
      <summary><h3>\(stack.id.name)</h3> <small>\(stack.account) \(stack.region)</small>
      \(Self.chips(stack, in: report))</summary>
      \(note("Failed", stack.error))\(note("Refused", report.refusals[stack.id.name]))\
      \(notes)\(changes)\(notChecked)\(graph)</details>

      """
  }

  private var openness: Markup { isOpen ? " open=\"open\"" : "" }

  /// The stack's verdict: failed, refused, its changes by action, what is in sync.
  static func chips(_ stack: Plan.Stack, in report: RunReport) -> Markup {
    var items: [Markup] = []
    if stack.error != nil { items.append("<li class=\"chip bad\">failed</li>") }
    if report.refusals[stack.id.name] != nil { items.append("<li class=\"chip bad\">refused</li>") }
    items += RunReport.tally(stack.changes).map { verdict, count in
      "<li class=\"chip \(verdict.rawValue)\">\(count) \(verdict.rawValue)</li>"
    }
    if stack.error == nil {
      let good: Markup = report.isNews(stack) ? "" : " good"
      items.append("<li class=\"chip\(good)\">\(stack.inSync) in sync</li>")
    }
    if !stack.notChecked.isEmpty {
      items.append("<li class=\"chip\">\(stack.notChecked.count) not checked</li>")
    }
    return "<ul class=\"chips\">\(items)</ul>\n"
  }

  private func note(_ title: String, _ text: String?) -> Markup {
    text.map { "<p class=\"note\"><strong class=\"observed\">\(title):</strong> \($0)</p>\n" } ?? ""
  }

  private var notes: [Markup] {
    stack.notesAndWait.map { "<p class=\"note\">\($0)</p>\n" }
  }

  private var notChecked: Markup {
    guard !stack.notChecked.isEmpty else { return "" }
    return "<p class=\"note soft\">\(NotChecked.text(stack.notChecked, limit: 10))</p>\n"
  }

  /// Folded: it is for whoever wants to know what hangs together.
  private var graph: Markup {
    guard hasGraph else { return "" }
    let graph = ResourceGraph(report, stacks: [stack.id.name]).reduced.concerned
    guard graph.nodes.count > 1 else { return "" }
    let drawing: Markup =
      picture.map { "<div class=\"picture\">\(Markup(trusted: $0.markup))</div>\n" }
      ?? ReferenceTree(graph).markup
    return """
      <details class="graph"><summary class="soft">What hangs together with it: \
      \(Wording.count(graph.nodes.count, "resource"))</summary>
      \(drawing)</details>

      """
  }
}
