import Journal
import TrueupCore

extension Reconciler {
  /// Remembers since when each finding has been seen.
  func noteDrift(_ report: inout RunReport, _ request: Request) throws(EngineError) {
    guard let journal else { return }
    let project = request.desired.project
    do throws(JournalError) {
      let records = try journal.noteFindings(
        report.findings(project: project),
        covering: report.observedStacks, at: clock.now())
      for (index, stack) in report.plan.stacks.enumerated() {
        for (place, change) in stack.changes.enumerated()
        where change.cause == .drift || change.cause == .conflict {
          report.plan.stacks[index].changes[place].since = change.findings(project: project)
            .compactMap { records[$0.id]?.since }.min()
        }
      }
    } catch {
      throw .journal(error)
    }
  }
}

extension RunReport {
  /// The stacks that were observed completely, by their owners' full names.
  var observedStacks: Set<String> {
    Set(
      plan.stacks.filter {
        $0.error == nil && !$0.isSuspended && refusals[$0.id.name] == nil
      }.map(\.id.owner))
  }
}
