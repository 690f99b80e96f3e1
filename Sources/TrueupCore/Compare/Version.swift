import Document

/// A version of an engine, as it is declared or shown: `14`, `7.1.0`, `6.x`.
public struct Version: Hashable, Comparable, Sendable {
  public let parts: [Int]

  /// `nil` for a text that is none.
  public init?(_ text: String) {
    var words = text.split(separator: ".", omittingEmptySubsequences: false)
    if words.last?.lowercased() == "x" { words.removeLast() }
    let parts = words.compactMap { Int($0) }
    guard !parts.isEmpty, parts.count == words.count else { return nil }
    self.parts = parts
  }

  public init?(_ value: Document?) {
    guard let text = value?.string ?? value?.json() else { return nil }
    self.init(text)
  }

  /// Whether it is the declared one, as far as that is declared: `14.9` is `14`.
  public func satisfies(_ declared: Version) -> Bool {
    parts.prefix(declared.parts.count).elementsEqual(declared.parts)
  }

  /// By the parts that both have: of `7` and `7.1`, neither comes before the other.
  public static func < (left: Version, right: Version) -> Bool {
    zip(left.parts, right.parts).first { $0 != $1 }.map { $0 < $1 } ?? false
  }
}
