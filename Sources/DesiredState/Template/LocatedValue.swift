import Document
import TrueupCore

/// A value that a template gave, with the place of each of its parts.
struct LocatedValue {
  struct Member {
    var key: String
    var position: Position
    var value: LocatedValue
  }

  enum Content {
    /// A scalar, or something that is not known yet.
    case leaf(Value)
    case list([LocatedValue])
    case object([Member])
    /// `AWS::NoValue`: what holds it does without.
    case absent
    /// Could not be evaluated; the error is reported.
    case invalid
  }

  var position: Position
  var content: Content

  init(_ content: Content, at position: Position) {
    self.content = content
    self.position = position
  }

  /// The value, every part of which stands at one place.
  init(_ value: Value, at position: Position) {
    self.position = position
    if let elements = value.elements {
      content = .list(elements.map { LocatedValue($0, at: position) })
    } else if let members = value.members {
      content = .object(
        members.sorted { $0.key < $1.key }.map {
          Member(key: $0.key, position: position, value: LocatedValue($0.value, at: position))
        })
    } else {
      content = .leaf(value)
    }
  }

  static func invalid(_ position: Position) -> LocatedValue {
    LocatedValue(.invalid, at: position)
  }

  var isAbsent: Bool {
    if case .absent = content { true } else { false }
  }

  /// Whether the value is all of a `NoEcho` parameter's, which comes from its source when it is needed.
  var isWholeSecret: Bool {
    guard case .leaf(.secret(let secret)) = content else { return false }
    return secret.stored == nil
  }

  /// Whether the value, or a part of it, could not be evaluated.
  var isInvalid: Bool {
    switch content {
    case .invalid: true
    case .leaf, .absent: false
    case .list(let elements): elements.contains(where: \.isInvalid)
    case .object(let members): members.contains(where: \.value.isInvalid)
    }
  }

  /// The value without places. What is invalid or absent is null.
  var value: Value {
    switch content {
    case .leaf(let value): value
    case .list(let elements): .list(of: elements.map(\.value))
    case .object(let members):
      .object(
        of: Dictionary(
          members.map { ($0.key, $0.value.value) }, uniquingKeysWith: { _, last in last }))
    case .absent, .invalid: .null
    }
  }

  var members: [Member]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  subscript(_ key: String) -> LocatedValue? { members?.last { $0.key == key }?.value }
}
