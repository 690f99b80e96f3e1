import Foundation
import TrueupCore

/// Reads the values of `NoEcho` parameters where the manifests say. Values live in memory and in
/// requests to AWS, nowhere else.
public struct SecretValues: Sendable {
  private let sources: [SecretReference: (source: SecretSource, directory: String)]
  private let environment: [String: String]
  private let generated: [SecretReference: String]

  /// - Parameter random: makes the values that are generated, where the run may write; without it a
  ///   generated value is not at hand, because an existing one is never read.
  public init(
    _ desired: Desired, environment: [String: String], random: (@Sendable () -> UInt16)? = nil
  ) {
    var sources: [SecretReference: (source: SecretSource, directory: String)] = [:]
    for stack in desired.stacks {
      let directory = (stack.manifest.file as NSString).deletingLastPathComponent
      for (parameter, source) in stack.secretSources {
        sources[SecretReference(stack: stack.id.name, parameter: parameter)] = (source, directory)
      }
    }
    self.sources = sources
    self.environment = environment
    generated = sources.compactMapValues { source, _ in
      guard case .generate(let length) = source, let random else { return nil }
      return Self.generate(length, random)
    }
  }

  /// The value, or `nil` where its source is not at hand.
  public func value(of secret: SecretReference) -> String? {
    guard let (source, directory) = sources[secret] else { return nil }
    if let generated = generated[secret] { return generated }
    // Conditions take it that a parameter with a source is not empty.
    let value = source.value(in: directory, environment: environment)
    return value?.isEmpty == true ? nil : value
  }

  /// Whether the value is what it was when it was applied: one that is generated is another in each run.
  func isAtHand(_ secret: SecretReference) -> Bool {
    generated[secret] == nil && value(of: secret) != nil
  }

  /// What to do about a value that is not at hand: `the environment variable ACME_TOKEN is not set`.
  func remedy(for secret: SecretReference) -> String {
    switch sources[secret]?.source {
    case .environment(let variable):
      "the environment variable \(variable) is not set here, or empty"
    case .file(let path): "the file \(path) is not here, or empty"
    case .generate: "it is generated only where it is applied"
    case nil: "name its source in the manifest's \"secrets\""
    }
  }

  /// Letters and digits, each as likely as the others.
  private static func generate(_ length: Int, _ random: () -> UInt16) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    let limit = Int(UInt16.max) / alphabet.count * alphabet.count
    var text = ""
    while text.count < length {
      let number = Int(random())
      if number < limit { text.append(alphabet[number % alphabet.count]) }
    }
    return text
  }
}

extension SecretSource {
  /// The value from the variable or the file; `nil` where that is not at hand, or where the value is
  /// to be generated.
  func value(in directory: String, environment: [String: String]) -> String? {
    switch self {
    case .environment(let variable):
      return environment[variable]
    case .file(let path):
      let place = path.hasPrefix("/") || directory.isEmpty ? path : "\(directory)/\(path)"
      guard let bytes = FileManager.default.contents(atPath: place) else { return nil }
      let text = String(decoding: bytes, as: UTF8.self)
      return text.hasSuffix("\n") ? String(text.dropLast()) : text
    case .generate:
      return nil
    }
  }
}
