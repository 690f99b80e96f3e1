import Document

/// Which objects a rule or configuration concerns. The registry writes conditions side by side among its
/// other members; S3 wants the only one as itself and several under `And`, in a `Filter`.
/// Source: S3 API reference, LifecycleRuleFilter, AnalyticsFilter, MetricsFilter.
enum ConfigurationFilter {
  /// The members that hold one condition each. No rule or configuration has all of them.
  private static let conditions = [
    "Prefix", "AccessPointArn", "ObjectSizeGreaterThan", "ObjectSizeLessThan",
  ]

  /// The rule or configuration with a filter; without one where there is no condition.
  static func api(_ value: Document) -> Document {
    let tags = value.elements("TagFilters")
    let single = Document.members(value.members(named: conditions)).dropping(["Prefix": ""])
    var filter: Document?
    switch (single.object?.count ?? 0) + tags.count {
    case 0: break
    case 1: filter = tags.first.map { ["Tag": $0] } ?? single
    default: filter = ["And": single.setting("Tags", Document.list(tags).nonEmpty)]
    }
    return (conditions + ["TagFilters"]).reduce(value.setting("Filter", filter)) {
      $0.setting($1, nil)
    }
  }

  /// The rule or configuration with its conditions side by side.
  static func registry(_ value: Document) -> Document {
    let filter = value["Filter"]?["And"] ?? value["Filter"]
    let tags = filter?["Tags"] ?? filter?["Tag"].map { .list([$0]) }
    return value.merging(filter).merging(.members(["TagFilters": tags]))
  }
}
