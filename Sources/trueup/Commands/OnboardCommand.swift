import DesiredState
import Document
import Foundation
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Writes the manifest of a new stack.
  func onboard(_ invocation: Invocation) throws -> ExitStatus {
    let (client, environment) = (invocation.positionals[0], invocation.positionals[1])
    guard let blueprint = invocation.string("--blueprint") else {
      throw EarlyEnd(message: "name the blueprint of the new stack: --blueprint NAME")
    }
    let directory = invocation.directory
    let files = try DesiredFiles.read(directory: directory)
    let schema = "\(FileSchema.folder)/\(FileSchema.manifest.fileName)"
    let onboarding = Onboarding(
      client: client, environment: environment, blueprint: blueprint,
      account: invocation.string("--account"), region: invocation.string("--region"),
      schema: FileManager.default.fileExists(atPath: "\(directory)/\(schema)")
        ? "../\(schema)" : nil)
    let proposal: Onboarding.Proposal
    do throws(Onboarding.Refusal) {
      proposal = try onboarding.proposal(for: files, compiler: Compiler(catalog: .standard))
    } catch {
      throw end(error)
    }
    let path = "\(directory)/\(proposal.path)"
    try FileManager.default.createDirectory(
      atPath: "\(directory)/clients", withIntermediateDirectories: true)
    try Data(proposal.text.utf8).write(
      to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    let text = OnboardText(
      manifest: path, networks: proposal.networks,
      secrets: proposal.secrets.map { ($0.parameter, $0.variable) }, toFill: proposal.toFill,
      checklist: proposal.checklist,
      next: next(
        path, message: "Onboard \(client)-\(environment)",
        command: "trueup plan --client \(client) --environment \(environment)",
        invocation: invocation))
    terminal.write(
      invocation.isJSON ? text.json.json(indent: 2) + "\n" : text.text(style: terminal.style))
    return .done
  }

  /// The commands that come next.
  func next(
    _ path: String, message: String, command: String, invocation: Invocation
  ) -> [String] {
    let directory = invocation.directory
    let option = directory == "desired-state" ? "" : " --desired \(directory)"
    return ["git add \(path)", "git commit -m \"\(message)\"", command + option]
  }

  private func end(_ refusal: Onboarding.Refusal) -> EarlyEnd {
    switch refusal {
    case .exists(let path):
      EarlyEnd(message: "\(path) is there already; nothing was written", status: .refused)
    case .invalid(let diagnostics):
      EarlyEnd(
        message: LoadedState.text(of: diagnostics, terminal.style) + "Nothing was written.\n")
    case .noBlueprint(let name, let nearest):
      EarlyEnd(
        message: "there is no blueprint \"\(name)\""
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    case .invalidName(let problem):
      EarlyEnd(message: problem)
    case .poolExhausted(let parameter, let range):
      EarlyEnd(
        message: "the pool \(range) for \(parameter) is used up; widen it in fleet.jsonc",
        status: .refused)
    }
  }
}
