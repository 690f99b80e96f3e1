/// How the resources of a type are told apart, and what others call them by. Declared, never guessed.
public struct Identity: Sendable {
  /// The property that `Ref` returns, and that is the physical id: `VpcId`.
  public var ref: String
  /// How a resource is named when the blueprint declares no name; `nil` for types without names.
  public var name: NameRule?
  /// What AWS allows only once, besides names.
  public var unique: [UniqueKey]
  /// Properties, besides `Ref`, the ARN and the registry's primary identifier, by which others may
  /// refer to a resource.
  public var identifiers: [String]
  /// How the tagging API names the type, service and the word before the name in its ARNs
  /// (`ec2:elastic-ip`; `s3` where there is no word); `nil` where that is the type's own name
  /// (`ec2:route-table` for `AWS::EC2::RouteTable`).
  public var arn: String?
  /// Read-only properties that AWS makes of the name alone, so that they are known beforehand.
  /// Source: Service Authorization Reference, the resource types of each service; the SQS developer
  /// guide, "Queue and message identifiers".
  public var foretold: [String: @Sendable (NamedResource) -> String]

  public init(
    ref: String, name: NameRule? = nil, unique: [UniqueKey] = [], identifiers: [String] = [],
    arn: String? = nil, foretold: [String: @Sendable (NamedResource) -> String] = [:]
  ) {
    self.ref = ref
    self.name = name
    self.unique = unique
    self.identifiers = identifiers
    self.arn = arn
    self.foretold = foretold
  }

  /// Everything that AWS allows only once: names first.
  public var keys: [UniqueKey] { (name.map { [$0.key] } ?? []) + unique }

  /// The keys by which an existing resource is recognised as the one that is wanted.
  public var telling: [UniqueKey] { keys.filter(\.tells) }
}

/// A name and where it stands: what AWS makes ARNs and URLs of.
public struct NamedResource: Sendable {
  public let name: String
  /// IAM's, `/` where none is declared.
  public let path: String
  public let account: String
  public let region: String
  public let partition: String
  public let urlSuffix: String

  public init(
    name: String, path: String, account: String, region: String, partition: String,
    urlSuffix: String
  ) {
    self.name = name
    self.path = path
    self.account = account
    self.region = region
    self.partition = partition
    self.urlSuffix = urlSuffix
  }
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
  /// Names that differ in the case of letters only are one name (IAM).
  public var ignoresCase: Bool

  public init(
    property: String, maximumLength: Int, lowercase: Bool = false, punctuation: String = "-",
    separator: String = "-", prefix: String = "", suffixes: [String: String] = [:],
    uniqueWithin: String? = nil, ignoresCase: Bool = false
  ) {
    self.property = property
    self.maximumLength = maximumLength
    self.lowercase = lowercase
    self.punctuation = punctuation
    self.separator = separator
    self.prefix = prefix
    self.suffixes = suffixes
    self.uniqueWithin = uniqueWithin
    self.ignoresCase = ignoresCase
  }

  /// That names are unique.
  public var key: UniqueKey {
    UniqueKey(
      property, within: uniqueWithin.map { [$0] } ?? [],
      comparison: ignoresCase ? .caseless : .equal)
  }
}
