import Journal
import TrueupCore

extension Reconciler {
  /// Remembers since when each drift has been seen.
  func noteDrift(_ report: inout RunReport, _ request: Request) throws(EngineError) {
    guard let journal else { return }
    func owner(_ stack: String) -> String { "\(request.desired.project)/\(stack)" }
    var findings: Set<DriftFinding> = []
    for change in report.plan.changes where change.cause == .drift || change.cause == .conflict {
      findings.insert(
        DriftFinding(
          stack: owner(change.address.stack), resource: change.address.resource, path: ""))
    }
    let covered = Set(
      report.plan.stacks.filter { $0.error == nil && !$0.isSuspended }.map(\.id.owner))
    do throws(JournalError) {
      let since = try journal.noteDrift(findings, covering: covered, at: clock.now())
      for (index, stack) in report.plan.stacks.enumerated() {
        for (place, change) in stack.changes.enumerated() {
          report.plan.stacks[index].changes[place].since =
            since[
              DriftFinding(
                stack: owner(change.address.stack), resource: change.address.resource, path: "")]
        }
      }
    } catch {
      throw .journal(error)
    }
  }
}
