import Document
import TrueupCore

/// A subnet's IPv6 range: it holds one at a time, which can be taken off and put on.
/// Source: EC2 API, AssociateSubnetCidrBlock and DisassociateSubnetCidrBlock.
extension Subnet {
  /// Gives the subnet the desired range in place of the one it has, and returns the subnet's
  /// properties then.
  func changeRange(
    _ id: String, to desired: Document, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    var subnet = try settled(id, &calls)
    let old = ranges(of: subnet).compactMap { $0["AssociationId"] }
    for association in old {
      try calls.make(
        Call(
          "ec2", "DisassociateSubnetCidrBlock", ["AssociationId": association],
          absentCodes: ["InvalidSubnetCidrBlockAssociationID.NotFound"]))
    }
    if !old.isEmpty { subnet = try settled(id, without: old, &calls) }
    if let range = desired["Ipv6CidrBlock"] {
      try calls.make(
        Call(
          "ec2", "AssociateSubnetCidrBlock", ["SubnetId": .string(id), "Ipv6CidrBlock": range]))
      subnet = try settled(id, expecting: range, &calls)
    }
    return properties(subnet)
  }

  /// The subnet once it is available and no range of it is on its way in or out.
  ///
  /// - Parameters:
  ///   - expected: the range that it must show.
  ///   - gone: associations that it must not show any more.
  func settled(
    _ id: String, expecting expected: Document? = nil, without gone: [Document] = [],
    _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    let output = try calls.wait(
      Call(
        "ec2", "DescribeSubnets", ["SubnetIds": [.string(id)]],
        transientCodes: ["InvalidSubnetID.NotFound"], batch: CallBatch("Subnets", by: "SubnetId")),
      every: 2, limit: 120, until: "subnet \(id) is available"
    ) { output in
      guard let subnet = output["Subnets"]?[0] else { return .waiting }
      switch subnet["State"]?.string {
      case "available": break
      case "pending", nil: return .waiting
      case let state?: return .failed("subnet \(id) is \(state)")
      }
      let states = (subnet["Ipv6CidrBlockAssociationSet"]?.list ?? []).map { range in
        (range: range, state: range["Ipv6CidrBlockState"]?["State"]?.string ?? "")
      }
      if states.contains(where: { ["associating", "disassociating"].contains($0.state) }) {
        return .waiting
      }
      let ours = states.filter { isSame($0.range["Ipv6CidrBlock"], expected) }
      if ours.contains(where: { !EC2.isGone($0.range["Ipv6CidrBlockState"]) }) { return .ready }
      if let failed = ours.first(where: { ["failing", "failed"].contains($0.state) }) {
        let reason = failed.range["Ipv6CidrBlockState"]?["StatusMessage"]?.string
        return .failed(
          "the IPv6 range of subnet \(id) failed: \(reason ?? "EC2 gives no reason")")
      }
      let left = ranges(of: subnet).compactMap { $0["AssociationId"] }
      return expected != nil || left.contains(where: gone.contains) ? .waiting : .ready
    }
    return output["Subnets"]?[0] ?? [:]
  }

  /// The associations of the ranges that the subnet has.
  func ranges(of subnet: Document) -> [Document] {
    EC2.associations(subnet["Ipv6CidrBlockAssociationSet"], state: "Ipv6CidrBlockState")
  }

  private func isSame(_ left: Document?, _ right: Document?) -> Bool {
    guard let left = left?.string, let right = right?.string else { return false }
    return left == right || Network(left).map { $0 == Network(right) } ?? false
  }
}
