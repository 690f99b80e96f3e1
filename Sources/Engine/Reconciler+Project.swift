import Journal
import TrueupCore

extension Reconciler {
  /// Whether the fleet still has the project under which what exists was made.
  func projectGuard(_ desired: Desired) -> ProjectGuard {
    ProjectGuard(
      project: desired.project, formerProject: desired.formerProject, projectsAt: projectsAt)
  }

  /// - Throws: `refused` where the journal shows that the project was renamed.
  func checkProject(_ request: Request) async throws(EngineError) {
    guard let journal else { return }
    let owners: Set<ProjectGuard.Owner>
    let lastRun: String?
    do throws(JournalError) {
      owners = Set(
        try journal.owners().map { ProjectGuard.Owner(name: $0.stack, revision: $0.revision) })
      lastRun = try journal.runs(limit: 1).first?.start.revision
    } catch {
      throw .journal(error)
    }
    let refusal = await projectGuard(request.desired)
      .refusal(journaled: owners, lastRun: lastRun)
    if let refusal { throw .refused(refusal) }
  }
}
