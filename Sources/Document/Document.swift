/// One value tree for everything that Trueup reads, compares and sends: JSON files, AWS replies,
/// request inputs and resource properties.
///
/// Objects carry no order: nothing in AWS's contracts gives a meaning to it. Where a wire format
/// wants an order (XML elements), it comes from the API model.
public enum Document: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case double(Double)
  case string(String)
  /// Raw bytes (the API models' `blob`). JSON has no such type; it is written as Base64.
  case data([UInt8])
  case list([Document])
  case object([String: Document])
  /// What is not known yet, named for people: `acme-prod/Vpc.VpcId`. Stands only in trees that are
  /// compared or shown, never in what is read or sent.
  case unknown(String)
  /// What nobody may see; with the place where it is stored, where that may be said.
  case secret(String?)
}

extension Document: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(arrayLiteral elements: Document...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, Document)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension Document {
  /// The member of an object; `nil` where this is no object, or has no such member.
  public subscript(_ key: String) -> Document? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The element of a list; `nil` where this is no list, or is shorter.
  public subscript(_ index: Int) -> Document? {
    guard case .list(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  public var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The number as a double, whether it was written as an integer or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  public var list: [Document]? {
    guard case .list(let value) = self else { return nil }
    return value
  }

  public var object: [String: Document]? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The object with one member set, or without it; anything else as it is.
  public func setting(_ member: String, _ value: Document?) -> Document {
    guard case .object(var members) = self else { return self }
    members[member] = value
    return .object(members)
  }

  public var isNull: Bool {
    guard case .null = self else { return false }
    return true
  }

  /// Whether this stands for a value that is not known yet.
  public var isUnknown: Bool {
    guard case .unknown = self else { return false }
    return true
  }

  /// Whether this stands for a value that nobody may see.
  public var isSecret: Bool {
    guard case .secret = self else { return false }
    return true
  }

  /// Whether a value like this stands anywhere in the tree.
  public func contains(where matches: (Document) -> Bool) -> Bool {
    if matches(self) { return true }
    return switch self {
    case .list(let elements): elements.contains { $0.contains(where: matches) }
    case .object(let members): members.values.contains { $0.contains(where: matches) }
    default: false
    }
  }

  /// Whether all of it is known, and none of it secret.
  public var isKnown: Bool { !contains { $0.isUnknown || $0.isSecret } }
}
