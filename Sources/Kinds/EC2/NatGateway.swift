import Document
import TrueupCore

/// A NAT gateway: public or private, of one zone or of a whole VPC (`AvailabilityMode: regional`).
public struct NatGateway: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::NatGateway"

  public let facts = TypeFacts(
    Identity(ref: "NatGatewayId", unique: [.exclusive("AllocationId", "SecondaryAllocationIds")]),
    properties: [
      "/SecondaryAllocationIds": .set.losing(.members),
      "/SecondaryPrivateIpAddresses": .set.losing(.members),
      "/AvailabilityZoneAddresses": .keyed("AvailabilityZone").losing(.members),
      "/AvailabilityZoneAddresses/*/AllocationIds": .set.losing(.members),
      "/ConnectivityType": .defaultsTo("public"),
      "/AvailabilityMode": .defaultsTo("zonal"),
      "/AvailabilityZoneAddresses/*/AvailabilityZoneId": .unsupported(
        "EC2 shows zones by both, and only one can be the key: declare AvailabilityZone"),
      "/MaxDrainDurationSeconds": .notReadable(
        "it goes along with a removal of addresses, and is not kept"),
    ])

  static let addresses = [
    "SecondaryAllocationIds", "SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount",
    "AvailabilityZoneAddresses",
  ]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.natGateways] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.natGateways]?.output?["NatGateways"]?.list ?? []).compactMap { gateway in
      guard let id = gateway["NatGatewayId"]?.string,
        ["pending", "available", "deleting"].contains(gateway["State"]?.string)
      else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope, properties: properties(gateway),
        tags: Tags.read(gateway["Tags"]), createdAt: gateway["CreateTime"]?.double,
        transition: gateway["State"] == "deleting" ? "deleting" : nil)
    }
  }

  func properties(_ gateway: Document) -> Document {
    var members = gateway.members(named: [
      "NatGatewayId", "SubnetId", "VpcId", "ConnectivityType", "AvailabilityMode", "RouteTableId",
    ])
    for switched in ["AutoProvisionZones", "AutoScalingIps"] {
      members[switched] = gateway[switched]
    }
    let addresses = NatGatewayAddresses(gateway)
    if gateway["AvailabilityMode"] == "regional" {
      members["AvailabilityZoneAddresses"] = addresses.byZone
      members["SubnetId"] = nil
      return .members(members)
    }
    members["AllocationId"] = addresses.primary?["AllocationId"]
    members["PrivateIpAddress"] = addresses.primary?["PrivateIp"]
    members["EniId"] = addresses.primary?["NetworkInterfaceId"]
    members["SecondaryAllocationIds"] = .list(addresses.secondary.compactMap { $0["AllocationId"] })
    members["SecondaryPrivateIpAddresses"] = .list(
      addresses.secondary.compactMap { $0["PrivateIp"] })
    members["SecondaryPrivateIpAddressCount"] = .integer(addresses.secondary.count)
    return .members(members)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: [
      "AllocationId", "AvailabilityMode", "ConnectivityType", "PrivateIpAddress",
      "SecondaryAllocationIds", "SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount",
      "SubnetId", "AvailabilityZoneAddresses",
    ])
    // With a subnet, its VPC is understood.
    if step.desired["SubnetId"] == nil { input["VpcId"] = step.desired["VpcId"] }
    input["ClientToken"] = .string(step.token)
    input["TagSpecifications"] = EC2.tagSpecifications(step.tags, of: "natgateway")
    let created = try calls.make(
      Call(
        "ec2", "CreateNatGateway", .members(input),
        transientCodes: ["InvalidSubnetID.NotFound", "InvalidAllocationID.NotFound"]))
    guard let id = created.output?["NatGateway"]?["NatGatewayId"]?.string else {
      throw .failed("CreateNatGateway answered without an id")
    }
    return .done(id: id, attributes: properties(try available(id, &calls)))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    var attributes = step.unchanged
    if !step.changed.isDisjoint(with: Self.addresses) {
      let now = try calls.make(
        Call("ec2", "DescribeNatGateways", ["NatGatewayIds": [.string(id)]]))
      let gateway = now.output?["NatGateways"]?[0] ?? [:]
      try calls.make(NatGatewayAddresses(gateway).calls(of: step, id))
      attributes = properties(try available(id, &calls))
    }
    try calls.make(EC2.tagCalls(step, id))
    return .done(id: id, attributes: attributes)
  }

  /// Waits until it is gone: only then can its subnet be deleted and its addresses released.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let reply = try calls.make(
      Call(
        "ec2", "DeleteNatGateway", ["NatGatewayId": .string(id)],
        absentCodes: ["NatGatewayNotFound"], transientCodes: ["DependencyViolation"],
        patience: EC2.deletionPatience))
    if reply != .absent {
      _ = try calls.wait(
        Call(
          "ec2", "DescribeNatGateways", ["NatGatewayIds": [.string(id)]],
          absentCodes: ["NatGatewayNotFound"], batch: CallBatch("NatGateways", by: "NatGatewayId")),
        every: 10, limit: 900, until: "\(id) is deleted"
      ) { output in
        let state = output["NatGateways"]?[0]?["State"]
        return state == nil || state == "deleted" ? .ready : .waiting
      }
    }
    return .done(id: id, attributes: [:])
  }

  /// The gateway once it works, with all its addresses.
  private func available(_ id: String, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Document
  {
    let output = try calls.wait(
      Call(
        "ec2", "DescribeNatGateways", ["NatGatewayIds": [.string(id)]],
        transientCodes: ["NatGatewayNotFound"],
        batch: CallBatch("NatGateways", by: "NatGatewayId")),
      every: 10, limit: 900, until: "\(id) is available"
    ) { output in
      let gateway = output["NatGateways"]?[0] ?? [:]
      switch gateway["State"]?.string {
      case "available":
        return NatGatewayAddresses(gateway).isSettled ? .ready : .waiting
      case "failed", "deleting", "deleted":
        let code = gateway["FailureCode"]?.string ?? "no code"
        let message = gateway["FailureMessage"]?.string ?? "EC2 gives no reason"
        return .failed("\(id) failed: \(message) (\(code))")
      default: return .waiting
      }
    }
    return output["NatGateways"]?[0] ?? [:]
  }
}
