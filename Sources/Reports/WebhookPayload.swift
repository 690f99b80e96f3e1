import Document
import TrueupCore

/// A notice for programs: the JSON that a generic webhook gets.
public enum WebhookPayload {
  /// - `formatVersion`: 1
  /// - `event`: `findings`, `deployments` or `digest`
  /// - `summary`: one line for people
  /// - the members of that event
  public static func render(_ notice: Notice) -> Document {
    var members: [String: Document] = [
      "formatVersion": 1, "summary": .string(NoticeText(notice).title),
    ]
    switch notice {
    case .findings(let news, let open):
      members["event"] = "findings"
      members["open"] = .integer(open)
      members["findings"] = .list(
        news.map {
          finding(
            $0.finding, since: $0.since, attribution: $0.attribution,
            more: ["state": .string($0.kind.rawValue)])
        })
    case .deployments(let news):
      members["event"] = "deployments"
      members["deployments"] = .list(news.map(deployment))
    case .digest(let digest):
      members["event"] = "digest"
      members["at"] = .string(Wording.timestamp(digest.at))
      members["stacks"] = .list(digest.stacks.map(Document.string))
      members["findings"] = .list(
        digest.open.map {
          finding($0.finding, since: $0.since, attribution: $0.attribution, more: [:])
        })
    }
    return .object(members)
  }

  private static func finding(
    _ finding: DriftFinding, since: Double, attribution: Attribution?,
    more: [String: Document]
  ) -> Document {
    var members = more
    members["key"] = .string(
      "\(finding.id.stack)/\(finding.id.resource)#\(finding.id.path)")
    members["stack"] = .string(NoticeText.stackName(finding.id.stack))
    members["resource"] = .string(finding.id.resource)
    members["path"] = .string(finding.id.path)
    members["type"] = .string(finding.type)
    members["action"] = .string(finding.action.rawValue)
    members["cause"] = .string(finding.cause.rawValue)
    members["desired"] = finding.desired
    members["observed"] = finding.observed
    members["reason"] = finding.reason.map(Document.string)
    members["since"] = .string(Wording.timestamp(since))
    members["by"] = attribution.map {
      [
        "principal": .string($0.principal), "event": .string($0.event),
        "at": .string(Wording.timestamp($0.at)),
      ]
    }
    return .object(members)
  }

  private static func deployment(_ news: DeploymentNews) -> Document {
    var members: [String: Document] = [
      "stack": .string(news.stack.name), "client": .string(news.stack.client),
      "environment": .string(news.stack.environment), "state": .string(news.state.rawValue),
      "problems": .list(news.problems.map(Document.string)),
      "changes": .object(
        Dictionary(
          uniqueKeysWithValues: news.changes.map { ($0.key.rawValue, .integer($0.value)) })),
    ]
    members["revision"] = news.revision.map(Document.string)
    members["restored"] = news.restored.map(Document.string)
    members["run"] = news.run.map(Document.string)
    return .object(members)
  }
}
