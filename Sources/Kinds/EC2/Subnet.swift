import Document
import TrueupCore

/// A subnet of a VPC.
public struct Subnet: ComposedKind, InterfaceHolder {
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

  let listing = Listing(EC2.subnets, "Subnets")
  let details = [
    Detail(["NetworkAclAssociationId"]) { _, _ in
      EC2.networkACLs
    } values: { _ in
      [:]
    }
  ]
  let tagging = EC2Tags("subnet")
  let interfaceFilter = "subnet-id"

  func transition(of subnet: Document) -> String? {
    subnet["State"] == "pending" ? "pending" : nil
  }

  func properties(of subnet: Document, _ context: ReadContext) -> [String: Document?] {
    properties(subnet).object ?? [:]
  }

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    guard let output = replies[EC2.networkACLs]?.output else { return observed }
    var observed = observed
    observed.properties = observed.properties.merging(
      .members(["NetworkAclAssociationId": networkACLAssociation(of: observed.id, in: output)]))
    return observed
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

  let creation = Creation(
    Call("ec2", "CreateSubnet", [:], transientCodes: ["InvalidVpcID.NotFound"]),
    [
      "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock", "Ipv6Native",
      "OutpostArn", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6IpamPoolId", "Ipv6NetmaskLength",
    ], id: ["Subnet", "SubnetId"])
  let deletion = EC2.deletion("DeleteSubnet", "SubnetId", absent: "InvalidSubnetID.NotFound")

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
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
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: try withNeeded(attributes, step, id, &calls))
  }

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
