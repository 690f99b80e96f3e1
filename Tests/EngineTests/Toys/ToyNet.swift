import Document
import TrueupCore

/// A kind without a name: created by several calls, ready after a while, and not to be deleted while
/// something is in it.
struct ToyNet: Kind {
  let type = "Test::Net"
  let facts = TypeFacts(
    Identity(ref: "NetId", arn: "toys:net"),
    properties: [
      "/Cidr": .normal(.cidr).createOnly
    ])

  static let read = Read(
    Call("toys", "DescribeNets", .object([:])), pageSize: 2, isEssential: true)

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.read] }

  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.read]?.output?["Items"]?.list ?? []).map {
      ToyReply.observed($0, type: type, id: "NetId", context.scope)
    }
  }

  func next(_ step: Step, _ replies: [Reply]) -> Next {
    switch step.action {
    case .create: return create(step, replies)
    case .update:
      var calls: [Call] = []
      if !step.changed.isEmpty {
        calls.append(Call("toys", "ModifyNet", ToyReply.changes(step, id: "NetId")))
      }
      return ToyReply.next(calls + ToyReply.tagging(step, "Net"), replies, id: step.id)
    case .delete:
      let call = Call(
        "toys", "DeleteNet", ["NetId": .string(step.id ?? "")], absentCodes: ["NetNotFound"],
        transientCodes: ["DependencyViolation"], patience: 60)
      return ToyReply.next([call], replies, id: step.id)
    }
  }

  func obstacles(to deletion: Step) -> Call? {
    Call("toys", "DescribeHosts", .object([:]))
  }

  func obstacles(in output: Document) -> [String] {
    (output["Items"]?.list ?? []).compactMap { $0["HostName"]?.string }.filter { $0 == "stranger" }
  }

  private func create(_ step: Step, _ replies: [Reply]) -> Next {
    guard let first = replies.first else {
      return .call(
        Call(
          "toys", "CreateNet",
          ["Cidr": step.desired["Cidr"] ?? .null, "Tags": ToyReply.tags(step.tags)]))
    }
    let id = first.output?["NetId"]?.string ?? ""
    let shown = replies.dropFirst().prefix { $0.output?["State"] != "available" }
    if shown.count == replies.count - 1 {
      var read = Call(
        "toys", "GetNet", ["NetId": .string(id)], transientCodes: ["NetNotFound"], patience: 60)
      read.isNeeded = step.desired["Note"] != nil
      return .wait(read, every: 5, limit: 120, until: "net \(id) is available")
    }
    let isModified = replies.count > shown.count + 2
    if let note = step.desired["Note"], !isModified {
      return .call(Call("toys", "ModifyNet", ["NetId": .string(id), "Note": note]))
    }
    return .done(id: id, attributes: ["NetId": .string(id)])
  }
}
