import Document
import TrueupCore

/// An inline policy of a role. Its id is what CloudFormation makes of the registry's identifier,
/// `policy|role`.
public struct RolePolicy: SequencedKind {
  public init() {}

  public let type = "AWS::IAM::RolePolicy"

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey("PolicyName", within: ["RoleName"])]),
    placement: .global,
    ownership: .inside([Parent("RoleName", "AWS::IAM::Role")]),
    properties: [
      "/PolicyDocument": .normal(.policyDocument).losing(.policy).notResettable(
        "IAM keeps no inline policy without a document")
    ])

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [IAM.roles] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    InlinePolicy.all(in: .role, replies).map { policy in
      let properties = policy.content.merging(["RoleName": .string(policy.holderName)])
      let id = Self.id(properties)
      return Observed(
        type: type, id: id, scope: context.scope,
        properties: properties.merging(["Id": .string(id)]))
    }
  }

  private static func id(_ properties: Document) -> String {
    "\(properties["PolicyName"]?.string ?? "")|\(properties["RoleName"]?.string ?? "")"
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let policy = Document.members(step.shown.members(named: ["PolicyDocument"])).merging(
      step.desired)
    guard let role = policy["RoleName"], policy["PolicyName"] != nil,
      policy["PolicyDocument"] != nil
    else {
      throw .failed("\(step.address) needs a PolicyName, a RoleName and a PolicyDocument")
    }
    try calls.make(PolicyHolder.role.put(policy, in: role))
    let id = Self.id(step.desired)
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try create(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    try calls.make(PolicyHolder.role.delete(shown, from: shown["RoleName"] ?? .null))
    return .done(id: id, attributes: [:])
  }
}
