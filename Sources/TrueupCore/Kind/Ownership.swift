/// A property that names the resource inside which one lives.
public struct Parent: Hashable, Sendable {
  public var property: String
  /// The type of what it names, `AWS::EC2::RouteTable`.
  public var type: String
  /// The property of the parent whose value it holds; `nil` for its identifiers.
  public var matching: String?

  public init(_ property: String, _ type: String, by matching: String? = nil) {
    self.property = property
    self.type = type
    self.matching = matching
  }
}

/// How one sees whose the resources of a type are.
public struct Ownership: Hashable, Sendable {
  /// Carries `Tags`, and so our ownership tags.
  public var isTaggable: Bool
  /// What lives inside a resource of ours is ours, where it carries no tags. The first is the one that
  /// others are alternatives to (`HostedZoneName` to `HostedZoneId`).
  public var parents: [Parent]
  /// Everything of the type inside a parent that the desired state declares is ours: what no stack
  /// declares there is deleted (routes, entries of a network ACL).
  public var isWhole: Bool
  /// Properties of the parent that resources of the type bring about (the ranges of a VPC). Its steps
  /// return them as they are then, along with their own.
  public var gives: Set<String>
  /// Tag keys that differ in case only are one key to the service (IAM).
  public var tagKeysIgnoreCase: Bool

  public init(
    isTaggable: Bool, parents: [Parent] = [], isWhole: Bool = false, gives: Set<String> = [],
    tagKeysIgnoreCase: Bool = false
  ) {
    self.isTaggable = isTaggable
    self.parents = parents
    self.isWhole = isWhole
    self.gives = gives
    self.tagKeysIgnoreCase = tagKeysIgnoreCase
  }

  /// By the tags that it carries.
  public static let byTags = Ownership(isTaggable: true)
  /// By its name, and by what was applied: it carries no tags and lives inside nothing.
  public static let byName = Ownership(isTaggable: false)
  /// By tags whose keys ignore case.
  public static let byTagsIgnoringCase = Ownership(isTaggable: true, tagKeysIgnoreCase: true)

  /// By its tags; it describes a part of another resource.
  public static func byTags(inside parents: [Parent], tagKeysIgnoreCase: Bool = false) -> Ownership
  {
    Ownership(isTaggable: true, parents: parents, tagKeysIgnoreCase: tagKeysIgnoreCase)
  }

  /// It carries no tags: by what it lives inside.
  public static func inside(
    _ parents: [Parent], whole: Bool = false, gives: Set<String> = []
  ) -> Ownership {
    Ownership(isTaggable: false, parents: parents, isWhole: whole, gives: gives)
  }

  /// The property that names the parent; `nil` for what lives inside nothing.
  public var parent: String? { parents.first?.property }
}
