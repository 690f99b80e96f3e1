import Document

/// What a request has to be like for a rule.
enum RuleCondition {
  /// The conditions, each in one form: `Values` of a host or a path is an older spelling, and AWS shows both.
  /// Source: Elastic Load Balancing API, RuleCondition.
  static func normal(_ conditions: Document) -> Document {
    guard let list = conditions.list else { return conditions }
    return .list(
      list.map { condition in
        switch condition["Field"] {
        case "host-header":
          // AWS shows hosts in small letters.
          configured(condition, "HostHeaderConfig", lowercased)
        case "path-pattern": configured(condition, "PathPatternConfig")
        case "http-header": configured(condition, "HttpHeaderConfig")
        default: condition
        }
      })
  }

  private static func configured(
    _ condition: Document, _ name: String, _ form: (Document) -> Document = { $0 }
  ) -> Document {
    let simple = Document.members(condition.members(named: ["Values", "RegexValues"]))
    let config = simple.merging(condition[name])
    return condition.setting("Values", nil).setting("RegexValues", nil)
      .setting(name, config.setting("Values", config["Values"].map(form)))
  }

  private static func lowercased(_ values: Document) -> Document {
    guard let list = values.list else { return values }
    return .list(list.map { value in value.string.map { .string($0.lowercased()) } ?? value })
  }
}
