import DesiredState
import Document
import Foundation
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// Prints a JSON Schema, or writes all of them where the desired state's files look for them.
  func schema(_ invocation: Invocation) throws -> ExitStatus {
    if invocation.positionals.first == Self.plan, !invocation.has("--write"),
      !invocation.has("--blueprint")
    {
      terminal.write(PlanSchema.document.json(indent: 2) + "\n")
      return .done
    }
    let kind = try invocation.positionals.first.map(Self.kind)
    let directory = invocation.directory
    let blueprint = invocation.string("--blueprint")
    if blueprint != nil, kind != .manifest {
      throw EarlyEnd(message: "--blueprint goes with trueup schema manifest")
    }
    guard invocation.has("--write") else {
      guard let kind else { throw EarlyEnd(message: "trueup schema needs one of \(Self.kinds)") }
      terminal.write(try Self.text(kind, directory, blueprint: blueprint))
      return .done
    }
    if let kind {
      throw EarlyEnd(message: "--write writes all schemas: leave \(kind.rawValue) out")
    }
    let texts = try FileSchema.allCases.map { ($0, try Self.text($0, directory)) }
    let folder = "\(directory)/\(FileSchema.folder)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    for (kind, text) in texts {
      let path = "\(folder)/\(kind.fileName)"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      terminal.write(path + "\n")
    }
    return .done
  }

  /// No file of the desired state: what `trueup plan --format json` prints.
  static let plan = "plan"
  private static let kinds = (FileSchema.allCases.map(\.rawValue) + [plan]).joined(separator: ", ")

  private static func kind(_ word: String) throws -> FileSchema {
    if let kind = FileSchema(rawValue: word) { return kind }
    let nearest = Spelling.nearest(to: word, among: FileSchema.allCases.map(\.rawValue) + [plan])
    throw EarlyEnd(
      message: "there is no schema \"\(word)\""
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? ", only \(kinds)"))
  }

  private static func text(
    _ kind: FileSchema, _ directory: String, blueprint: String? = nil
  ) throws -> String {
    let document =
      switch kind {
      case .fleet: FileSchema.fleetDocument
      case .template: FileSchema.templateDocument(.standard)
      case .manifest:
        try FileSchema.manifestDocument(
          try DesiredFiles.read(directory: directory), blueprint: blueprint)
      }
    return document.json(indent: 2) + "\n"
  }
}
