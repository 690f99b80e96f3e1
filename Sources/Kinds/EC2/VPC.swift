import Document
import TrueupCore

/// A virtual private cloud. By-products that go with it (main route table, default security group,
/// default network ACL) are not managed.
public struct VPC: ComposedKind, InterfaceHolder {
  public init() {}

  public let type = "AWS::EC2::VPC"

  public let facts = TypeFacts(
    Identity(ref: "VpcId"),
    properties: [
      "/CidrBlockAssociations": .set,
      "/Ipv6CidrBlocks": .set,
      "/CidrBlock": .normal(.cidr),
      "/Ipv6CidrBlocks/*": .normal(.cidr),
      // Source: EC2 API, ModifyVpcAttribute and CreateVpc.
      "/EnableDnsSupport": .defaultsTo(true).losing(.leaving(true)),
      "/EnableDnsHostnames": .defaultsTo(false).losing(.leaving(true)),
      "/InstanceTenancy": .defaultsTo("default"),
      "/Ipv4IpamPoolId": .notReadable(
        "EC2 shows the range that came out of the pool, not the pool"),
      "/Ipv4NetmaskLength": .notReadable(
        "EC2 shows the range that came out of the pool, not what was asked of it"),
    ],
    // ModifyVpcTenancy knows no other value than `default`.
    replaces: { path, desired, _ in path == "/InstanceTenancy" && desired != "default" })

  public func property(that claim: Claim, repeats properties: Document) -> String? {
    guard claim.type == "AWS::EC2::VPCCidrBlock",
      let block = claim.properties["CidrBlock"]?.string.flatMap(Network.init),
      block == properties["CidrBlock"]?.string.flatMap(Network.init)
    else { return nil }
    return "CidrBlock"
  }

  // MARK: Observing

  let listing = Listing(EC2.vpcs, "Vpcs")
  let details =
    DNSAttribute.allCases.map { attribute in
      Detail([attribute.property]) { _, id in
        attribute.read(of: id)
      } values: {
        [attribute.property: $0[attribute.property]?["Value"]]
      }
    } + [
      Detail(["DefaultSecurityGroup"]) { _, _ in
        EC2.securityGroups
      } values: { _ in
        [:]
      },
      Detail(["DefaultNetworkAcl"]) { _, _ in
        EC2.networkACLs
      } values: { _ in
        [:]
      },
    ]
  let tagging = EC2Tags("vpc")
  let interfaceFilter = "vpc-id"

  func transition(of vpc: Document) -> String? { vpc["State"] == "pending" ? "pending" : nil }

