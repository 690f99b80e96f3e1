import DesiredState
import Document
import Foundation
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Marks a stack for removal in its manifest.
  func offboard(_ invocation: Invocation) throws -> ExitStatus {
    let (client, environment) = (invocation.positionals[0], invocation.positionals[1])
    guard let data = invocation.string("--data").flatMap(DataDisposal.init) else {
      throw EarlyEnd(message: "--data must be retain, snapshot or delete")
    }
    let directory = invocation.directory
    var files = try DesiredFiles.read(directory: directory)
    let name = DesiredFiles.manifestPath(ofStack: "\(client)-\(environment)")
    let path = "\(directory)/\(name)"
    guard let bytes = files.contents[name] else {
      let hint = Spelling.nearest(to: "\(client)-\(environment)", among: files.stackNames).map {
        "; did you mean \"\($0)\"?"
      }
      throw EarlyEnd(message: "there is no manifest \(path)\(hint ?? "")")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    var tombstone = Tombstone(data: data)
    files.contents[name] = Array(try written(tombstone, into: text, path).utf8)
    // How many go is known where it compiles: then that is its limit.
    let outcome = try offboarded(client, environment: environment, files: files).map {
      Offboarding($0, data: data, catalog: .standard)
    }
    tombstone.resources = outcome?.deleted.count
    let edited = try written(tombstone, into: text, path)
    if edited != text { try write(edited, toManifest: path) }
    let report = OffboardText(
      manifest: path, isWritten: edited != text, tombstone: tombstone.value, data: data,
      resources: outcome?.resources.map {
        .init(name: $0.address.resource, type: $0.type, kept: $0.kept)
      },
      next: next(
        path, message: "Offboard \(client)-\(environment)",
        command: "trueup apply --client \(client) --environment \(environment)",
        invocation: invocation))
    terminal.write(
      invocation.isJSON ? report.json.json(indent: 2) + "\n" : report.text(style: terminal.style))
    return .done
  }

  private func written(
    _ tombstone: Tombstone, into text: String, _ path: String
  ) throws(EarlyEnd) -> String {
    do throws(EditRefusal) {
      return try tombstone.written(into: text)
    } catch {
      switch error {
      case .unreadable(let error):
        throw EarlyEnd(
          message: "\(path):\(error.position.line):\(error.position.column): \(error.message)")
      case .notUnderstood:
        throw EarlyEnd(
          message: "\(path) could not be edited; write this into it: "
            + "\"destroy\": \(tombstone.value)")
      }
    }
  }

  /// Writes an edited manifest, at once, and leaves its mode as it was.
  func write(_ text: String, toManifest path: String) throws {
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    try FileManager.default.setAttributes(
      mode.map { [.posixPermissions: $0] } ?? [:], ofItemAtPath: path)
  }

  /// The stack as it compiles with its tombstone; `nil` where a condition hangs on what only AWS tells.
  private func offboarded(
    _ client: String, environment: String, files: DesiredFiles
  ) throws(EarlyEnd) -> DesiredStack? {
    let compilation = Compiler(catalog: .standard).compile(files)
    if compilation.isUndecided { return nil }
    guard
      let desired = compilation.desired,
      let stack = desired.stacks.first(where: {
        $0.id.client == client && $0.id.environment == environment
      })
    else {
      throw EarlyEnd(message: LoadedState.text(of: compilation.diagnostics, terminal.style))
    }
    return stack
  }
}
