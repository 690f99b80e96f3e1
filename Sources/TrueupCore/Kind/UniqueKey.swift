import Document

/// Properties of which AWS allows a combination only once: the one home of the question whether two
/// resources of a type are, or would be, the same thing.
public struct UniqueKey: Hashable, Sendable {
  /// When two values exclude each other.
  public enum Comparison: Hashable, Sendable {
    /// When they are equal in their normal form.
    case equal
    /// When they are equal but for the case of letters.
    case caseless
    /// When they are equal, or networks that share an address.
    case overlap
    /// When any element of any of the properties is the same: what only one can hold.
    case holding
  }

  public enum Conflict: Hashable, Sendable {
    case same, different
    /// A part is not known yet.
    case unknown
  }

  /// A property that neither has is no difference, as long as they have one of them in common.
  public var properties: [String]
  /// Properties of which one says within what the combination is unique; empty for the scope.
  public var within: [String]
  public var comparison: Comparison
  /// Whether a resource with the same values is taken for the one that is wanted. Of what only one can
  /// hold (the address of a NAT gateway) it is not.
  public var tells: Bool { comparison != .holding }

  public init(_ properties: String..., within: [String] = [], comparison: Comparison = .equal) {
    self.properties = properties
    self.within = within
    self.comparison = comparison
  }

  /// The same for a computed list.
  public init(of properties: [String], within: [String] = [], comparison: Comparison = .equal) {
    self.properties = properties
    self.within = within
    self.comparison = comparison
  }

  /// What no two resources can hold at once.
  public static func exclusive(_ properties: String...) -> UniqueKey {
    UniqueKey(of: properties, comparison: .holding)
  }

  /// Whether two resources of one scope cannot exist at once because of this.
  ///
  /// - Parameters: the properties of both in normal form (`TypeFacts.normal`).
  public func conflict(_ one: Document, _ other: Document) -> Conflict {
    let parts = [isWithinTheSame(one, other), hasTheSame(one, other)]
    if parts.contains(.different) { return .different }
    return parts.contains(.unknown) ? .unknown : .same
  }

  /// A text that is the same for resources that have all of the key in common, and that differs between
  /// most others: for an index. `nil` where no such text tells (something is missing, not known, or
  /// what one holds).
  ///
  /// - Parameter within: one of `within`, where there are several.
  public func fingerprint(_ shown: Document, within: String? = nil) -> String? {
    guard tells, properties.contains(where: { shown[$0] != nil }) else { return nil }
    let names = [within ?? self.within.first].compactMap(\.self)
    guard names.allSatisfy({ shown[$0] != nil }) else { return nil }
    let values = (names + properties).map { name -> Document in
      let value = shown[name] ?? .null
      return comparison == .caseless ? Normalisation.lowercased.apply(to: value) : value
    }
    guard values.allSatisfy(\.isKnown) else { return nil }
    return values.map { $0.json() }.joined(separator: "\n")
  }

  private func isWithinTheSame(_ one: Document, _ other: Document) -> Conflict {
    guard !within.isEmpty else { return .same }
    var result = Conflict.different
    for property in within {
      guard let left = one[property], let right = other[property] else { continue }
      if left == right, left.isKnown { return .same }
      if !left.isKnown || !right.isKnown { result = .unknown }
    }
    return result
  }

  private func hasTheSame(_ one: Document, _ other: Document) -> Conflict {
    if comparison == .holding { return holdsTheSame(one, other) }
    var result = Conflict.different
    for property in properties {
      switch (one[property], other[property]) {
      case (nil, nil): continue
      case (let left?, let right?):
        if !left.isKnown || !right.isKnown {
          result = .unknown
        } else if Self.isSame(left, right, comparison: comparison) {
          if result == .different { result = .same }
        } else {
          return .different
        }
      default: return .different
      }
    }
    return result
  }

  private func holdsTheSame(_ one: Document, _ other: Document) -> Conflict {
    func held(_ document: Document) -> [Document] {
      properties.flatMap { document[$0]?.list ?? document[$0].map { [$0] } ?? [] }
    }
    let (left, right) = (held(one), held(other))
    if left.contains(where: { $0.isKnown && right.contains($0) }) { return .same }
    return (left + right).allSatisfy(\.isKnown) || left.isEmpty || right.isEmpty
      ? .different : .unknown
  }

  private static func isSame(_ left: Document, _ right: Document, comparison: Comparison) -> Bool {
    if left == right { return true }
    if comparison == .caseless {
      return left.string.map { $0.lowercased() == right.string?.lowercased() } ?? false
    }
    guard comparison == .overlap, let one = left.string.flatMap(Network.init),
      let other = right.string.flatMap(Network.init)
    else { return false }
    return one.overlaps(other)
  }
}
