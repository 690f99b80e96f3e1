import DesiredState
import Document
import Engine
import Foundation
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Writes adoptions into manifests, or takes stacks over.
  func adopt(_ invocation: Invocation) async throws -> ExitStatus {
    switch try AdoptArguments(invocation.positionals) {
    case .resources(let pairs): return try adopt(pairs, invocation)
    case .stacks(let names): return try await takeOver(names, invocation)
    }
  }

  // MARK: Resources

  private func adopt(_ pairs: [Adoption.Pair], _ invocation: Invocation) throws -> ExitStatus {
    let directory = invocation.string("--desired") ?? "desired-state"
    let files = try DesiredFiles.read(directory: directory)
    let proposals: [Adoption.Proposal]
    do throws(Adoption.Refusal) {
      proposals = try Adoption(pairs: pairs).proposals(
        for: files, compiler: Compiler(catalog: .standard))
    } catch {
      throw end(error)
    }
    for proposal in proposals where proposal.isChanged {
      try write(proposal.text, toManifest: "\(directory)/\(proposal.path)")
    }
    let text = AdoptText(
      manifests: proposals.map { proposal in
        AdoptText.Manifest(
          path: "\(directory)/\(proposal.path)", isWritten: proposal.isChanged,
          resources: proposal.entries.map {
            .init(name: $0.resource, type: proposal.types[$0.resource] ?? "", id: $0.id)
          })
      },
      next: next(after: proposals, invocation))
    terminal.write(
      invocation.isJSON ? text.json.json(indent: 2) + "\n" : text.text(style: terminal.style))
    return .done
  }

  private func next(
    after proposals: [Adoption.Proposal], _ invocation: Invocation
  ) -> [String] {
    let directory = invocation.string("--desired") ?? "desired-state"
    let paths = proposals.map { "\(directory)/\($0.path)" }.joined(separator: " ")
    let what = proposals.flatMap { proposal in
      proposal.entries.map { "\(proposal.stack.name)/\($0.resource)" }
    }
    let message =
      "Adopt " + (what.count > 3 ? "\(what.count) resources" : what.joined(separator: ", "))
    let stacks =
      Set(proposals.map { "--client \($0.stack.client)" }).sorted()
      + Set(proposals.map { "--environment \($0.stack.environment)" }).sorted()
    let options = stacks.joined(separator: " ")
    return next(paths, message, "trueup plan \(options)", invocation)
      + next(paths, message, "trueup apply \(options)", invocation).suffix(1)
  }

  private func end(_ refusal: Adoption.Refusal) -> EarlyEnd {
    func hint(_ nearest: String?) -> String? { nearest.map { "; did you mean \"\($0)\"?" } }
    switch refusal {
    case .unknownStack(let name, let nearest):
      return EarlyEnd(
        message: "no manifest has the stack \"\(name)\""
          + (hint(nearest) ?? "; an id that holds a slash is written ADDRESS=ID"))
    case .unknownResource(let address, let blueprint, let nearest):
      return EarlyEnd(
        message:
          "blueprint \(blueprint) of \(address.stack) has no resource \"\(address.resource)\""
          + (hint(nearest) ?? ""))
    case .notCreated(let address, let condition):
      return EarlyEnd(
        message: "\(address) is not made in this stack: its condition \(condition) is false")
    case .twice(let address):
      return EarlyEnd(message: "\(address) was given twice, each time to adopt something else")
    case .invalidID(let address, let problem):
      return EarlyEnd(message: "the id for \(address) \(problem)")
    case .edit(let path, .unreadable(let error), _):
      return EarlyEnd(
        message: "\(path):\(error.position.line):\(error.position.column): \(error.message)")
    case .edit(let path, .notUnderstood, let edit):
      return EarlyEnd(message: "\(path) could not be edited; write this into it: \(edit.member)")
    case .invalid(let diagnostics):
      return EarlyEnd(
        message: LoadedState.text(of: diagnostics, terminal.style) + "Nothing was written.\n")
    }
  }

  // MARK: Stacks

  /// Makes stacks this repository's whose resources carry revisions that nobody here knows.
  private func takeOver(_ names: [String], _ invocation: Invocation) async throws -> ExitStatus {
    let directory = invocation.string("--desired") ?? "desired-state"
    try LoadedState.requireWholeHistory(invocation)
    let state = try await load(invocation)
    let named = try state.stacks(names)
    guard state.revision != nil else {
      throw EarlyEnd(
        message: "\(directory) is not committed to a git repository: there is no revision to write",
        status: .refused)
    }
    if state.isDirty {
      try LoadedState.refuseUncommitted(invocation, in: GitRepository.containing(directory))
    }
    try noteUnmerged(state, named, invocation)
    let listed = named.sorted().joined(separator: ", ")
    if !invocation.has("--yes") {
      guard terminal.canAsk else {
        throw EarlyEnd(
          message: "adopt takes over \(listed), whatever revision made it; say so with --yes where "
            + "nobody can be asked", status: .refused)
      }
    }
    var request = try request(.adopt, invocation, state, selected: named)
    request.takesOver = named
    return try await carryOut(invocation, state, request)
  }
}
