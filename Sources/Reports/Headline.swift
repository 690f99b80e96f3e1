import TrueupCore

/// The one line that says whether to worry, above a report that is read as a page.
struct Headline {
  /// What is shown: for drift, the findings alone.
  var report: RunReport

  /// `10 findings in 2 of 3 stacks`, `1 to delete, 3 to update`, `No drift`, `In sync`.
  var text: String {
    let news = report.plan.stacks.filter(report.isNews)
    guard !news.isEmpty else { return report.command == .drift ? "No drift" : "In sync" }
    let failed = news.count { $0.error != nil }
    let changes = report.plan.changes.count
    var parts: [String] = []
    if failed > 0 { parts.append("\(Wording.count(failed, "stack")) failed") }
    if changes > 0 {
      let noun = report.command == .drift ? "finding" : "change"
      let changed = news.count { !$0.changes.isEmpty }
      let stacks = Wording.count(report.plan.stacks.count, "stack")
      let place = report.plan.stacks.count > 1 ? "\(changed) of \(stacks)" : news[0].id.name
      parts.append("\(Wording.count(changes, noun)) in \(place)")
    }
    if !report.refusals.isEmpty {
      parts.append("\(Wording.count(report.refusals.count, "stack")) refused")
    }
    return parts.joined(separator: ", ")
  }

  /// `1 to delete, 3 to update, 50 in sync`.
  var tally: [(verdict: Verdict?, text: String)] {
    RunReport.tally(report.plan.changes).map { ($0.verdict, $0.verdict.counted($0.count)) }
      + [(nil, "\(report.resourcesInSync) in sync")]
  }

  /// The report by client, the one with the worst news first, and so the stacks of each.
  var clients: [(client: String, stacks: [Plan.Stack])] {
    let sorted = report.stacksWorstFirst
    let order = Dictionary(
      sorted.enumerated().map { ($1.id.client, $0) }, uniquingKeysWith: min)
    return Dictionary(grouping: sorted, by: \.id.client)
      .sorted { (order[$0.key] ?? 0) < (order[$1.key] ?? 0) }
      .map { ($0.key, $0.value) }
  }
}
