import Document
import TrueupCore

/// An Elastic IP address. `AllocateAddress` knows no client token: an address whose reply was lost is
/// found again by its tags.
public struct EIP: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::EIP"

  public let facts = TypeFacts(
    Identity(ref: "PublicIp", identifiers: ["AllocationId"], arn: "ec2:elastic-ip"),
    properties: [
      // AllocateAddress alone takes them.
      "/Domain": .defaultsTo("vpc").createOnly,
      "/PublicIpv4Pool": .createOnly,
      "/TransferAddress": .unsupported(
        "an address that is handed over is accepted by hand (AcceptAddressTransfer), then adopted"),
      "/IpamPoolId": .notReadable("EC2 does not show the IPAM pool of an address"),
    ])

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.addresses] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.addresses]?.output?["Addresses"]?.list ?? []).compactMap { address in
      guard let ip = address["PublicIp"]?.string else { return nil }
      return Observed(
        type: type, id: ip, scope: context.scope, properties: properties(address),
        tags: Tags.read(address["Tags"]))
    }
  }

  private func properties(_ address: Document) -> Document {
    var members = address.members(named: [
      "PublicIp", "AllocationId", "Domain", "NetworkBorderGroup", "PublicIpv4Pool", "InstanceId",
    ])
    members["Address"] = address["PublicIp"]
    // A gap in the reply is an empty text where the address is not associated.
    if members["InstanceId"] == "" { members["InstanceId"] = nil }
    return .members(members)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: [
      "Address", "IpamPoolId", "NetworkBorderGroup", "PublicIpv4Pool",
    ])
    input["Domain"] = step.desired["Domain"] ?? "vpc"
    input["TagSpecifications"] = EC2.tagSpecifications(step.tags, of: "elastic-ip")
    let created = try calls.make(Call("ec2", "AllocateAddress", .members(input)))
    guard let output = created.output, let ip = output["PublicIp"]?.string else {
      throw .failed("AllocateAddress answered without an address")
    }
    if let instance = step.desired["InstanceId"] {
      try calls.make(associate(output["AllocationId"], with: instance))
    }
    return .done(
      id: ip,
      attributes: step.desired.merging(.members(["Domain": "vpc"])).merging(properties(output)))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    var attributes = step.unchanged
    if step.changed.contains("InstanceId") {
      if let instance = step.desired["InstanceId"] {
        try calls.make(associate(step.observed?.properties["AllocationId"], with: instance))
        attributes = attributes.merging(["InstanceId": instance])
      } else {
        try disassociate(step, &calls)
      }
    }
    try calls.make(tagCalls(step))
    return .done(id: id, attributes: attributes)
  }

  /// A gateway lets go of its address minutes after it was deleted.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? .object([:])
    if shown["InstanceId"] != nil { try disassociate(step, &calls) }
    try calls.make(
      Call(
        "ec2", "ReleaseAddress",
        // Of an address outside the region's own group, EC2 wants to hear the group.
        .members(shown.members(named: ["AllocationId", "NetworkBorderGroup"])),
        absentCodes: ["InvalidAllocationID.NotFound"],
        transientCodes: ["InvalidIPAddress.InUse", "AuthFailure"], patience: EC2.deletionPatience))
    return .done(id: id, attributes: [:])
  }

  /// Tags are of the allocation, not of the address.
  private func tagCalls(_ step: Step) -> [Call] {
    step.observed?.properties["AllocationId"]?.string.map { EC2.tagCalls(step, $0) } ?? []
  }

  private func associate(_ allocation: Document?, with instance: Document) -> Call {
    Call(
      "ec2", "AssociateAddress",
      .members([
        "AllocationId": allocation, "InstanceId": instance, "AllowReassociation": true,
      ]), transientCodes: ["InvalidAllocationID.NotFound", "InvalidInstanceID"])
  }

  private func disassociate(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    let found = try calls.make(
      Call(
        "ec2", "DescribeAddresses",
        ["AllocationIds": .list([step.observed?.properties["AllocationId"]].compactMap(\.self))],
        absentCodes: ["InvalidAllocationID.NotFound"]))
    guard let association = found.output?["Addresses"]?[0]?["AssociationId"],
      association.string?.isEmpty == false
    else { return }
    try calls.make(
      Call(
        "ec2", "DisassociateAddress", ["AssociationId": association],
        absentCodes: ["InvalidAssociationID.NotFound"]))
  }
}
