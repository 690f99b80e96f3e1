import Document

/// A read of the observation: a call whose pages are all fetched and merged into one output.
/// Two kinds that want the same read share it, also where only one of them cannot do without it.
public struct Read: Hashable, Sendable {
  public var call: Call
  /// Asked for per page, where the operation is paginated: the largest that the service allows.
  public var pageSize: Int?
  /// `true` for a read without which the type cannot be told at all: its failure fails the
  /// observation of the type. Otherwise the kind marks what it could not read.
  public var isEssential: Bool

  public init(_ call: Call, pageSize: Int? = nil, isEssential: Bool = false) {
    self.call = call
    self.pageSize = pageSize
    self.isEssential = isEssential
  }

  public static func == (left: Read, right: Read) -> Bool {
    left.call == right.call && left.pageSize == right.pageSize
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(call)
    hasher.combine(pageSize)
  }
}

extension Read {
  /// All resources of an account and region that carry an owner tag of ours, whatever their type, some
  /// minutes late; with what is global in the account where the region is the partition's home. The
  /// engine makes it in every scope, to find leftovers; kinds whose lists show no tags take them from
  /// it.
  /// Source: Resource Groups Tagging API, GetResources.
  public static let tagSweep = Read(
    Call(
      "resourcegroupstaggingapi", "GetResources",
      ["TagFilters": [["Key": .string(OwnershipTags.stack)]]]), pageSize: 100)
}

/// The replies of an observation so far.
public struct Replies: Sendable {
  private var replies: [Read: Reply]

  public init(_ replies: [Read: Reply] = [:]) { self.replies = replies }

  /// How many reads have been made.
  public var count: Int { replies.count }

  /// The reply to a read; `nil` while it has not been made.
  public subscript(_ read: Read) -> Reply? {
    get { replies[read] }
    set { replies[read] = newValue }
  }
}

/// What a kind is told when it is asked for reads and when it decodes: where to look, and for what.
public struct ReadContext: Sendable {
  public var scope: Scope
  /// The region in which calls of a global service are made, and the ARNs' partition.
  public var region: String
  /// The project of the fleet: owner tags begin with `{project}/`.
  public var project: String
  /// The name that the project had, where it was renamed.
  public var formerProject: String?
  /// Per physical name or id that the desired state or the base knows of this type: the declared
  /// top-level properties, so that a kind with reads per resource asks only for what is compared.
  public var candidates: [String: Set<String>]
  /// The union of the declared top-level properties of all resources of this type, for resources
  /// that are ours by their tags.
  public var properties: Set<String>
  /// The values of top-level properties that are known before anything is observed, by property:
  /// literals of the desired state and what the base holds (`HostedZoneId`, `Bucket`); of a list, each
  /// element (`Topics`); of an object, the names of its members.
  public var values: [String: Set<String>]
  /// The names in `candidates` of every type in the account, whatever the region: for kinds whose reads
  /// go through another type's (the policies of topics).
  public var names: [String: Set<String>]
  /// When what was changed in the last minutes was changed, in seconds since 1970, by physical id and as
  /// far as the journal tells: a list may not show the change yet.
  public var recent: [String: Double]
  /// The types that are desired in the scope or stand in the base.
  public var types: Set<String>

  public init(
    scope: Scope, region: String, project: String, formerProject: String? = nil,
    candidates: [String: Set<String>] = [:], properties: Set<String> = [],
    values: [String: Set<String>] = [:],
    names: [String: Set<String>] = [:], recent: [String: Double] = [:], types: Set<String> = []
  ) {
    self.scope = scope
    self.region = region
    self.project = project
    self.formerProject = formerProject
    self.candidates = candidates
    self.properties = properties
    self.values = values
    self.names = names
    self.recent = recent
    self.types = types
  }

  public var partition: String { Partition.name(ofRegion: region) }

  /// Whether these tags say that the resource belongs to the fleet.
  public func owns(_ tags: [String: String]) -> Bool {
    [project, formerProject].compactMap(\.self).contains { name in
      tags[OwnershipTags.stack]?.hasPrefix(name + "/") ?? false
    }
  }
}
