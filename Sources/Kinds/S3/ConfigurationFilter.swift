import Document

/// Which objects a rule or configuration concerns. The registry writes conditions side by side
/// (`Prefix`, `TagFilters`); S3 wants the only one as itself and several under `And`.
/// Source: S3 API reference, LifecycleRuleFilter, AnalyticsFilter, MetricsFilter.
enum ConfigurationFilter {
  /// S3's filter; `nil` where there is no condition.
  ///
  /// - Parameter conditions: the members that hold one condition each.
  static func api(_ value: Document, _ conditions: [String] = ["Prefix"]) -> Document? {
    let tags = value["TagFilters"]?.list ?? []
    let single = Document.members(value.members(named: conditions)).dropping(["Prefix": ""])
    switch (single.object?.count ?? 0, tags.count) {
    case (0, 0): return nil
    case (1, 0): return single
    case (0, 1): return ["Tag": tags[0]]
    default: return ["And": single.merging(.members(["Tags": Document.list(tags).nonEmpty]))]
    }
  }

  /// The registry's members of S3's filter.
  static func registry(_ filter: Document?, _ conditions: [String] = ["Prefix"]) -> Document {
    let source = filter?["And"] ?? filter ?? [:]
    let tags = source["Tags"] ?? source["Tag"].map { .list([$0]) }
    return Document.members(source.members(named: conditions))
      .merging(.members(["TagFilters": tags]))
  }

  /// What concerns all objects says so, that a condition which somebody adds is seen.
  static func canonical(_ value: Document) -> Document {
    value.defaulting(to: ["Prefix": "", "TagFilters": []]).changing("TagFilters", \.unordered)
  }
}
