import Document
import TrueupCore

/// What the types of ElastiCache have in common.
enum ElastiCache {
  /// Another change is under way.
  static let busy: Set<String> = ["InvalidReplicationGroupState", "InvalidCacheClusterState"]
  /// Seconds for which a change of a cluster that is under way is waited out.
  static let patience = 3600.0

  private static let gone: Set<String> = [
    "CacheParameterGroupNotFound", "CacheSubnetGroupNotFoundFault", "ReplicationGroupNotFoundFault",
  ]

  /// The tags of a type whose ARNs have this word before the name.
  /// Source: ElastiCache API, AddTagsToResource.
  static func tags(_ word: String) -> SweptTags {
    SweptTags(
      TagCalls(
        Call("elasticache", "AddTagsToResource", [:], transientCodes: busy, patience: patience),
        Call("elasticache", "RemoveTagsFromResource", [:], transientCodes: busy, patience: patience)
      ) { ["ResourceName": .string($0.arn("elasticache", "\(word):\($1)"))] }, in: "TagList"
    ) { item, _ in
      item["ARN"]?.string ?? ""
    } own: { _, arn in
      Read(
        Call(
          "elasticache", "ListTagsForResource", ["ResourceName": .string(arn)], absentCodes: gone))
    }
  }
}
