import Document
import TrueupCore

/// An Elastic IP address. `AllocateAddress` knows no client token: an address whose reply was lost is
/// found again by its tags.
public struct EIP: ComposedKind {
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

  let listing = Listing(EC2.addresses, "Addresses")
  let shown = [
    "PublicIp", "AllocationId", "Domain", "NetworkBorderGroup", "PublicIpv4Pool", "InstanceId",
  ]
  let tagging = EC2Tags("elastic-ip")
  let creation = Creation(
    Call("ec2", "AllocateAddress", [:]),
    ["Address", "IpamPoolId", "NetworkBorderGroup", "PublicIpv4Pool"], id: ["PublicIp"])
  let deletion = Deletion(
    Call(
      "ec2", "ReleaseAddress", [:], absentCodes: ["InvalidAllocationID.NotFound"],
      transientCodes: ["InvalidIPAddress.InUse", "AuthFailure"], patience: EC2.deletionPatience),
    "AllocationId")

  func properties(of address: Document, _ context: ReadContext) -> [String: Document?] {
    properties(address)
  }

  private func properties(_ address: Document) -> [String: Document?] {
    var members = address.members(named: shown)
    members["Address"] = address["PublicIp"]
    // A gap in the reply is an empty text where the address is not associated.
    if members["InstanceId"] == "" { members["InstanceId"] = nil }
    return members
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step).merging(["Domain": step.desired["Domain"] ?? "vpc"]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    let ip = try creation.id(in: output)
    if let instance = step.desired["InstanceId"] {
      try calls.make(associate(output["AllocationId"], with: instance))
    }
    return .done(
      id: ip,
      attributes: step.desired.merging(["Domain": "vpc"]).merging(.members(properties(output))))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let allocation = step.observed?.properties["AllocationId"]
    if step.changed.contains("InstanceId") {
      if let instance = step.desired["InstanceId"] {
        try calls.make(associate(allocation, with: instance))
      } else {
        try disassociate(step, &calls)
      }
    }
    // Tags are of the allocation, not of the address.
    if let allocation = allocation?.string { try calls.make(tagging.calls(step, allocation)) }
    return done(step, id)
  }

  /// A gateway lets go of its address minutes after it was deleted.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? .object([:])
    if shown["InstanceId"] != nil { try disassociate(step, &calls) }
    var call = deletion.call
    // Of an address outside the region's own group, EC2 wants to hear the group.
    call.input = .members(shown.members(named: ["AllocationId", "NetworkBorderGroup"]))
    try calls.make(call)
    return .done(id: id, attributes: [:])
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
