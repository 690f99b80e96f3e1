import Document
import TrueupCore

/// A set of DHCP options. `AWS::EC2::VPCDHCPOptionsAssociation` gives it to a VPC. EC2 cannot change one:
/// every change makes a new set.
public struct DHCPOptions: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::DHCPOptions"

  public let facts = TypeFacts(
    Identity(ref: "DhcpOptionsId", arn: "ec2:dhcp-options"))

  /// What EC2 calls the properties (`CreateDhcpOptions`).
  private static let keys: KeyValuePairs<String, String> = [
    "DomainName": "domain-name", "DomainNameServers": "domain-name-servers",
    "Ipv6AddressPreferredLeaseTime": "ipv6-address-preferred-lease-time",
    "NetbiosNameServers": "netbios-name-servers", "NetbiosNodeType": "netbios-node-type",
    "NtpServers": "ntp-servers",
  ]

  private static let lists: Set = ["DomainNameServers", "NetbiosNameServers", "NtpServers"]
  private static let numbers: Set = ["Ipv6AddressPreferredLeaseTime", "NetbiosNodeType"]

  let listing = Listing(
    Read(Call("ec2", "DescribeDhcpOptions", [:]), pageSize: 1000, isEssential: true), "DhcpOptions")
  let tagging = EC2Tags("dhcp-options")
  let creation = Creation(
    Call("ec2", "CreateDhcpOptions", [:]), id: ["DhcpOptions", "DhcpOptionsId"])
  let deletion = EC2.deletion(
    "DeleteDhcpOptions", "DhcpOptionsId", absent: "InvalidDhcpOptionID.NotFound",
    "InvalidDhcpOptionsID.NotFound")

  func properties(of options: Document, _ context: ReadContext) -> [String: Document?] {
    var properties: [String: Document?] = [:]
    for (property, key) in Self.keys {
      let option = (options["DhcpConfigurations"]?.list ?? []).first { $0["Key"]?.string == key }
      let values = (option?["Values"]?.list ?? []).compactMap { $0["Value"]?.string }
      guard let first = values.first else { continue }
      if Self.lists.contains(property) {
        properties[property] = .list(values.map { .string($0) })
      } else if Self.numbers.contains(property) {
        properties[property] = Int(first).map(Document.integer) ?? .string(first)
      } else {
        properties[property] = .string(first)
      }
    }
    return properties
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    let configurations = Self.keys.compactMap { property, key -> Document? in
      guard let value = step.desired[property] else { return nil }
      let values = (value.list ?? [value]).compactMap { element in
        (element.string ?? element.integer.map(String.init)).map(Document.string)
      }
      return values.isEmpty ? nil : ["Key": .string(key), "Values": .list(values)]
    }
    return tagging.input(step).merging(["DhcpConfigurations": .list(configurations)]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    let id = try creation.id(in: output)
    // Not every endpoint takes tags along with the creation; EC2 shows those that it took.
    let shown = Tags.read(output["DhcpOptions"]?["Tags"])
    let missing = step.tags.filter { shown[$0.key] != $0.value }
    if !missing.isEmpty {
      try calls.make(
        Call("ec2", "CreateTags", ["Resources": [.string(id)], "Tags": Tags.list(missing)]))
    }
    return done(step, id)
  }
}
