import Document
import TrueupCore

/// An egress-only internet gateway: the way out of a VPC for IPv6, with no way in.
public struct EgressOnlyInternetGateway: TagsOnlyKind {
  public init() {}

  public let type = "AWS::EC2::EgressOnlyInternetGateway"

  public let facts = TypeFacts(
    Identity(ref: "Id"))

  /// API: MaxResults is 255 at most.
  private static let gateways = Read(
    Call("ec2", "DescribeEgressOnlyInternetGateways", [:]), pageSize: 255, isEssential: true)

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.gateways] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.gateways]?.output?["EgressOnlyInternetGateways"]?.list ?? []).compactMap {
      gateway in
      guard let id = gateway["EgressOnlyInternetGatewayId"]?.string else { return nil }
      let attachment = (gateway["Attachments"]?.list ?? []).first {
        ["attached", "attaching"].contains($0["State"]?.string)
      }
      return Observed(
        type: type, id: id, scope: context.scope,
        properties: .members(["Id": .string(id), "VpcId": attachment?["VpcId"]]),
        tags: Tags.read(gateway["Tags"]))
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      Call(
        "ec2", "CreateEgressOnlyInternetGateway",
        .members([
          "VpcId": step.desired["VpcId"], "ClientToken": .string(step.token),
          "TagSpecifications": EC2.tagSpecifications(
            step.tags, of: "egress-only-internet-gateway"),
        ]), transientCodes: ["InvalidVpcID.NotFound"]))
    let gateway = created.output?["EgressOnlyInternetGateway"]
    guard let id = gateway?["EgressOnlyInternetGatewayId"]?.string else {
      throw .failed("CreateEgressOnlyInternetGateway answered without an id")
    }
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion(
        "DeleteEgressOnlyInternetGateway", ["EgressOnlyInternetGatewayId": .string(id)],
        absent: "InvalidGatewayID.NotFound", "InvalidEgressOnlyInternetGatewayId.NotFound"))
    return .done(id: id, attributes: [:])
  }
}
