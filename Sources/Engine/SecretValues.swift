import Foundation
import TrueupCore

/// Reads the values of `NoEcho` parameters where the manifests say. Values live in memory and in
/// requests to AWS, nowhere else.
public struct SecretValues: Sendable {
  private let sources: [SecretReference: (source: SecretSource, directory: String)]
  private let environment: [String: String]

  public init(_ desired: Desired, environment: [String: String]) {
    var sources: [SecretReference: (source: SecretSource, directory: String)] = [:]
    for stack in desired.stacks {
      let directory = (stack.manifest.file as NSString).deletingLastPathComponent
      for (parameter, source) in stack.secretSources {
        sources[SecretReference(stack: stack.id.name, parameter: parameter)] = (source, directory)
      }
    }
    self.sources = sources
    self.environment = environment
  }

  /// The value, or `nil` where its source is not at hand. A generated one is at hand only when it is
  /// written: an existing one is never read.
  public func value(of secret: SecretReference) -> String? {
    guard let (source, directory) = sources[secret] else { return nil }
    switch source {
    case .environment(let variable):
      return environment[variable]
    case .file(let path):
      let place = path.hasPrefix("/") ? path : "\(directory)/\(path)"
      guard let bytes = FileManager.default.contents(atPath: place) else { return nil }
      let text = String(decoding: bytes, as: UTF8.self)
      return text.hasSuffix("\n") ? String(text.dropLast()) : text
    case .generate:
      return nil
    }
  }
}
