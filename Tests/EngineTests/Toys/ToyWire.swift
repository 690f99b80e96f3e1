import Document
import TrueupCore

/// A kind without tags, in a host for good; a create of what exists gives that one back.
struct ToyWire: Kind {
  let type = "Test::Wire"
  let facts = TypeFacts(
    Identity(ref: "WireId", unique: [UniqueKey("Endpoint", within: ["HostName"])]),
    placement: .regional.unswept,
    ownership: .inside([Parent("HostName", "Test::Host")]),
    properties: [
      "/HostName": .createOnly,
      "/Endpoint": .createOnly,
    ])

  static let read = Read(
    Call("toys", "DescribeWires", .object([:])), pageSize: 2, isEssential: true)

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.read] }

  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.read]?.output?["Items"]?.list ?? []).map {
      ToyReply.observed($0, type: type, id: "WireId", context.scope)
    }
  }

  func next(_ step: Step, _ replies: [Reply]) -> Next {
    switch step.action {
    case .create:
      guard let reply = replies.first else {
        return .call(
          Call("toys", "CreateWire", step.desired, transientCodes: ["HostNotFound"], patience: 60))
      }
      let id = reply.output?["WireId"] ?? ""
      return .done(id: id.string ?? "", attributes: ["WireId": id])
    case .update:
      let call = Call("toys", "ModifyWire", ToyReply.changes(step, id: "WireId"))
      return ToyReply.next(step.changed.isEmpty ? [] : [call], replies, id: step.id)
    case .delete:
      let call = Call(
        "toys", "DeleteWire", ["WireId": .string(step.id ?? "")], absentCodes: ["WireNotFound"])
      return ToyReply.next([call], replies, id: step.id)
    }
  }
}
