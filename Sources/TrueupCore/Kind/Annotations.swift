import Document

/// How the elements of a list property are matched.
public enum Collection: Hashable, Sendable {
  /// The order means something: compared index by index.
  case ordered
  /// Elements have no order and no key.
  case set
  /// Elements are told apart by these members (`Key`, `PolicyName`).
  case keyed([String])
}

/// How a value is brought to one form before comparing; applied to both sides.
public enum Normalisation: Hashable, Sendable {
  /// An IPv4 or IPv6 network: host bits cleared, IPv6 lower-case and compressed (RFC 5952).
  case cidr
  /// An IAM policy document: a string holding JSON, or an object. API map 18.4.
  case policyDocument
  /// A string holding JSON, or the value itself: compared as values.
  case json
  case lowercased
  /// IP protocols: `6` is `tcp`, `17` `udp`, `1` `icmp`, `58` `icmpv6`, `all` is `-1`.
  case ipProtocol
  /// Numbers and booleans that one side writes as a string.
  case scalarText
  /// An instant: ISO 8601 in any precision, or epoch seconds.
  case timestamp
  /// An ARN ending in `:*` is the one without.
  case logGroupARN
}

/// How a resource of the type is named when the blueprint declares no name.
public struct NameRule: Hashable, Sendable {
  /// The property that holds the name, `RoleName`.
  public var property: String
  public var maximumLength: Int
  public var lowercase: Bool
  /// The characters allowed besides letters and digits.
  public var punctuation: String
  /// Stands before the hash at the end of a generated name.
  public var separator: String
  /// Put before the generated name, `/ecs/`.
  public var prefix: String
  /// What a generated name has to end with where a property is declared true, by that property:
  /// `FifoQueue` asks for `.fifo`.
  public var suffixes: [String: String]
  /// The property within whose value names are unique (a security group's `VpcId`); `nil` when they
  /// are unique in the scope.
  public var uniqueWithin: String?

  public init(
    property: String, maximumLength: Int, lowercase: Bool = false, punctuation: String = "-",
    separator: String = "-", prefix: String = "", suffixes: [String: String] = [:],
    uniqueWithin: String? = nil
  ) {
    self.property = property
    self.maximumLength = maximumLength
    self.lowercase = lowercase
    self.punctuation = punctuation
    self.separator = separator
    self.prefix = prefix
    self.suffixes = suffixes
    self.uniqueWithin = uniqueWithin
  }
}

