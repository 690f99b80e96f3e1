import Document

/// Whether a replacement that was planned because of values that were not known is still one, now that
/// they are: a queue that was deleted comes back under the ARN that it had.
public enum Reconsideration {
  /// The top-level properties in which what is there differs from what is desired; `nil` where it has to
  /// be replaced all the same.
  public static func changes(
    of step: PlannedStep, to desired: Document, kind: any Kind
  ) -> Set<String>? {
    guard let live = step.replaced else { return nil }
    let facts = kind.facts
    let createOnly = CreateOnly(facts, ResourceSchema.embedded(step.type))
    var wanted = desired
    if let name = step.generatedName { wanted = wanted.setting(name, live.properties[name]) }
    for property in facts.properties.proven { wanted = wanted.setting(property, nil) }
    let findings = Comparison(table: facts.properties)
      .findings(facts.normal(wanted), facts.normal(live.properties))
      .filter { finding in live.unread.first { $0.key.covers(finding.path) } == nil }
    for finding in findings {
      if createOnly.contains(finding.path) { return nil }
      if let wanted = finding.desired, let shown = finding.observed,
        facts.replaces(finding.path, wanted, shown)
      {
        return nil
      }
    }
    return Set(findings.compactMap(\.path.property))
  }
}
