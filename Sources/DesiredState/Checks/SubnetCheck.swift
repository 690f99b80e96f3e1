import Document
import TrueupCore

/// Subnets lie in the ranges of their VPC, and have nothing in common.
/// Source: EC2 API, CreateSubnet, "InvalidSubnet.Range" and "InvalidSubnet.Conflict".
struct SubnetCheck {
  let values: RelatedValues
  /// Resources that are reported as one already.
  let collisions: Set<Address>

  /// A VPC of the fleet, or one that is named by its id.
  private enum Home: Hashable {
    case declared(Address)
    case named(String, Scope)
  }

  /// What is known of the ranges of a VPC.
  private struct Ranges {
    var networks: [Network] = []
    /// Lengths of addresses, in bytes, of which more may come from AWS.
    var open: Set<Int> = []
  }

  private struct Part {
    var network: Network
    var property: String
    var resource: DesiredResource
  }

  func findings(_ resources: [DesiredResource]) -> [RelatedValues.Finding] {
    let ranges = ranges(resources)
    var parts: [Home: [Part]] = [:]
    for subnet in resources where subnet.type == "AWS::EC2::Subnet" {
      guard let home = home(of: subnet) else { continue }
      for property in ["CidrBlock", "Ipv6CidrBlock", "Ipv6CidrBlocks"] {
        for network in values.networks(property, of: subnet) {
          parts[home, default: []].append(
            Part(network: network, property: property, resource: subnet))
        }
      }
    }
    return parts.flatMap { home, parts in
      let strays = ranges[home].map { outside(parts, $0) } ?? []
      return strays + overlaps(parts)
    }
  }

  private func home(of resource: DesiredResource) -> Home? {
    if let vpc = values.target("VpcId", of: resource) { return .declared(vpc.address) }
    return values.known("VpcId", of: resource)?.string.map { .named($0, resource.scope) }
  }

  private func ranges(_ resources: [DesiredResource]) -> [Home: Ranges] {
    var ranges: [Home: Ranges] = [:]
    for resource in resources {
      let home: Home
      switch resource.type {
      case "AWS::EC2::VPC": home = .declared(resource.address)
      case "AWS::EC2::VPCCidrBlock":
        guard let vpc = values.target("VpcId", of: resource) else { continue }
        home = .declared(vpc.address)
      default: continue
      }
      var known = ranges[home] ?? Ranges()
      let block = values.networks("CidrBlock", of: resource)
      let block6 = values.networks("Ipv6CidrBlock", of: resource)
      known.networks += block + block6
      let members = resource.properties.members ?? [:]
      // A range of a pool, and one that AWS gives, is not known before.
      if block.isEmpty, members["CidrBlock"] != nil || members["Ipv4IpamPoolId"] != nil {
        known.open.insert(4)
      }
      if block6.isEmpty, members.keys.contains(where: { $0.contains("pv6") }) {
        known.open.insert(16)
      }
      ranges[home] = known
    }
    // Blocks may be added to what is only named.
    return ranges
  }

  private func outside(_ parts: [Part], _ ranges: Ranges) -> [RelatedValues.Finding] {
    parts.compactMap { part in
      let alike = ranges.networks.filter { $0.bytes.count == part.network.bytes.count }
      guard !alike.isEmpty, !ranges.open.contains(part.network.bytes.count),
        !alike.contains(where: {
          $0.overlaps(part.network) && $0.prefixLength <= part.network.prefixLength
        })
      else { return nil }
      let list = alike.map(\.description).joined(separator: " and ")
      return RelatedValues.Finding(
        resource: part.resource, property: part.property,
        message:
          "AWS::EC2::Subnet /\(part.property) \(part.network) is outside of its VPC, which has "
          + list, other: nil)
    }
  }

  /// Sorted, those that overlap stand behind the largest.
  private func overlaps(_ parts: [Part]) -> [RelatedValues.Finding] {
    let sorted = parts.sorted { left, right in
      let (one, other) = (left.network, right.network)
      if one.bytes.count != other.bytes.count { return one.bytes.count < other.bytes.count }
      if one.bytes != other.bytes { return one.bytes.lexicographicallyPrecedes(other.bytes) }
      return (one.prefixLength, left.resource.location, left.resource.address)
        < (other.prefixLength, right.resource.location, right.resource.address)
    }
    var findings: [RelatedValues.Finding] = []
    var largest: Part?
    for part in sorted {
      guard let first = largest, first.network.overlaps(part.network) else {
        largest = part
        continue
      }
      if first.network == part.network, collisions.contains(part.resource.address) { continue }
      // The later one in the file is the one to blame.
      let isLater =
        (part.resource.location, part.resource.address)
        >= (first.resource.location, first.resource.address)
      let (blamed, other) = isLater ? (part, first) : (first, part)
      findings.append(
        RelatedValues.Finding(
          resource: blamed.resource, property: blamed.property,
          message:
            "AWS::EC2::Subnet /\(blamed.property) \(blamed.network) overlaps \(other.network)",
          other: other.resource))
    }
    return findings
  }
}