  func properties(of vpc: Document, _ context: ReadContext) -> [String: Document?] {
    properties(vpc)
  }

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    var observed = observed
    observed.properties = observed.properties.merging(
      .members([
        "DefaultSecurityGroup": replies[EC2.securityGroups]?.output.flatMap {
          defaultSecurityGroup(of: observed.id, in: $0)
        },
        "DefaultNetworkAcl": replies[EC2.networkACLs]?.output.flatMap {
          defaultNetworkACL(of: observed.id, in: $0)
        },
      ]))
    return observed
  }

  private func properties(_ vpc: Document) -> [String: Document?] {
    vpc.members(named: ["VpcId", "CidrBlock", "InstanceTenancy"])
      .merging(Self.ranges(of: vpc)) { _, new in new }
  }

  /// The properties that `AWS::EC2::VPCCidrBlock` brings about.
  static func ranges(of vpc: Document) -> [String: Document] {
    let ranges = EC2.associations(vpc["CidrBlockAssociationSet"], state: "CidrBlockState")
    let ranges6 = EC2.associations(vpc["Ipv6CidrBlockAssociationSet"], state: "Ipv6CidrBlockState")
    return [
      "CidrBlockAssociations": .list(ranges.compactMap { $0["AssociationId"] }),
      "Ipv6CidrBlocks": .list(ranges6.compactMap { $0["Ipv6CidrBlock"] }),
    ]
  }

  private func defaultSecurityGroup(of id: String, in output: Document) -> Document? {
    output["SecurityGroups"]?.list?.first {
      $0["VpcId"]?.string == id && $0["GroupName"]?.string == "default"
    }?["GroupId"]
  }

  private func defaultNetworkACL(of id: String, in output: Document) -> Document? {
    output["NetworkAcls"]?.list?.first {
      $0["VpcId"]?.string == id && $0["IsDefault"]?.bool == true
    }?["NetworkAclId"]
  }

  // MARK: Changing

  let creation = Creation(
    Call("ec2", "CreateVpc", [:]),
    ["CidrBlock", "InstanceTenancy", "Ipv4IpamPoolId", "Ipv4NetmaskLength"], id: ["Vpc", "VpcId"])
  let deletion = EC2.deletion("DeleteVpc", "VpcId", absent: "InvalidVpcID.NotFound")

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
    let shown = try calls.wait(
      Call(
        "ec2", "DescribeVpcs", ["VpcIds": [.string(id)]], transientCodes: ["InvalidVpcID.NotFound"],
        batch: CallBatch("Vpcs", by: "VpcId")),
      every: 2, limit: 120, until: "VPC \(id) is available"
    ) { $0["Vpcs"]?[0]?["State"]?.string == "available" ? .ready : .waiting }
    try calls.make(
      dnsCalls(step, id, DNSAttribute.allCases.filter { $0.target(step.desired) != $0.standard }))
    let attributes = Document.members(properties(shown["Vpcs"]?[0] ?? [:]))
    return .done(id: id, attributes: try withNeeded(attributes, step, id, &calls))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    if step.changed.contains("InstanceTenancy") {
      try calls.make(
        Call("ec2", "ModifyVpcTenancy", ["VpcId": .string(id), "InstanceTenancy": "default"]))
    }
    try calls.make(
      dnsCalls(step, id, DNSAttribute.allCases.filter { step.changed.contains($0.property) }))
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: try withNeeded(step.unchanged, step, id, &calls))
  }

  /// One call per attribute, as EC2 wants it. Host names need DNS support: it is switched on before
  /// them and off after them. Source: EC2 API, ModifyVpcAttribute.
  private func dnsCalls(_ step: Step, _ id: String, _ attributes: [DNSAttribute]) -> [Call] {
    let supports = DNSAttribute.enableDnsSupport.target(step.desired)
    return (supports ? attributes : attributes.reversed()).map { attribute in
      Call(
        "ec2", "ModifyVpcAttribute",
        [
          "VpcId": .string(id),
          attribute.property: ["Value": .bool(attribute.target(step.desired))],
        ], transientCodes: ["InvalidVpcID.NotFound"])
    }
  }

  /// The attributes with those that only another read shows, where something refers to them.
  private func withNeeded(
    _ attributes: Document, _ step: Step, _ id: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    var attributes = attributes
    if step.neededAttributes.contains("DefaultSecurityGroup"),
      attributes["DefaultSecurityGroup"] == nil
    {
      let output = try calls.wait(
        Call(
          "ec2", "DescribeSecurityGroups",
          ["Filters": EC2.filters(["vpc-id": id, "group-name": "default"])]),
        every: 2, limit: 60, until: "VPC \(id) has its default security group"
      ) { defaultSecurityGroup(of: id, in: $0) == nil ? .waiting : .ready }
      attributes = attributes.merging(
        .members(["DefaultSecurityGroup": defaultSecurityGroup(of: id, in: output)]))
    }
    if step.neededAttributes.contains("DefaultNetworkAcl"), attributes["DefaultNetworkAcl"] == nil {
      let output = try calls.wait(
        Call(
          "ec2", "DescribeNetworkAcls",
          ["Filters": EC2.filters(["vpc-id": id, "default": "true"])]),
        every: 2, limit: 60, until: "VPC \(id) has its default network ACL"
      ) { defaultNetworkACL(of: id, in: $0) == nil ? .waiting : .ready }
      attributes = attributes.merging(
        .members(["DefaultNetworkAcl": defaultNetworkACL(of: id, in: output)]))
    }
    return attributes
  }
}
