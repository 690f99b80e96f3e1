import Document
import TrueupCore

extension BucketAspect {
  /// Versioning that was just turned on, here or at the destination, may not be seen yet.
  /// Source: S3 API reference, ReplicationRule.
  static let replication = BucketAspect(
    property: "ReplicationConfiguration", reading: "GetBucketReplication",
    writing: "PutBucketReplication",
    absentCodes: ["ReplicationConfigurationNotFoundError"], deletion: "DeleteBucketReplication",
    transientCodes: ["InvalidRequest"],
    names: [
      "Rules/*/Id": "ID", "Rules/*/Filter/TagFilter": "Tag",
      "Rules/*/Filter/And/TagFilters": "Tags",
    ],
    facts: [
      "": .losing(.members), "Rules": .set.losing(.members),
      "Rules/*/Filter/And/TagFilters": .set,
    ],
    settled: { value in
      // A rule has a filter (and then says whether delete markers are replicated) or, as in older
      // templates, a prefix.
      value.changing("Rules/*") { rule in
        var form = rule.changing("Filter", replicationFilter)
        if form["Filter"] == nil, form["Prefix"] == nil {
          form = form.defaulting(
            to: form["Priority"] == nil ? ["Prefix": ""] : ["Filter": ["Prefix": ""]])
        }
        return form["Filter"] == nil
          ? form : form.defaulting(to: ["DeleteMarkerReplication": ["Status": "Disabled"]])
      }
    },
    written: { value in value.changing("Rules/*/Filter/And") { $0.dropping(["Prefix": ""]) } })

  /// One condition as itself, several under `And`.
  private static func replicationFilter(_ filter: Document) -> Document {
    let conditions = filter["And"] ?? filter
    let prefix = conditions["Prefix"] ?? ""
    let tags =
      conditions["TagFilters"]?.unordered.list ?? [conditions["TagFilter"]].compactMap(\.self)
    if tags.isEmpty { return ["Prefix": prefix] }
    if tags.count == 1, prefix == "" { return ["TagFilter": tags[0]] }
    return ["And": ["Prefix": prefix, "TagFilters": .list(tags)]]
  }
}
