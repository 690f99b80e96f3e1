import Document

/// Which objects a rule or configuration concerns. The registry writes conditions side by side
/// (`Prefix`, `TagFilters`); S3 wants the only one as itself and several under `And`.
/// Source: S3 API reference, LifecycleRuleFilter, AnalyticsFilter, MetricsFilter.
enum ConfigurationFilter {
  /// S3's filter; `nil` where there is no condition.
  ///
  /// - Parameter conditions: the members that hold one condition each, `Prefix`.
  static func api(_ value: Document, _ conditions: [String] = ["Prefix"]) -> Document? {
    let tags = value["TagFilters"]?.list ?? []
    let single = conditions.compactMap { name in value[name].map { (name, $0) } }
    let members = Dictionary(single, uniquingKeysWith: { $1 })
    switch (members.count, tags.count) {
    case (0, 0): return nil
    case (1, 0): return .object(members)
    case (0, 1): return ["Tag": tags[0]]
    default:
      return ["And": Document.object(members).merging(.members(["Tags": .list(tags).nonEmpty]))]
    }
  }

  /// The registry's members of S3's filter, in canonical form.
  static func registry(_ filter: Document?, _ conditions: [String] = ["Prefix"]) -> Document {
    let source = filter?["And"] ?? filter ?? [:]
    let tags = source["Tags"] ?? source["Tag"].map { .list([$0]) }
    return canonical(
      Document.members(source.members(named: conditions)).merging(.members(["TagFilters": tags])))
  }

  /// No prefix is the empty one, no tags the empty list, and their order says nothing.
  static func canonical(_ value: Document) -> Document {
    value.changing("TagFilters", \.unordered).dropping(["Prefix": "", "TagFilters": []])
  }
}
