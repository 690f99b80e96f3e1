import Digest
import Document

/// The versions of a secret, by the labels that they carry, and what their ids say.
///
/// An id has 32 to 64 characters. Ours have 64 hexadecimal ones: the derived key of a value, or 32 that
/// stand for the settings of a generated value and 32 random ones.
/// Source: Secrets Manager API reference, CreateSecret, ClientRequestToken.
struct SecretVersions {
  private let byLabel: [String: String]

  /// - Parameter secret: an entry of ListSecrets, or a reply of DescribeSecret.
  init(_ secret: Document) {
    let shown: Document? = secret["VersionIdsToStages"] ?? secret["SecretVersionsToStages"]
    var byLabel: [String: String] = [:]
    for (id, labels) in shown?.object ?? [:] {
      for label in (labels.list ?? []).compactMap(\.string) { byLabel[label] = id }
    }
    self.byLabel = byLabel
  }

  /// The id of the version with the label.
  subscript(_ label: String) -> String? { byLabel[label] }

  /// The id of the version that we wrote last. Where somebody took our label off, it is the current one,
  /// or the one before it, by the form of its id.
  var written: String? {
    byLabel[Secret.label]
      ?? [byLabel[Secret.current], byLabel[Secret.previous]].compactMap(\.self).first(
        where: Self.isOurs)
  }

  /// What stands for a generated value: what its settings were, where we made it.
  var generated: String? { written.map(Self.settings) ?? byLabel[Secret.current] }

  private static func isOurs(_ id: String) -> Bool {
    id.count == 64 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  /// The id of the version that holds a value: the same for the same value, and as hard to guess the
  /// value from as ten thousand rounds make it.
  static func id(of value: String, salt: String) -> String {
    SHA256.hexadecimal(
      PBKDF2.derive(Array(value.utf8), salt: Array(salt.utf8), rounds: 10_000))
  }

  /// How the id of a version begins whose value was generated with these settings.
  static func proof(ofSettings settings: Document, salt: String) -> String {
    Self.settings(SHA256.hexadecimal(of: salt + settings.json()))
  }

  /// The part of a version's id that stands for settings.
  static func settings(_ id: String) -> String { String(id.prefix(32)) }
}
