import Document
import TrueupCore

/// A kind without tags, in nothing: found by its name alone.
struct ToyBoard: Kind {
  let type = "Test::Board"
  let facts = TypeFacts(
    Identity(ref: "BoardName", name: NameRule(property: "BoardName", maximumLength: 40)),
    placement: .regional.unswept, ownership: .byName, properties: ["/BoardName": .createOnly])

  static let read = Read(
    Call("toys", "DescribeBoards", .object([:])), pageSize: 2, isEssential: true)

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.read] }

  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.read]?.output?["Items"]?.list ?? []).map {
      ToyReply.observed($0, type: type, id: "BoardName", context.scope)
    }
  }

  func next(_ step: Step, _ replies: [Reply]) -> Next {
    switch step.action {
    case .create:
      let call = Call("toys", "CreateBoard", step.desired)
      return ToyReply.next([call], replies, id: step.desired["BoardName"]?.string)
    case .update:
      let call = Call("toys", "ModifyBoard", ToyReply.changes(step, id: "BoardName"))
      return ToyReply.next(step.changed.isEmpty ? [] : [call], replies, id: step.id)
    case .delete:
      let call = Call(
        "toys", "DeleteBoard", ["BoardName": .string(step.id ?? "")],
        absentCodes: ["BoardNotFound"])
      return ToyReply.next([call], replies, id: step.id)
    }
  }
}
