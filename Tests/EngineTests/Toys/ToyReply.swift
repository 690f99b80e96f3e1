import Document
import TrueupCore

/// What both kinds of toys share: the members of the toys' API.
enum ToyReply {
  static func observed(_ item: Document, type: String, id: String, _ scope: Scope) -> Observed {
    var properties = item.object ?? [:]
    let tags = properties.removeValue(forKey: "Tags")?.object ?? [:]
    let createdAt = properties.removeValue(forKey: "CreatedAt")?.double
    properties["State"] = nil
    return Observed(
      type: type, id: item[id]?.string ?? "", scope: scope, properties: .object(properties),
      tags: tags.compactMapValues(\.string), createdAt: createdAt)
  }

  static func tags(_ tags: [String: String]) -> Document {
    .object(tags.mapValues(Document.string))
  }

  /// The changed properties; those to be reset as null.
  static func changes(_ step: Step, id: String) -> Document {
    var input: [String: Document] = [id: .string(step.id ?? "")]
    for property in step.changed { input[property] = step.desired[property] ?? .null }
    return .object(input)
  }

  static func tagging(_ step: Step, _ noun: String) -> [Call] {
    let id = noun == "Net" ? "NetId" : "HostName"
    var calls: [Call] = []
    if step.changesTags, !step.tags.isEmpty {
      calls.append(
        Call("toys", "Tag\(noun)", [id: .string(step.id ?? ""), "Tags": tags(step.tags)]))
    }
    if !step.removedTags.isEmpty {
      calls.append(
        Call(
          "toys", "Untag\(noun)",
          [
            id: .string(step.id ?? ""),
            "Keys": .list(step.removedTags.sorted().map(Document.string)),
          ]))
    }
    return calls
  }

  /// One call after the other, then done.
  static func next(_ calls: [Call], _ replies: [Reply], id: String?) -> Next {
    replies.count < calls.count
      ? .call(calls[replies.count]) : .done(id: id ?? "", attributes: .object([:]))
  }
}
