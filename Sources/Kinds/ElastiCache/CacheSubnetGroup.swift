import Document
import TrueupCore

/// The subnets in which clusters of ElastiCache run.
public struct CacheSubnetGroup: ComposedKind {
  public init() {}

  public let type = "AWS::ElastiCache::SubnetGroup"

  public let facts = TypeFacts(
    Identity(
      ref: "CacheSubnetGroupName",
      name: NameRule(
        property: "CacheSubnetGroupName", maximumLength: 255, lowercase: true, ignoresCase: true)),
    properties: [
      // Source: ElastiCache API, CreateCacheSubnetGroup: the name is kept in lower case.
      "/CacheSubnetGroupName": .normal(.lowercased),
      "/SubnetIds": .set,
      "/SubnetIds/*": .refers(to: "AWS::EC2::Subnet"),
    ])

  let listing = Listing(
    Read(
      Call("elasticache", "DescribeCacheSubnetGroups", [:]), pageSize: 100, isEssential: true),
    "CacheSubnetGroups")
  let tagging = ElastiCache.tags("subnetgroup")

  func name(in known: String) -> String { known.lowercased() }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    [
      "Description": item["CacheSubnetGroupDescription"],
      "SubnetIds": .list(item.elements("Subnets").compactMap { $0["SubnetIdentifier"] }),
    ]
  }

  let creation = Creation(
    // A subnet that was made a moment ago is not known yet.
    Call("elasticache", "CreateCacheSubnetGroup", [:], transientCodes: ["InvalidSubnet"]),
    ["CacheSubnetGroupName", "SubnetIds"], renamed: ["Description": "CacheSubnetGroupDescription"],
    id: ["CacheSubnetGroup", "CacheSubnetGroupName"])
  /// The last cluster in it takes a while to go.
  let deletion = Deletion(
    Call(
      "elasticache", "DeleteCacheSubnetGroup", [:], absentCodes: ["CacheSubnetGroupNotFoundFault"],
      transientCodes: ["CacheSubnetGroupInUse"], patience: 120), "CacheSubnetGroupName")

  /// A subnet in which a node runs is not taken out: ElastiCache refuses it (`SubnetInUse`).
  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    guard step.changes("Description", "SubnetIds") else { return [] }
    return [
      Call(
        "elasticache", "ModifyCacheSubnetGroup",
        .members([
          "CacheSubnetGroupName": .string(name),
          "CacheSubnetGroupDescription": step.desired["Description"],
          "SubnetIds": step.desired["SubnetIds"],
        ]), transientCodes: ["InvalidSubnet"])
    ]
  }
}
