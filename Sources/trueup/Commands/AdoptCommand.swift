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
    if let file = invocation.string("--from") { return try await adopt(from: file, invocation) }
    guard !invocation.positionals.isEmpty else {
      throw EarlyEnd(
        message: "name what is to be adopted: STACK/RESOURCE with its id, stacks, or --from FILE")
    }
    switch try AdoptArguments(invocation.positionals) {
    case .resources(let pairs): return try await adopt(pairs, invocation)
    case .stacks(let names): return try await takeOver(names, invocation)
    }
  }

  // MARK: Resources

  /// Many at once: an address and an id a line. Nothing is written where any line is wrong.
  private func adopt(from file: String, _ invocation: Invocation) async throws -> ExitStatus {
    guard invocation.positionals.isEmpty else {
      throw EarlyEnd(message: "adopt takes either addresses or --from FILE, not both")
    }
    guard
      let bytes = file == "-"
        ? Array(FileHandle.standardInput.readDataToEndOfFile())
        : FileManager.default.contents(atPath: file).map({ Array($0) })
    else { throw EarlyEnd(message: "\(file) cannot be read") }
    let list = AdoptionList(bytes)
    let directory = invocation.directory
    let files = try DesiredFiles.read(directory: directory)
    let problems =
      list.problems.map { ($0.line, $0.message) }
      + list.refusals(for: files, compiler: Compiler(catalog: .standard)).map {
        ($0.line, end($0.refusal).message)
      }
    guard problems.isEmpty else {
      let name = file == "-" ? "standard input" : file
      let lines = problems.sorted { $0.0 < $1.0 }.map { "\(name):\($0.0): \($0.1)\n" }
      throw EarlyEnd(message: lines.joined() + "Nothing was written.\n")
    }
    return try await adopt(list.pairs, invocation)
  }

  private func adopt(
    _ pairs: [Adoption.Pair], _ invocation: Invocation
  ) async throws -> ExitStatus {
    let directory = invocation.directory
    let files = try DesiredFiles.read(directory: directory)
    let proposals: [Adoption.Proposal]
    do throws(Adoption.Refusal) {
      proposals = try Adoption(pairs: pairs).proposals(
        for: files, compiler: Compiler(catalog: .standard))
    } catch {
      throw end(error)
    }
    if invocation.has("--preview") {
      return try await preview(proposals, invocation)
    }
    if terminal.canAsk, !invocation.has("--yes"), !invocation.isJSON,
      proposals.contains(where: \.isChanged)
    {
      do {
        _ = try await preview(proposals, invocation)
      } catch {
        note("what adopting would change cannot be shown: \(Self.message(of: error))", invocation)
      }
      let count = proposals.count(where: \.isChanged)
      let what = count == 1 ? "the manifest" : "\(count) manifests"
      guard terminal.confirms("Write \"adopt\" into \(what)?") else { return .refused }
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

  /// Shows what adopting would change, as a plan of these resources alone: nothing is written.
  private func preview(
    _ proposals: [Adoption.Proposal], _ invocation: Invocation
  ) async throws -> ExitStatus {
    var (report, _) = try await plan(
      Set(proposals.map(\.stack.name)),
      with: Dictionary(uniqueKeysWithValues: proposals.map { ($0.path, $0.text) }), invocation)
    let adopted = Set(
      proposals.flatMap { proposal in
        proposal.entries.map { Address(stack: proposal.stack.name, resource: $0.resource) }
      })
    report.warnings = []
    for index in report.plan.stacks.indices {
      report.plan.stacks[index].changes.removeAll { !adopted.contains($0.address) }
      report.plan.stacks[index].notChecked.removeAll { !adopted.contains($0.address) }
    }
    if invocation.isJSON {
      terminal.write(PlanJSON.render(report).json(indent: 2) + "\n")
    } else {
      terminal.write(AdoptText.preview(report, style: terminal.style))
    }
    return ExitStatus(report)
  }

  private static func message(of error: any Error) -> String {
    switch error {
    case let end as EarlyEnd: end.message
    case let engine as EngineError: engine.message
    default: "\(error)"
    }
  }

  private func next(
    after proposals: [Adoption.Proposal], _ invocation: Invocation
  ) -> [String] {
    let directory = invocation.directory
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
    return next(paths, message: message, command: "trueup plan \(options)", invocation: invocation)
      + next(paths, message: message, command: "trueup apply \(options)", invocation: invocation)
      .suffix(1)
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
    case .taken(let address, let id, let holder):
      return EarlyEnd(message: "\(address) cannot adopt \(id): \(holder) adopts it")
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
    let directory = invocation.directory
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
    try noteUnmerged(state, selected: named, invocation: invocation)
    let listed = named.sorted().joined(separator: ", ")
    if !invocation.has("--yes") {
      guard terminal.canAsk else {
        throw EarlyEnd(
          message: "adopt takes over \(listed), whatever revision made it; say so with --yes where "
            + "nobody can be asked", status: .refused)
      }
    }
    var request = try request(.adopt, invocation: invocation, state: state, selected: named)
    request.takesOver = named
    return try await carryOut(invocation, state: state, request: request)
  }
}
