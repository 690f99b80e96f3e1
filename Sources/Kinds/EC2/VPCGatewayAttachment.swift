import Document
import TrueupCore

/// The attachment of an internet gateway or a virtual private gateway to a VPC, which has at most one
/// of each. Its id is the registry's: `IGW|vpc-1`, `VGW|vpc-1`.
public struct VPCGatewayAttachment: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::VPCGatewayAttachment"

  private static let internet = "IGW"
  private static let vpn = "VGW"

  public let facts = TypeFacts(
    Identity(
      ref: "Id",
      unique: [
        UniqueKey("AttachmentType", within: ["VpcId"]),
        .exclusive("InternetGatewayId", "VpnGatewayId"),
      ]),
    ownership: .inside([Parent("VpcId", "AWS::EC2::VPC")]),
    canonical: { properties in
      guard properties["AttachmentType"] == nil, properties["VpcId"] != nil else {
        return properties
      }
      let type = properties["VpnGatewayId"] == nil ? internet : vpn
      return properties.merging(["AttachmentType": .string(type)])
    })

  static let vpnGateways = Read(
    Call("ec2", "DescribeVpnGateways", [:]), isEssential: true)

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    context.properties.contains("VpnGatewayId")
      ? [EC2.internetGateways, Self.vpnGateways] : [EC2.internetGateways]
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let internet = attachments(
      replies[EC2.internetGateways]?.output?["InternetGateways"], "Attachments",
      "InternetGatewayId", Self.internet)
    let vpn = attachments(
      replies[Self.vpnGateways]?.output?["VpnGateways"], "VpcAttachments", "VpnGatewayId", Self.vpn)
    return (internet + vpn).map { properties in
      Observed(
        type: type, id: properties["Id"]?.string ?? "", scope: context.scope,
        properties: properties)
    }
  }

  /// Of internet gateways, EC2 calls an attachment `available`.
  private func attachments(
    _ gateways: Document?, _ member: String, _ property: String, _ attachmentType: String
  ) -> [Document] {
    (gateways?.list ?? []).flatMap { gateway in
      (gateway[member]?.list ?? []).compactMap { attachment -> Document? in
        guard let vpc = attachment["VpcId"]?.string,
          ["available", "attached", "attaching"].contains(attachment["State"]?.string)
        else { return nil }
        return .members([
          "Id": .string("\(attachmentType)|\(vpc)"), "AttachmentType": .string(attachmentType),
          "VpcId": .string(vpc), property: gateway[property],
        ])
      }
    }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try attach(step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard !step.changed.isEmpty else {
      return .done(id: try step.existingID(), attributes: step.unchanged)
    }
    try detach(step.observed?.properties ?? [:], &calls)
    return try attach(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try detach(step.observed?.properties ?? [:], &calls)
    return .done(id: id, attributes: [:])
  }

  private func attach(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next
  {
    guard let vpc = step.desired["VpcId"]?.string else {
      throw .failed("\(step.address) has no VpcId")
    }
    if let gateway = step.desired["InternetGatewayId"] {
      try calls.make(
        Call(
          "ec2", "AttachInternetGateway", ["InternetGatewayId": gateway, "VpcId": .string(vpc)],
          transientCodes: ["InvalidInternetGatewayID.NotFound", "InvalidVpcID.NotFound"]))
    }
    if let gateway = step.desired["VpnGatewayId"] {
      try calls.make(
        Call(
          "ec2", "AttachVpnGateway", ["VpnGatewayId": gateway, "VpcId": .string(vpc)],
          transientCodes: ["InvalidVpnGatewayID.NotFound", "InvalidVpcID.NotFound"]))
      _ = try calls.wait(
        Call(
          "ec2", "DescribeVpnGateways", ["VpnGatewayIds": [gateway]],
          batch: CallBatch("VpnGateways", by: "VpnGatewayId")), every: 10, limit: 600,
        until: "\(gateway.string ?? "the gateway") is attached"
      ) { output in
        (output["VpnGateways"]?[0]?["VpcAttachments"]?.list ?? []).contains {
          $0["VpcId"]?.string == vpc && $0["State"] == "attached"
        } ? .ready : .waiting
      }
    }
    let kind = step.desired["VpnGatewayId"] == nil ? Self.internet : Self.vpn
    let id = "\(kind)|\(vpc)"
    return .done(
      id: id,
      attributes: step.desired.merging(["Id": .string(id), "AttachmentType": .string(kind)]))
  }

  /// Public addresses in the VPC keep an internet gateway attached until they are gone.
  private func detach(_ shown: Document, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    if let gateway = shown["InternetGatewayId"] {
      try calls.make(
        Call(
          "ec2", "DetachInternetGateway",
          .members(["InternetGatewayId": gateway, "VpcId": shown["VpcId"]]),
          absentCodes: ["Gateway.NotAttached", "InvalidInternetGatewayID.NotFound"],
          transientCodes: ["DependencyViolation"], patience: EC2.deletionPatience))
    }
    if let gateway = shown["VpnGatewayId"] {
      try calls.make(
        Call(
          "ec2", "DetachVpnGateway", .members(["VpnGatewayId": gateway, "VpcId": shown["VpcId"]]),
          absentCodes: ["InvalidVpnGatewayAttachment.NotFound", "InvalidVpnGatewayID.NotFound"],
          transientCodes: ["DependencyViolation", "IncorrectState"],
          patience: EC2.deletionPatience))
      _ = try calls.wait(
        Call(
          "ec2", "DescribeVpnGateways", ["VpnGatewayIds": [gateway]],
          batch: CallBatch("VpnGateways", by: "VpnGatewayId")), every: 10, limit: 600,
        until: "\(gateway.string ?? "the gateway") is detached"
      ) { output in
        (output["VpnGateways"]?[0]?["VpcAttachments"]?.list ?? []).allSatisfy {
          $0["VpcId"] != shown["VpcId"] || $0["State"] == "detached"
        } ? .ready : .waiting
      }
    }
  }
}
