import Document

/// A property's value as the blueprint gives it: known, or waiting for something that only AWS or the
/// machine that applies can tell.
///
/// `known` is used whenever a whole subtree is known, so that `Value` and `Document` have one form
/// each; build lists and objects with `Value.list(of:)` and `Value.object(of:)`, which keep to it.
public enum Value: Hashable, Sendable {
  case known(Document)
  case list([Value])
  case object([String: Value])
  /// `Ref` or `Fn::GetAtt` of a resource of the fleet.
  indirect case reference(Reference)
  /// The value of a `NoEcho` parameter, or of a stored secret. Never printed, never stored.
  indirect case secret(SecretReference)
  /// Something that the engine asks AWS for: availability zones, an SSM parameter.
  indirect case fact(Fact)
  /// An intrinsic function whose arguments are not all known.
  case call(IntrinsicFunction, [Value])
}

/// `Ref` (the attribute is `nil`) or `Fn::GetAtt` of a resource.
public struct Reference: Hashable, Sendable {
  public var address: Address
  public var attribute: String?

  public init(_ address: Address, attribute: String? = nil) {
    self.address = address
    self.attribute = attribute
  }

  /// `acme-prod/Vpc` or `acme-prod/Vpc.CidrBlock`.
  public var text: String { attribute.map { "\(address).\($0)" } ?? address.description }
}

/// Names a `NoEcho` parameter of a stack, or by a dynamic reference a secret that AWS keeps.
public struct SecretReference: Hashable, Sendable {
  public var stack: String
  public var parameter: String

  public init(stack: String, parameter: String) {
    self.stack = stack
    self.parameter = parameter
  }
}

/// The functions of the template language that can be left over for later evaluation.
/// Source: CloudFormation User Guide, "Intrinsic function reference".
public enum IntrinsicFunction: String, Hashable, Sendable {
  case join = "Fn::Join"
  case split = "Fn::Split"
  case select = "Fn::Select"
  case base64 = "Fn::Base64"
  case cidr = "Fn::Cidr"
  case length = "Fn::Length"
  case toJSONString = "Fn::ToJsonString"
  /// A dynamic reference to a secret, of which a part is not known yet: [text, stack].
  case resolve = "a dynamic reference"
}

extension Value {
  public static let null = Value.known(.null)

  public static func string(_ text: String) -> Value { .known(.string(text)) }

  /// A list; known when every element is.
  public static func list(of elements: [Value]) -> Value {
    let isKnown = elements.allSatisfy { $0.document != nil }
    return isKnown ? .known(.list(elements.compactMap(\.document))) : .list(elements)
  }

  /// An object; known when every member is.
  public static func object(of members: [String: Value]) -> Value {
    let isKnown = members.values.allSatisfy { $0.document != nil }
    return isKnown ? .known(.object(members.mapValues { $0.document ?? .null })) : .object(members)
  }

  /// The value, when all of it is known.
  public var document: Document? {
    guard case .known(let document) = self else { return nil }
    return document
  }

  /// The member of an object, known or not.
  public subscript(_ key: String) -> Value? {
    switch self {
    case .known(let document): document[key].map(Value.known)
    case .object(let members): members[key]
    default: nil
    }
  }

  /// The members of an object, known or not; `nil` where this is no object.
  public var members: [String: Value]? {
    switch self {
    case .known(.object(let members)): members.mapValues(Value.known)
    case .object(let members): members
    default: nil
    }
  }

  /// The elements of a list, known or not; `nil` where this is no list.
  public var elements: [Value]? {
    switch self {
    case .known(.list(let elements)): elements.map(Value.known)
    case .list(let elements): elements
    default: nil
    }
  }

  /// Every reference in the value with the path at which it stands.
  public var references: [(path: PropertyPath, reference: Reference)] {
    leaves().compactMap { path, leaf in
      if case .reference(let reference) = leaf { (path, reference) } else { nil }
    }
  }

  /// Calls for every reference in the value, in no order.
  public func forEachReference(_ body: (Reference) -> Void) {
    forEachLeaf { if case .reference(let reference) = $0 { body(reference) } }
  }

  /// Every fact in the value.
  public var facts: Set<Fact> {
    var facts: Set<Fact> = []
    forEachLeaf { if case .fact(let fact) = $0 { facts.insert(fact) } }
    return facts
  }

  /// Every secret in the value.
  public var secrets: Set<SecretReference> {
    var secrets: Set<SecretReference> = []
    forEachLeaf { if case .secret(let secret) = $0 { secrets.insert(secret) } }
    return secrets
  }

  /// Spares the paths that `leaves` makes.
  private func forEachLeaf(_ body: (Value) -> Void) {
    switch self {
    case .known: return
    case .reference, .secret, .fact: body(self)
    case .list(let values), .call(_, let values): for value in values { value.forEachLeaf(body) }
    case .object(let members): for member in members.values { member.forEachLeaf(body) }
    }
  }

  private func leaves(
    at path: PropertyPath = PropertyPath()
  ) -> [(path: PropertyPath, leaf: Value)] {
    switch self {
    case .known: []
    case .reference, .secret, .fact: [(path, self)]
    case .list(let elements):
      elements.enumerated().flatMap { $1.leaves(at: path.appending(String($0))) }
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { $1.leaves(at: path.appending($0)) }
    case .call(_, let arguments): arguments.flatMap { $0.leaves(at: path) }
    }
  }

  /// The value as it is compared, shown and noted: with cases of their own for what is not known and
  /// for secrets.
  public var redacted: Document {
    switch self {
    case .known(let document): document
    case .list(let elements): .list(elements.map(\.redacted))
    case .object(let members): .object(members.mapValues(\.redacted))
    case .reference(let reference): .unknown(reference.text)
    // Which secret it is may be told.
    case .secret(let secret): .secret(secret.stored == nil ? nil : secret.parameter)
    case .fact(let fact): .unknown(fact.description)
    case .call(_, let arguments):
      if secrets.isEmpty {
        .unknown(arguments.flatMap(\.unknownTexts).joined(separator: ", "))
      } else {
        .secret(secrets.allSatisfy { $0.stored != nil } ? plainText : nil)
      }
    }
  }

  /// The parts of a text one after another, each as far as it may be told.
  private var plainText: String {
    switch self {
    case .known(let document): document.string ?? document.json()
    case .list(let elements): elements.map(\.plainText).joined()
    case .object(let members): members.sorted { $0.key < $1.key }.map(\.value.plainText).joined()
    case .reference(let reference): reference.text
    case .secret(let secret): secret.parameter
    case .fact(let fact): fact.description
    case .call(_, let arguments): arguments.map(\.plainText).joined()
    }
  }

  /// The same for the properties of a resource, of which some are nobody's business whatever they hold.
  public func redacted(hiding properties: Set<String>) -> Document {
    guard case .object(var members) = redacted else { return redacted }
    for property in properties where members[property] != nil {
      members[property] = .secret(nil)
    }
    return .object(members)
  }

  private var unknownTexts: [String] {
    leaves().compactMap { leaf in
      guard case .unknown(let name) = leaf.leaf.redacted else { return nil }
      return name
    }
  }
}
