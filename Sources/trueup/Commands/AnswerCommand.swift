import DesiredState
import Engine
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Does what a person says of resources, and nothing else.
  func answer(_ answer: Answer, _ invocation: Invocation) async throws -> ExitStatus {
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let addresses = try state.addresses(invocation.positionals, as: "a service")
    for address in addresses.sorted() { try check(answer, address, state) }
    if answer == .again, state.isDirty {
      try LoadedState.refuseUncommitted(
        invocation, in: GitRepository.containing(invocation.directory))
    }
    var request = try request(
      .apply, invocation: invocation, state: state, selected: Set(addresses.map(\.stack)))
    request.answers = Dictionary(
      addresses.map { ($0, answer) }, uniquingKeysWith: { first, _ in first })
    request.ignoresWindows = request.ignoresWindows || answer == .rollback
    // It says nothing of how the stacks stand.
    request.notesState = false
    request.warnings = []
    return try await carryOut(invocation, state: state, request: request)
  }

  private func check(_ answer: Answer, _ address: Address, _ state: LoadedState) throws {
    let resources = state.desired.stacks.first { $0.id.name == address.stack }?.resources ?? []
    guard let resource = resources.first(where: { $0.address == address }) else {
      let hint = Spelling.nearest(
        to: address.resource, among: resources.map(\.address.resource).sorted()
      ).map { "; did you mean \"\(address.stack)/\($0)\"?" }
      throw EarlyEnd(message: "\(address) is not declared\(hint ?? "")")
    }
    guard Catalog.standard[resource.type]?.answers.contains(answer) == true else {
      throw EarlyEnd(
        message: "\(address) is an \(resource.type), and nothing of that kind is deployed")
    }
  }

  /// Throws where the run did nothing of what a person said.
  func requireAnswered(_ report: RunReport, _ request: Reconciler.Request) throws {
    for address in request.answers.keys.sorted() {
      let change = report.plan.changes.first { $0.address == address }
      guard change?.outcome == nil else { continue }
      let stack = report.plan.stacks.first { $0.id.name == address.stack }
      let reason =
        report.refusals[address.stack] ?? stack?.error ?? stack?.waits
        ?? change.map { "it is to be \($0.action.rawValue): \($0.reason ?? $0.cause.rawValue)" }
        ?? "there is none of ours"
      throw EarlyEnd(message: "\(address) was left as it is: \(reason)", status: .refused)
    }
  }
}
