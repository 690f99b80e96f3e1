import Document

/// The blueprint that a manifest names.
struct BlueprintUse: Hashable {
  var name: String
  /// `nil` for the blueprint beside the manifest.
  var revision: String?

  init(name: String, revision: String? = nil) {
    self.name = name
    self.revision = revision
  }

  /// As far as it can be told without judging the rest of the manifest.
  ///
  /// - Parameter node: the manifest's member `blueprint`.
  init?(_ node: Node?) {
    guard let name = node?.string ?? node?["name"]?.string else { return nil }
    self.name = name
    revision = node?["revision"]?.string
  }

  /// - Parameter manifest: the bytes of one; what cannot be read uses none.
  init?(manifest: [UInt8]) {
    self.init((try? JSON.readNode(manifest))?["blueprint"])
  }

  /// The blueprint at the revision, where it is pinned to one.
  var pin: PinnedBlueprint? {
    revision.map { PinnedBlueprint(name: name, revision: $0) }
  }

  /// Where it stands within the desired state.
  var path: String { DesiredFiles.blueprintPath(of: name) }

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
