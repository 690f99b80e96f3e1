import Document

/// How the elements of a list property are matched.
public enum Collection: Hashable, Sendable {
  /// The order is significant: compared index by index.
  case ordered
  /// Elements have no order and no key.
  case set
  /// Elements are told apart by these members (`Key`, `PolicyName`).
  case keyed([String])
}

/// What is known of one property besides its schema. Facts are chained: `.set.ownedWhole([])`.
public struct PropertyFacts: Hashable, Sendable {
  /// How the elements of the list are matched; ordered where nothing is said.
  public var collection: Collection?
  /// The list is owned whole: what is not declared is removed. The value is what is expected where the
  /// blueprint declares nothing.
  public var wholeDefault: Document?
  /// How both sides are brought to one form.
  public var normalisation: Normalisation?
  /// With what AWS answers for a property that was never set, so that declaring the default is no
  /// difference where AWS shows nothing.
  public var defaultValue: Document?
  /// Corrects the schema: `true` needs a replacement, `false` does not.
  public var isCreateOnly: Bool?
  /// Why the kind does not support it: declaring it is a compile error.
  public var unsupported: String?
  /// Why AWS, which accepts it, never shows it: reported as not checked.
  public var notReadable: String?
  /// Why AWS can change it but not take it away, once set: reported as left as is.
  public var notResettable: String?
  /// A version of an engine: declared as precisely as anybody likes, raised by AWS itself, and never lowered.
  public var isVersion = false
  /// AWS keeps the value to itself, but shows what proves it (a secret, by the id of its version):
  /// compared by `Kind.proof(of:_:in:)`, and shown to nobody.
  public var isProven = false
  /// May be emptied to break a cycle of references before a deletion (security-group rules).
  public var isReleasable = false
  /// The types that a name in it refers to, where the schema does not say.
  public var referredTypes: Set<String> = []
  /// What an update of it may take away.
  public var loss: Loss?
  /// It decides who may do or reach what, or who may read what is kept: where AWS does not keep its
  /// value, people are told every day.
  public var isSecurity: Bool?

  public init() {}

  public static let set = PropertyFacts().set
  public static let createOnly = PropertyFacts().createOnly
  public static let updatable = PropertyFacts().updatable
  public static let proven = PropertyFacts().proven
  public static let releasable = PropertyFacts().releasable
  public static func keyed(_ keys: String...) -> PropertyFacts {
    PropertyFacts().with(\.collection, .keyed(keys))
  }
  public static func ownedWhole(_ expected: Document) -> PropertyFacts {
    PropertyFacts().ownedWhole(expected)
  }
  public static func normal(_ form: Normalisation) -> PropertyFacts { PropertyFacts().normal(form) }
  public static func defaultsTo(_ value: Document) -> PropertyFacts {
    PropertyFacts().defaultsTo(value)
  }
  public static func unsupported(_ reason: String) -> PropertyFacts {
    PropertyFacts().unsupported(reason)
  }
  public static func notReadable(_ reason: String) -> PropertyFacts {
    PropertyFacts().notReadable(reason)
  }
  public static func notResettable(_ reason: String) -> PropertyFacts {
    PropertyFacts().notResettable(reason)
  }
  public static let security = PropertyFacts().security
  public static let version = PropertyFacts().version
  public static func losing(_ loss: Loss) -> PropertyFacts { PropertyFacts().losing(loss) }
  public static func refers(to types: String...) -> PropertyFacts {
    PropertyFacts().with(\.referredTypes, Set(types))
  }

  public var set: PropertyFacts { with(\.collection, .set) }
  public var createOnly: PropertyFacts { with(\.isCreateOnly, true) }
  public var updatable: PropertyFacts { with(\.isCreateOnly, false) }
  public var proven: PropertyFacts { with(\.isProven, true) }
  public var releasable: PropertyFacts { with(\.isReleasable, true) }
  public var security: PropertyFacts { with(\.isSecurity, true) }
  public var version: PropertyFacts { with(\.isVersion, true) }
  public func keyed(_ keys: String...) -> PropertyFacts { with(\.collection, .keyed(keys)) }
  public func ownedWhole(_ expected: Document) -> PropertyFacts { with(\.wholeDefault, expected) }
  public func normal(_ form: Normalisation) -> PropertyFacts { with(\.normalisation, form) }
  public func defaultsTo(_ value: Document) -> PropertyFacts { with(\.defaultValue, value) }
  public func unsupported(_ reason: String) -> PropertyFacts { with(\.unsupported, reason) }
  public func notReadable(_ reason: String) -> PropertyFacts { with(\.notReadable, reason) }
  public func notResettable(_ reason: String) -> PropertyFacts { with(\.notResettable, reason) }
  public func refers(to types: String...) -> PropertyFacts { with(\.referredTypes, Set(types)) }
  public func losing(_ loss: Loss) -> PropertyFacts {
    // What a policy grants is always somebody's security.
    loss == .policy ? with(\.loss, loss).security : with(\.loss, loss)
  }

  private func with<Fact>(_ key: WritableKeyPath<PropertyFacts, Fact>, _ fact: Fact)
    -> PropertyFacts
  {
    var facts = self
    facts[keyPath: key] = fact
    return facts
  }
}
