import Document
import TrueupCore

/// Something with the place where it was written.
struct Located<Value> {
  var value: Value
  var location: SourceLocation
}

extension Node {
  /// The members of an object in their order; `nil` where this is none.
  var members: [Member]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  /// The elements of a list; `nil` where this is none.
  var elements: [Node]? {
    guard case .list(let elements) = content else { return nil }
    return elements
  }

  /// The string; `nil` where this is none.
  var string: String? {
    guard case .scalar(.string(let text)) = content else { return nil }
    return text
  }

  /// What it is, for people: `an object`.
  var article: String { document.article }

  /// The functions that take values from other stacks.
  static let imports: Set<String> = ["Fn::ImportValue", "Fn::GetStackOutput"]

  /// Whether a member of one of these names stands anywhere in it.
  func mentions(_ names: Set<String>) -> Bool {
    switch content {
    case .scalar: false
    case .list(let elements): elements.contains { $0.mentions(names) }
    case .object(let members):
      members.contains { names.contains($0.key) || $0.value.mentions(names) }
    }
  }
}

extension Document {
  /// What it is, for people: `a string`.
  var article: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .double: "a number"
    case .string, .data: "a string"
    case .unknown, .secret: "a value that is not known here"
    case .list: "a list"
    case .object: "an object"
    }
  }
}

extension String {
  /// As errors quote it, shortened where it is long.
  var quoted: String { count > 80 ? "\"\(prefix(77))…\"" : "\"\(self)\"" }
}
