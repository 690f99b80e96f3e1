import Journal
import TrueupCore

extension Reconciler.Request {
  /// The commit of the desired state, where it is one.
  var commit: Commit? { commits.first { $0.revision == revision } }

  /// The revisions of stacks that are held back, by stack name.
  var revisions: [String: String] {
    Dictionary(
      heldBack.compactMap { held in held.revision.map { (held.stack, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

extension Reconciler {
  /// Tells the journal how each stack stands, and which revision is in force there.
  func noteState(_ report: RunReport, _ request: Request) throws(EngineError) {
    guard let journal, request.notesState else { return }
    let project = request.desired.project
    let isPutInForce = request.command.putsInForce && !request.isDirty
    let known = Set(request.desired.stacks.map(\.id.name))
    do throws(JournalError) {
      for stack in report.plan.stacks {
        let name = stack.id.name
        let isInForce = isPutInForce && report.refusals[name] == nil && known.contains(name)
        try journal.setStackRecord(
          StackRecord(
            stack: stack.id.owner, state: report.state(of: stack),
            command: report.command.rawValue, at: clock.now(),
            revision: isInForce ? request.revisions[name] ?? request.revision : nil,
            revisionAt: clock.now()))
      }
      // A stack that is held back without a revision in force is not in the plan, but in the fleet.
      for held in request.heldBack where !known.contains(held.stack) {
        let line = held.reason.split(separator: "\n").first.map(String.init)
        try journal.setStackRecord(
          StackRecord(
            stack: "\(project)/\(held.stack)",
            state: StackState(status: .failed, note: line), command: report.command.rawValue,
            at: clock.now()))
      }
      if isPutInForce, request.selected == nil {
        let names = known.union(request.heldBack.map(\.stack))
        let shown = Set(report.plan.stacks.map(\.id.owner))
        try journal.removeStackRecords(
          project: project, except: shown.union(names.map { "\(project)/\($0)" }))
      }
    } catch {
      throw .journal(error)
    }
  }
}
