import Document
import TrueupCore

/// A kind with a name, that lies in a net for good, may refer to another, and holds a secret.
struct ToyHost: Kind {
  let type = "Test::Host"
  let facts = TypeFacts(
    Identity(
      ref: "HostName", name: NameRule(property: "HostName", maximumLength: 40), arn: "toys:host"),
    properties: [
      "/HostName": .createOnly,
      "/NetId": .createOnly,
    ])

  static let read = Read(
    Call("toys", "DescribeHosts", .object([:])), pageSize: 2, isEssential: true)

  /// Asks for the nets too, as kinds do that look at their parents.
  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.read, ToyNet.read] }

  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.read]?.output?["Items"]?.list ?? []).map {
      ToyReply.observed($0, type: type, id: "HostName", context.scope)
    }
  }

  func next(_ step: Step, _ replies: [Reply]) -> Next {
    switch step.action {
    case .create:
      var input = step.desired.object ?? [:]
      input["Tags"] = ToyReply.tags(step.tags)
      let call = Call(
        "toys", "CreateHost", .object(input), transientCodes: ["NetNotFound"], patience: 60)
      return ToyReply.next([call], replies, id: step.desired["HostName"]?.string)
    case .update:
      var calls: [Call] = []
      if !step.changed.isEmpty {
        calls.append(Call("toys", "ModifyHost", ToyReply.changes(step, id: "HostName")))
      }
      return ToyReply.next(calls + ToyReply.tagging(step, "Host"), replies, id: step.id)
    case .delete:
      let call = Call(
        "toys", "DeleteHost", ["HostName": .string(step.id ?? "")],
        absentCodes: ["HostNotFound"], transientCodes: ["DependencyViolation"], patience: 60)
      return ToyReply.next([call], replies, id: step.id)
    }
  }
}
