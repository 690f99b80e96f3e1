import Document
import TrueupCore

/// A subnet of a VPC.
public struct Subnet: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::Subnet"

  public let facts = TypeFacts(
    Identity(
      ref: "SubnetId", unique: [UniqueKey("CidrBlock", within: ["VpcId"], comparison: .overlap)]),
    properties: [
      "/Ipv6CidrBlocks": .set,
      "/CidrBlock": .normal(.cidr),
      "/Ipv6CidrBlock": .normal(.cidr),
      "/Ipv6CidrBlocks/*": .normal(.cidr),
      // Source: EC2 API, CreateSubnet and ModifySubnetAttribute.
      "/MapPublicIpOnLaunch": .defaultsTo(false).security,
      "/AssignIpv6AddressOnCreation": .defaultsTo(false),
      "/EnableDns64": .defaultsTo(false),
      "/Ipv6Native": .defaultsTo(false),
      "/PrivateDnsNameOptionsOnLaunch/HostnameType": .defaultsTo("ip-name"),
      "/PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsARecord": .defaultsTo(false),
      "/PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsAAAARecord": .defaultsTo(false),
      "/Ipv4IpamPoolId": .notReadable(
        "EC2 shows the range that came out of the pool, not the pool"),
      "/Ipv4NetmaskLength": .notReadable(
        "EC2 shows the range that came out of the pool, not what was asked of it"),
      "/Ipv6IpamPoolId": .notReadable(
        "EC2 shows the range that came out of the pool, not the pool"),
      "/Ipv6NetmaskLength": .notReadable(
        "EC2 shows the range that came out of the pool, not what was asked of it"),
    ])

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    context.properties.contains("NetworkAclAssociationId")
      ? [EC2.subnets, EC2.networkACLs] : [EC2.subnets]
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.subnets]?.output?["Subnets"]?.list ?? []).compactMap { subnet in
      guard let id = subnet["SubnetId"]?.string else { return nil }
      var observed = Observed(
        type: type, id: id, scope: context.scope, properties: properties(subnet),
        tags: Tags.read(subnet["Tags"]),
        transition: subnet["State"]?.string == "pending" ? "pending" : nil)
      observed.add("NetworkAclAssociationId", replies.finding(EC2.networkACLs)) { output in
        networkACLAssociation(of: id, in: output)
      }
      return observed
    }
  }

  func properties(_ subnet: Document) -> Document {
    let ranges = ranges(of: subnet).compactMap { $0["Ipv6CidrBlock"] }
    var members = subnet.members(named: [
      "SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "OutpostArn",
      "Ipv6Native", "MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64",
      "EnableLniAtDeviceIndex", "PrivateDnsNameOptionsOnLaunch", "BlockPublicAccessStates",
    ])
    members["Ipv6CidrBlock"] = ranges.first
    members["Ipv6CidrBlocks"] = .list(ranges)
    return .members(members)
  }

  private func networkACLAssociation(of id: String, in output: Document) -> Document? {
    (output["NetworkAcls"]?.list ?? []).lazy.flatMap { $0["Associations"]?.list ?? [] }
      .first { $0["SubnetId"]?.string == id }?["NetworkAclAssociationId"]
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var input = step.desired.members(named: [
      "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock", "Ipv6Native",
      "OutpostArn", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6IpamPoolId", "Ipv6NetmaskLength",
    ])
    input["TagSpecifications"] = EC2.tagSpecifications(step.tags, of: "subnet")
    let created = try calls.make(
      Call(
        "ec2", "CreateSubnet", .members(input), transientCodes: ["InvalidVpcID.NotFound"]))
    guard let id = created.output?["Subnet"]?["SubnetId"]?.string else {
      throw .failed("CreateSubnet answered without a subnet id")
    }
    let shown = properties(
      try settled(id, expecting: step.desired["Ipv6CidrBlock"], &calls))
    let isNative = shown["Ipv6Native"]?.bool ?? false
    for setting in SubnetSetting.allCases {
      guard let value = setting.value(in: step.desired),
        value != setting.value(in: shown) ?? setting.standard(ipv6Native: isNative)
      else { continue }
      try calls.make(setting.call(id, to: value))
    }
    return .done(id: id, attributes: try withNeeded(shown, step, id, &calls))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let observed = step.observed?.properties ?? [:]
    let isNative = observed["Ipv6Native"]?.bool ?? false
    let settings = SubnetSetting.allCases.compactMap { setting -> (call: Call, isReset: Bool)? in
      guard step.changed.contains(setting.property) else { return nil }
      let standard = setting.standard(ipv6Native: isNative)
      let target = setting.value(in: step.desired) ?? standard
      guard target != setting.value(in: observed) ?? standard else { return nil }
      return (setting.call(id, to: target), target == standard)
    }
    // What leans on the IPv6 range is switched off before the range goes, and on after it came.
    try calls.make(settings.filter(\.isReset).map(\.call))
    var attributes = step.unchanged
    if step.changed.contains("Ipv6CidrBlock") {
      attributes = attributes.merging(try changeRange(id, to: step.desired, &calls))
    }
    try calls.make(settings.filter { !$0.isReset }.map(\.call))
    try calls.make(EC2.tagCalls(step, id))
    return .done(id: id, attributes: try withNeeded(attributes, step, id, &calls))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion("DeleteSubnet", "SubnetId", absent: "InvalidSubnetID.NotFound").call(id))
    return .done(id: id, attributes: [:])
  }

  public func obstacles(to deletion: Step) -> Call? {
    NetworkInterfaces.holding(deletion.id, by: "subnet-id")
  }

  public func obstacles(in output: Document) -> [String] { NetworkInterfaces.names(in: output) }

  private func withNeeded(
    _ attributes: Document, _ step: Step, _ id: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    guard step.neededAttributes.contains("NetworkAclAssociationId"),
      attributes["NetworkAclAssociationId"] == nil
    else { return attributes }
    let output = try calls.wait(
      Call(
        "ec2", "DescribeNetworkAcls", ["Filters": EC2.filters(["association.subnet-id": id])]),
      every: 2, limit: 60, until: "subnet \(id) has its network ACL"
    ) { networkACLAssociation(of: id, in: $0) == nil ? .waiting : .ready }
    return attributes.merging(
      .members(["NetworkAclAssociationId": networkACLAssociation(of: id, in: output)]))
  }
}
