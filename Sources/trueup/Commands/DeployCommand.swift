import DesiredState
import Foundation
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Deploys another image to clients, or starts a stalled deployment once more.
  func deploy(_ invocation: Invocation) async throws -> ExitStatus {
    guard let image = invocation.string("--image") else {
      guard invocation.has("--again") else {
        throw EarlyEnd(
          message: "say what to deploy: clients with --image TAG, or services with --again")
      }
      return try await answer(.again, invocation)
    }
    guard !invocation.has("--again") else {
      throw EarlyEnd(
        message: "--image deploys something else, and --again the same: say one of them")
    }
    try requireConsent(invocation)
    try LoadedState.requireWholeHistory(invocation)
    let directory = invocation.directory
    guard let repository = try LoadedState.repository(of: directory) else {
      throw EarlyEnd(
        message: "\(directory) is not in a git repository, and deploy commits what it writes",
        status: .refused)
    }
    let uncommitted = try repository.uncommitted(in: directory)
    guard uncommitted.isEmpty else {
      throw EarlyEnd(
        message: LoadedState.uncommittedText(uncommitted, directory) + "\n", status: .refused)
    }
    let proposals = try proposals(image, invocation)
    let names = proposals.map(\.stack.name)
    if !invocation.has("--yes") {
      let edits = Dictionary(uniqueKeysWithValues: proposals.map { ($0.path, $0.text) })
      let (report, request) = try await plan(Set(names), with: edits, invocation)
      terminal.write(
        PlanText.proposal(report, budget: request.budget, style: invocation.style(terminal)))
      guard terminal.confirms("Deploy \(image) to \(names.joined(separator: ", "))?") else {
        return .refused
      }
    }
    try commit(proposals.filter(\.isChanged), image, invocation, in: repository)
    let state = try await load(invocation)
    let selected = try state.stacks(names)
    try noteUnmerged(state, selected: selected, invocation: invocation)
    return try await carryOut(
      invocation, state: state,
      request: try request(.apply, invocation: invocation, state: state, selected: selected))
  }

  private func proposals(
    _ image: String, _ invocation: Invocation
  ) throws(EarlyEnd) -> [ImageChange.Proposal] {
    let change = ImageChange(
      names: invocation.positionals, environments: Set(invocation.strings("--environment")),
      image: image)
    let files: DesiredFiles
    do {
      files = try DesiredFiles.read(directory: invocation.directory)
    } catch {
      throw EarlyEnd(message: error.description)
    }
    do throws(ImageChange.Refusal) {
      return try change.proposals(for: files, compiler: Compiler(catalog: .standard))
    } catch {
      switch error {
      case .unknown(let name, let nearest):
        throw EarlyEnd(
          message: "no manifest has the client or the stack \"\(name)\""
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
      case .noImage(let name):
        throw EarlyEnd(
          message: "no stack of \(name)\(invocation.has("--environment") ? " there" : "") has the "
            + "parameter \(ImageChange.parameter) in its blueprint")
      case .edit(let path, .unreadable(let error), _):
        throw EarlyEnd(
          message: "\(path):\(error.position.line):\(error.position.column): \(error.message)")
      case .edit(let path, .notUnderstood, let edit):
        throw EarlyEnd(
          message: "\(path) could not be edited; write the parameter \(edit.parameter) into it: "
            + edit.value)
      case .invalid(let diagnostics):
        throw EarlyEnd(
          message: LoadedState.text(of: diagnostics, terminal.style) + "Nothing was written.\n")
      }
    }
  }

  /// Writes the manifests and commits them; where git refuses, they are as they were.
  private func commit(
    _ proposals: [ImageChange.Proposal], _ image: String, _ invocation: Invocation,
    in repository: GitRepository
  ) throws {
    guard !proposals.isEmpty else { return }
    let directory = invocation.directory
    let paths = proposals.map { "\(directory)/\($0.path)" }
    let before = try paths.map { try String(contentsOfFile: $0, encoding: .utf8) }
    let names = proposals.map(\.stack.name).joined(separator: ", ")
    do {
      for (proposal, path) in zip(proposals, paths) {
        try write(proposal.text, toManifest: path)
      }
      try repository.commit(paths, message: "Deploy \(image) to \(names)")
    } catch {
      for (text, path) in zip(before, paths) { try write(text, toManifest: path) }
      throw error
    }
  }
}
