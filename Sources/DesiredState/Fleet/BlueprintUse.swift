import Document

/// The blueprint that a manifest names, as far as it can be told without judging the rest of it.
struct BlueprintUse: Hashable {
  var name: String
  /// `nil` for the blueprint beside the manifest.
  var revision: String?

  /// - Parameter node: the manifest's member `blueprint`.
  init?(_ node: Node?) {
    guard let name = node?.string ?? node?["name"]?.string else { return nil }
    self.name = name
    revision = node?["revision"]?.string
  }

  /// Whether the text of a manifest can hold a pin: the word is there, or may be in escapes. Spares
  /// reading most manifests twice.
  static func mayPin(_ bytes: [UInt8]) -> Bool {
    let word = Array("revision".utf8)
    return bytes.indices.contains { index in
      switch bytes[index] {
      case word[0]: bytes[index...].starts(with: word)
      case UInt8(ascii: "\\"): bytes[index...].dropFirst().first == UInt8(ascii: "u")
      default: false
      }
    }
  }
}
