import Document
import TrueupCore

/// A NAT gateway: public or private, of one zone or of a whole VPC (`AvailabilityMode: regional`).
public struct NatGateway: ComposedKind {
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

  let listing = Listing(EC2.natGateways, "NatGateways", created: "CreateTime")
  let tagging = EC2Tags("natgateway")

  func id(of gateway: Document) -> String? {
    ["pending", "available", "deleting"].contains(gateway["State"]?.string)
      ? gateway["NatGatewayId"]?.string : nil
  }

  func transition(of gateway: Document) -> String? {
    gateway["State"] == "deleting" ? "deleting" : nil
  }

  func properties(of gateway: Document, _ context: ReadContext) -> [String: Document?] {
    properties(gateway).object ?? [:]
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

  let creation = Creation(
    Call(
      "ec2", "CreateNatGateway", [:],
      transientCodes: ["InvalidSubnetID.NotFound", "InvalidAllocationID.NotFound"]),
    [
      "AllocationId", "AvailabilityMode", "ConnectivityType", "PrivateIpAddress",
      "SecondaryAllocationIds", "SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount",
      "SubnetId", "AvailabilityZoneAddresses",
    ], id: ["NatGateway", "NatGatewayId"], token: "ClientToken")
  let deletion = Deletion(
    Call(
      "ec2", "DeleteNatGateway", [:], absentCodes: ["NatGatewayNotFound"],
      transientCodes: ["DependencyViolation"], patience: EC2.deletionPatience), "NatGatewayId")

  /// With a subnet, its VPC is understood.
  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    let vpc = step.desired["SubnetId"] == nil ? step.desired["VpcId"] : nil
    return tagging.input(step).merging(["VpcId": vpc]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
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
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: attributes)
  }

  /// Waits until it is gone: only then can its subnet be deleted and its addresses released.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let reply = try calls.make(deletion.call(id))
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
