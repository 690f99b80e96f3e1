import DesiredState
import Engine
import Foundation
import Journal
import Reports
import TrueupCore

extension CommandRunner {
  /// Makes AWS as a commit says: what a timer starts.
  func reconcile(_ invocation: Invocation) async throws -> ExitStatus {
    guard invocation.has("--once") else {
      throw EarlyEnd(
        message: "reconcile has no loop of its own: say --once, and let a timer repeat it")
    }
    let directory = invocation.directory
    let repository = try LoadedState.repository(of: directory)
    let path = Session.journalPath(invocation, root: repository?.root)
    let lock = FileStackLocks(directory: Session.lockDirectory(ofJournal: path)).lockReconcile()
    let held: any Sendable
    switch lock {
    case .success(let lock): held = lock
    case .failure(let error):
      guard error.isBusy else { throw EarlyEnd(message: error.message) }
      terminal.write(error.message + "\n")
      return .done
    }
    defer { withExtendedLifetime(held) {} }

    try repository?.requireWholeHistory()
    let (commit, fetchProblem) = try follow(
      invocation, repository: repository, directory: directory)
    if commit == nil { try LoadedState.refuseUncommitted(invocation, in: repository) }
    if invocation.has("--require-signed") {
      try requireSignature(of: try commit ?? repository?.head(), in: repository)
    }
    if let fetchProblem { note(fetchProblem, invocation) }
    var state = try await LoadedState.committed(
      invocation, in: repository, at: commit,
      lastGood: try lastGood(Session.journal(at: path, writes: true)), style: terminal.style
    ) { facts, accounts in
      try await self.facts(facts, accounts: accounts, invocation: invocation)
    }
    if commit != nil, let repository {
      try keepChecks(
        &state, in: repository, of: directory, Session.journal(at: path, writes: true))
    }
    if !state.heldBack.isEmpty {
      note(HeldBackText.render(state.heldBack, style: terminal.style), invocation)
    }
    let status = try await carryOut(
      invocation, state: state,
      request: try request(
        .reconcile, invocation: invocation, state: state, selected: state.acting(invocation)))
    return fetchProblem == nil || status == .refused ? status : .error
  }

  /// Says what did not hold up the run: to standard error, or in the log.
  func note(_ text: String, _ invocation: Invocation) {
    if invocation.logsJSON {
      let line = EventJSON.line(.note(text), at: Date().timeIntervalSince1970)
      terminal.writeError(line + "\n")
    } else {
      terminal.writeError(text.hasSuffix("\n") ? text : "trueup: \(text)\n")
    }
  }

  /// The newest commit of the followed branch; `nil` where the work tree is meant. A remote that
  /// cannot be reached does not hold up the repair of drift: the last fetched commit stays desired.
  private func follow(
    _ invocation: Invocation, repository: GitRepository?, directory: String
  ) throws -> (commit: String?, problem: String?) {
    guard let name = invocation.string("--follow") else { return (nil, nil) }
    guard let repository else { throw DesiredStateError.notInRepository(directory: directory) }
    guard let branch = try repository.followed(name) else {
      return (try repository.commit(name), nil)
    }
    let tracking = "refs/remotes/\(branch.remote)/\(branch.branch)"
    do throws(DesiredStateError) {
      try repository.fetch(branch)
    } catch {
      guard let commit = try? repository.commit(tracking) else { throw error }
      return (commit, "\(error.description); going on with \(commit.prefix(7)), fetched earlier")
    }
    return (try repository.commit(tracking), nil)
  }

  /// A commit is judged by the checks that were there before it: those of the last one that was applied
  /// without refusal.
  private func keepChecks(
    _ state: inout LoadedState, in repository: GitRepository, of directory: String,
    _ journal: Journal?
  ) throws {
    // A commit that gives the project another name does not get rid of its checks by that.
    let projects = [state.desired.project, state.desired.formerProject]
    let accepted = try journal?.acceptedRevisions(project: state.desired.project)
      .first { projects.contains($0.project) }?.revision
    guard let accepted else { return }
    do throws(DesiredStateError) {
      guard let checks = try repository.checks(of: directory, at: accepted) else { return }
      state.checks = checks
      state.checksRevision = accepted
    } catch {
      throw EarlyEnd(message: "\(error)\n  nothing was done\n", status: .refused)
    }
  }

  private func requireSignature(of commit: String?, in repository: GitRepository?) throws {
    guard let repository, let commit else {
      throw EarlyEnd(
        message: "--require-signed needs a commit, and there is none", status: .refused)
    }
    guard let problem = try repository.signatureProblem(commit) else { return }
    throw EarlyEnd(
      message: "commit \(commit.prefix(12)) has no valid signature: \(problem)\n"
        + "  nothing was done; git verify-commit \(commit.prefix(12)) tells more\n",
      status: .refused)
  }

  private func lastGood(_ journal: Journal?) throws -> [String: LastGoodRevision] {
    var revisions: [String: LastGoodRevision] = [:]
    for record in try journal?.stackRecords() ?? [] {
      guard let revision = record.revision, let name = record.stack.split(separator: "/").last
      else { continue }
      revisions[String(name)] = LastGoodRevision(revision: revision, at: record.revisionAt ?? 0)
    }
    return revisions
  }
}

extension LoadedState {
  /// The stacks to act on: a stack that is left out because it does not compile and never was in
  /// force is still there, so that nobody may take it for one without a manifest.
  func acting(_ invocation: Invocation) throws -> Set<String>? {
    if let selection = try selection(invocation) { return selection }
    guard heldBack.contains(where: { $0.revision == nil }) else { return nil }
    return Set(desired.stacks.map(\.id.name))
  }
}
