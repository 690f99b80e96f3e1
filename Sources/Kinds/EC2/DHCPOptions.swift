import Document
import TrueupCore

/// A set of DHCP options. `AWS::EC2::VPCDHCPOptionsAssociation` gives it to a VPC. EC2 cannot change one:
/// every change makes a new set.
public struct DHCPOptions: TagsOnlyKind {
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

  private static let options = Read(
    Call("ec2", "DescribeDhcpOptions", [:]), pageSize: 1000, isEssential: true)

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.options] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.options]?.output?["DhcpOptions"]?.list ?? []).compactMap { options in
      guard let id = options["DhcpOptionsId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope, properties: properties(options, id),
        tags: Tags.read(options["Tags"]))
    }
  }

  private func properties(_ options: Document, _ id: String) -> Document {
    var properties: [String: Document] = ["DhcpOptionsId": .string(id)]
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
    return .object(properties)
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let configurations = Self.keys.compactMap { property, key -> Document? in
      guard let value = step.desired[property] else { return nil }
      let values = (value.list ?? [value]).compactMap { element in
        (element.string ?? element.integer.map(String.init)).map(Document.string)
      }
      return values.isEmpty ? nil : ["Key": .string(key), "Values": .list(values)]
    }
    let created = try calls.make(
      Call(
        "ec2", "CreateDhcpOptions",
        .members([
          "DhcpConfigurations": .list(configurations),
          "TagSpecifications": EC2.tagSpecifications(step.tags, of: "dhcp-options"),
        ])))
    guard let id = created.output?["DhcpOptions"]?["DhcpOptionsId"]?.string else {
      throw .failed("CreateDhcpOptions answered without an id")
    }
    // Not every endpoint takes tags along with the creation; EC2 shows those that it took.
    let shown = Tags.read(created.output?["DhcpOptions"]?["Tags"])
    let missing = step.tags.filter { shown[$0.key] != $0.value }
    if !missing.isEmpty {
      try calls.make(
        Call("ec2", "CreateTags", ["Resources": [.string(id)], "Tags": Tags.list(missing)]))
    }
    return .done(id: id, attributes: step.desired.merging(["DhcpOptionsId": .string(id)]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion(
        "DeleteDhcpOptions", ["DhcpOptionsId": .string(id)],
        absent: "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound"))
    return .done(id: id, attributes: [:])
  }
}
