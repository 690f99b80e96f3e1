import Document
import TrueupCore

/// The addresses of a NAT gateway as EC2 shows them, and the calls that bring the others than the
/// primary one to what is desired.
struct NatGatewayAddresses {
  private let all: [Document]

  /// - Parameter gateway: a `NatGateway` of EC2.
  init(_ gateway: Document) {
    all = (gateway["NatGatewayAddresses"]?.list ?? []).filter { address in
      !["failed", "disassociating", "unassigning"].contains(address["Status"]?.string)
    }
  }

  /// The one that says so, else the first.
  var primary: Document? { all.first { $0["IsPrimary"] == true } ?? all.first }

  var secondary: [Document] { all.filter { $0 != primary } }

  /// No address is on its way in.
  var isSettled: Bool {
    !all.contains { ["assigning", "associating"].contains($0["Status"]?.string) }
  }

  /// Of a regional gateway: the registry's `AvailabilityZoneAddresses`.
  var byZone: Document {
    let zones = Dictionary(grouping: all.filter { $0["AllocationId"] != nil }) {
      $0["AvailabilityZone"]?.string ?? ""
    }
    return .list(
      zones.sorted { $0.key < $1.key }.map { zone, addresses in
        .members([
          "AvailabilityZone": .string(zone),
          "AllocationIds": .list(addresses.compactMap { $0["AllocationId"] }),
        ])
      })
  }

  // MARK: Changing

  /// The calls that lead to the step's desired addresses: what is new comes before what goes, because EC2
  /// associates none while the connections over others run out.
  /// Source: EC2 API, DisassociateNatGatewayAddress.
  func calls(of step: Step, _ id: String) -> [Call] {
    let isPublic = (step.desired["ConnectivityType"] ?? "public") == "public"
    if step.changed.contains("AvailabilityZoneAddresses") { return regional(step, id) }
    return isPublic ? elastic(step, id) : assigned(step, id)
  }

  private func regional(_ step: Step, _ id: String) -> [Call] {
    let zones = step.desired["AvailabilityZoneAddresses"]?.list ?? []
    let wanted = Set(zones.flatMap { $0["AllocationIds"]?.list ?? [] })
    let shown = Set(all.compactMap { $0["AllocationId"] })
    let added = zones.compactMap { zone -> Call? in
      let new = (zone["AllocationIds"]?.list ?? []).filter { !shown.contains($0) }
      guard !new.isEmpty else { return nil }
      return call(
        "AssociateNatGatewayAddress", id,
        [
          "AllocationIds": .list(new), "AvailabilityZone": zone["AvailabilityZone"],
        ])
    }
    return added + disassociation(of: all.filter { !has($0, "AllocationId", wanted) }, step, id)
  }

  private func elastic(_ step: Step, _ id: String) -> [Call] {
    let wanted = step.desired["SecondaryAllocationIds"]?.list ?? []
    let shown = Set(secondary.compactMap { $0["AllocationId"] })
    let new = wanted.filter { !shown.contains($0) }
    // Private addresses go with the public ones, in their order.
    let taken = Set(secondary.compactMap { $0["PrivateIp"] })
    let inside = (step.desired["SecondaryPrivateIpAddresses"]?.list ?? []).filter {
      !taken.contains($0)
    }
    let added =
      new.isEmpty
      ? []
      : [
        call(
          "AssociateNatGatewayAddress", id,
          [
            "AllocationIds": .list(new),
            "PrivateIpAddresses": inside.count == new.count ? .list(inside) : nil,
          ])
      ]
    let gone = secondary.filter { !has($0, "AllocationId", Set(wanted)) }
    return added + disassociation(of: gone, step, id)
  }

  private func assigned(_ step: Step, _ id: String) -> [Call] {
    let shown = secondary.compactMap { $0["PrivateIp"] }
    if let wanted = step.desired["SecondaryPrivateIpAddresses"]?.list {
      let new = wanted.filter { !shown.contains($0) }
      return assignment(id, ["PrivateIpAddresses": .list(new)], count: new.count)
        + unassignment(of: shown.filter { !wanted.contains($0) }, step, id)
    }
    let wanted = step.desired["SecondaryPrivateIpAddressCount"]?.integer ?? 0
    return assignment(
      id, ["PrivateIpAddressCount": .integer(wanted - shown.count)], count: wanted - shown.count)
      + unassignment(of: Array(shown.dropFirst(max(wanted, 0))), step, id)
  }

  private func assignment(_ id: String, _ input: [String: Document?], count: Int) -> [Call] {
    count > 0 ? [call("AssignPrivateNatGatewayAddress", id, input)] : []
  }

  private func unassignment(of addresses: [Document], _ step: Step, _ id: String) -> [Call] {
    addresses.isEmpty
      ? []
      : [
        call(
          "UnassignPrivateNatGatewayAddress", id,
          [
            "PrivateIpAddresses": .list(addresses),
            "MaxDrainDurationSeconds": step.desired["MaxDrainDurationSeconds"],
          ])
      ]
  }

  private func disassociation(of addresses: [Document], _ step: Step, _ id: String) -> [Call] {
    let associations = addresses.compactMap { $0["AssociationId"] }
    return associations.isEmpty
      ? []
      : [
        call(
          "DisassociateNatGatewayAddress", id,
          [
            "AssociationIds": .list(associations),
            "MaxDrainDurationSeconds": step.desired["MaxDrainDurationSeconds"],
          ])
      ]
  }

  private func has(_ address: Document, _ member: String, _ wanted: Set<Document>) -> Bool {
    address[member].map(wanted.contains) ?? false
  }

  private func call(_ operation: String, _ id: String, _ input: [String: Document?]) -> Call {
    Call("ec2", operation, .members(input.merging(["NatGatewayId": .string(id)]) { $1 }))
  }
}
