import Document
import TrueupCore

extension BucketAspect {
  static let replication = BucketAspect(
    "ReplicationConfiguration", read: "GetBucketReplication",
    absentCodes: ["ReplicationConfigurationNotFoundError"],
    decode: { output in
      output["ReplicationConfiguration"].map { configuration in
        .members([
          "Role": configuration["Role"],
          "Rules": configuration["Rules"]?.changingEach(ReplicationRule.registry),
        ])
      }
    },
    canonical: { value in
      value.changing("Rules") { $0.changingEach(ReplicationRule.canonical).unordered }
    },
    write: { value, change in
      let configuration = Document.members([
        "Role": value["Role"], "Rules": value["Rules"]?.changingEach(ReplicationRule.api),
      ])
      // Versioning that was just turned on, here or at the destination, may not be seen yet.
      return [
        change.call(
          "PutBucketReplication", ["ReplicationConfiguration": configuration],
          transientCodes: ["InvalidRequest"], patience: 60)
      ]
    },
    reset: { change in
      [
        change.call(
          "DeleteBucketReplication", absentCodes: ["ReplicationConfigurationNotFoundError"])
      ]
    })
}

/// A replication rule: registry, API and canonical form.
/// Source: S3 API reference, ReplicationRule.
private enum ReplicationRule {
  private static let shared = [
    "Priority", "Prefix", "Status", "SourceSelectionCriteria", "Destination",
    "DeleteMarkerReplication",
  ]

  static func registry(_ rule: Document) -> Document {
    Document.members(rule.members(named: shared)).merging(
      .members([
        "Id": rule["ID"],
        "Filter": rule["Filter"].map { registryFilter(ConfigurationFilter.registry($0)) },
      ]))
  }

  static func api(_ rule: Document) -> Document {
    Document.members(rule.members(named: shared)).merging(
      .members([
        "ID": rule["Id"],
        "Filter": rule["Filter"].map { ConfigurationFilter.api(conditions($0)) ?? ["Prefix": ""] },
      ]))
  }

  /// A rule has a filter (and then says whether delete markers are replicated) or, as in older
  /// templates, a prefix.
  static func canonical(_ rule: Document) -> Document {
    var form = rule.changing("Filter") { registryFilter(conditions($0)) }
    if form["Filter"] == nil && form["Prefix"] == nil {
      form = form.defaulting(
        to: form["Priority"] == nil ? ["Prefix": ""] : ["Filter": ["Prefix": ""]])
    }
    return form["Filter"] == nil
      ? form : form.defaulting(to: ["DeleteMarkerReplication": ["Status": "Disabled"]])
  }

  /// A filter's conditions side by side, `Prefix` and `TagFilters`.
  private static func conditions(_ filter: Document) -> Document {
    let source = filter["And"] ?? filter
    let tags = source["TagFilters"] ?? source["TagFilter"].map { .list([$0]) }
    return ConfigurationFilter.canonical(
      .members(["Prefix": source["Prefix"], "TagFilters": tags]))
  }

  /// The registry's filter of conditions: one as itself, several under `And`.
  private static func registryFilter(_ conditions: Document) -> Document {
    let tags = conditions["TagFilters"]?.list ?? []
    let prefix = conditions["Prefix"] ?? ""
    if tags.isEmpty { return ["Prefix": prefix] }
    if tags.count == 1 && prefix == "" { return ["TagFilter": tags[0]] }
    return ["And": ["Prefix": prefix, "TagFilters": .list(tags)]]
  }
}
