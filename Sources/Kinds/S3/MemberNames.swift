import Document

/// What members are called in the registry (the keys) and in S3's API (the values).
struct MemberNames: ExpressibleByDictionaryLiteral, Sendable {
  private let pairs: [(registry: String, api: String)]

  init(dictionaryLiteral elements: (String, String)...) {
    pairs = elements.map { (registry: $0.0, api: $0.1) }
  }

  /// Names that both share.
  init(_ shared: [String]) { pairs = shared.map { (registry: $0, api: $0) } }

  /// The object's members under S3's names; others than these are left out.
  func api(_ registry: Document) -> Document {
    .members(
      Dictionary(pairs.map { ($0.api, registry[$0.registry]) }, uniquingKeysWith: { $1 }))
  }

  /// The object's members under the registry's names; others than these are left out.
  func registry(_ api: Document) -> Document {
    .members(
      Dictionary(pairs.map { ($0.registry, api[$0.api]) }, uniquingKeysWith: { $1 }))
  }
}
