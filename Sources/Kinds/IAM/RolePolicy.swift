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
    PolicyHolder.role.details(replies[IAM.roles]?.output).flatMap { role in
      role.inline.compactMap { policy -> Observed? in
        guard let name = policy["PolicyName"]?.string else { return nil }
        let properties: Document = [
          "PolicyName": .string(name), "RoleName": .string(role.name),
          "PolicyDocument": policy["PolicyDocument"].map(IAM.document) ?? .null,
        ]
        return Observed(
          type: type, id: Self.id(properties), scope: context.scope,
          properties: properties.merging(["Id": .string(Self.id(properties))]))
      }
    }
  }

  private static func id(_ properties: Document) -> String {
    "\(properties["PolicyName"]?.string ?? "")|\(properties["RoleName"]?.string ?? "")"
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    try calls.make(
      PolicyHolder.role.delete(shown["PolicyName"] ?? .null, from: shown["RoleName"] ?? .null))
    return .done(id: id, attributes: [:])
  }

  private func put(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = Self.id(step.desired)
    guard let policy = step.desired["PolicyName"], let role = step.desired["RoleName"],
      let document = step.desired["PolicyDocument"] ?? step.observed?.properties["PolicyDocument"]
    else {
      throw .failed("\(step.address) needs a PolicyName, a RoleName and a PolicyDocument")
    }
    try calls.make(PolicyHolder.role.put(policy, document, in: role))
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }
}
