import Document
import TrueupCore

/// An internet gateway. `AWS::EC2::VPCGatewayAttachment` attaches it.
public struct InternetGateway: TagsOnlyKind {
  public init() {}

  public let type = "AWS::EC2::InternetGateway"

  public let facts = TypeFacts(
    Identity(ref: "InternetGatewayId"))

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [EC2.internetGateways]
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.internetGateways]?.output?["InternetGateways"]?.list ?? []).compactMap { gateway in
      guard let id = gateway["InternetGatewayId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope, properties: ["InternetGatewayId": .string(id)],
        tags: Tags.read(gateway["Tags"]))
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      Call(
        "ec2", "CreateInternetGateway",
        .members([
          "TagSpecifications": EC2.tagSpecifications(step.tags, of: "internet-gateway")
        ])))
    guard let id = created.output?["InternetGateway"]?["InternetGatewayId"]?.string else {
      throw .failed("CreateInternetGateway answered without an id")
    }
    return .done(id: id, attributes: ["InternetGatewayId": .string(id)])
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion(
        "DeleteInternetGateway", ["InternetGatewayId": .string(id)],
        absent: "InvalidInternetGatewayID.NotFound"))
    return .done(id: id, attributes: [:])
  }
}