/// What is true of a type and does not stand, or not truly, in its registry schema.
public struct Annotations: Sendable {
  /// The property that `Ref` returns, and that is the physical id: `VpcId`.
  public var ref: String
  /// The type lives once per account.
  public var isGlobal: Bool
  /// The property that names the region in which it lives, where that is not its stack's.
  public var region: String?
  /// Carries `Tags`, and so our ownership tags.
  public var isTaggable: Bool
  /// Two tag keys that differ in case alone are one (IAM's users and roles).
  public var tagKeysIgnoreCase: Bool
  /// How the tagging API names the type, service and the word before the name in its ARNs
  /// (`ec2:elastic-ip`; `s3` where there is no word); `nil` where that is the type's own name
  /// (`ec2:route-table` for `AWS::EC2::RouteTable`).
  public var arn: String?
  /// The tagging API shows resources of the type. Where it does not, the type is observed in every
  /// account, so that nothing of ours stays behind.
  public var isSwept: Bool
  public var nameRule: NameRule?
  /// Properties that together are unique by AWS's own rule, `["VpcId", "CidrBlock"]`.
  public var naturalKey: [String]
  /// The property that names the resource inside which one without tags lives (`RouteTableId` of a
  /// route): what lives inside a resource of ours is ours.
  public var parent: String?
  /// Properties that may name the parent instead (`HostedZoneName`): one of them is enough to tell a
  /// natural key.
  public var otherParents: [String]
  /// Everything of the type inside a parent that the desired state declares is ours: what no stack
  /// declares there is taken away (routes, entries of a network ACL).
  public var isOwnedWithParent: Bool
  /// Properties of the parent that resources of the type bring about (the ranges of a VPC). Its steps
  /// return them as they are then, along with their own.
  public var gives: Set<String>
  /// Lists whose elements have no order, or a key. Others are ordered. Paths with `*`.
  public var collections: [PropertyPath: Collection]
  /// Lists that we own whole: what is not desired is taken away. The value is what is expected when
  /// the blueprint declares nothing.
  public var ownedWhole: [PropertyPath: Document]
  public var normalisations: [PropertyPath: Normalisation]
  /// Values with which AWS answers for a property that was never set, so that declaring the default
  /// is no difference where AWS shows nothing.
  public var defaults: [PropertyPath: Document]
  /// Create-only properties beyond the schema's, and corrections: `true` adds, `false` takes away.
  public var createOnly: [PropertyPath: Bool]
  /// Brings the whole properties object to one form before normalisations; applied to both sides.
  /// For what a normalisation of one value cannot say. Desired parts that are not known yet stand in
  /// it as `{"unknown": …}` and must stay as they are. The values of `ownedWhole` are in this form.
  public var canonical: @Sendable (Document) -> Document
  /// Changes that need a replacement although the property can be updated in other directions
  /// (`InstanceTenancy` from `default` to `dedicated`).
  public var replaces:
    @Sendable (_ path: PropertyPath, _ desired: Document, _ observed: Document)
      -> Bool
  /// Properties that the kind does not support, each with the reason: declaring one is a compile error.
  public var unsupported: [PropertyPath: String]
  /// Properties that AWS accepts but never shows, each with the reason: reported as not checked.
  public var notReadable: [PropertyPath: String]
  /// Properties whose values AWS keeps to itself, but of which it shows what proves them (a secret, by
  /// the id of its version): compared by `Kind.proof(of:_:in:)`, and told to nobody.
  public var proven: Set<String>
  /// Properties that, once set, AWS can change but not take away, with the reason: reported as left as is.
  public var notResettable: [PropertyPath: String]
  /// Holds data that is lost on deletion: retained by `destroy` unless told otherwise.
  public var isStateful: Bool
  /// AWS can keep a snapshot of it when it is deleted: the policy `Snapshot` is allowed.
  public var canSnapshot: Bool
  /// Two of the same natural key or name cannot exist at once: the old one goes first.
  public var replacesDeleteFirst: Bool
  /// Properties of which no two resources can hold the same value at once (the address of a NAT
  /// gateway, the gateway of an attachment): a replacement that keeps it lets the old one go first.
  public var exclusive: Set<String>
  /// Replacing is an everyday update (task definitions).
  public var isRevisioned: Bool
  /// Collections that may be emptied to break a cycle of references before a deletion
  /// (security-group rules).
  public var releasable: [String]

  public init(
    ref: String, isGlobal: Bool = false, region: String? = nil, isTaggable: Bool = true,
    tagKeysIgnoreCase: Bool = false, arn: String? = nil,
    isSwept: Bool = true, nameRule: NameRule? = nil,
    naturalKey: [String] = [], parent: String? = nil,
    otherParents: [String] = [], isOwnedWithParent: Bool = false,
    gives: Set<String> = [], collections: [PropertyPath: Collection] = [:],
    ownedWhole: [PropertyPath: Document] = [:], normalisations: [PropertyPath: Normalisation] = [:],
    defaults: [PropertyPath: Document] = [:], createOnly: [PropertyPath: Bool] = [:],
    unsupported: [PropertyPath: String] = [:], notReadable: [PropertyPath: String] = [:],
    proven: Set<String> = [], notResettable: [PropertyPath: String] = [:], isStateful: Bool = false,
    canSnapshot: Bool = false,
    replacesDeleteFirst: Bool = false, exclusive: Set<String> = [], isRevisioned: Bool = false,
    releasable: [String] = [],
    canonical: @escaping @Sendable (Document) -> Document = { $0 },
    replaces: @escaping @Sendable (PropertyPath, Document, Document) -> Bool = { _, _, _ in false }
  ) {
    self.ref = ref
    self.isGlobal = isGlobal
    self.region = region
    self.isTaggable = isTaggable
    self.tagKeysIgnoreCase = tagKeysIgnoreCase
    self.arn = arn
    self.isSwept = isSwept
    self.nameRule = nameRule
    self.naturalKey = naturalKey
    self.parent = parent
    self.otherParents = otherParents
    self.isOwnedWithParent = isOwnedWithParent
    self.gives = gives
    self.collections = collections
    self.ownedWhole = ownedWhole
    self.normalisations = normalisations
    self.defaults = defaults
    self.createOnly = createOnly
    self.unsupported = unsupported
    self.notReadable = notReadable
    self.proven = proven
    self.notResettable = notResettable
    self.isStateful = isStateful
    self.canSnapshot = canSnapshot
    self.replacesDeleteFirst = replacesDeleteFirst
    self.exclusive = exclusive
    self.isRevisioned = isRevisioned
    self.releasable = releasable
    self.canonical = canonical
    self.replaces = replaces
  }
}
