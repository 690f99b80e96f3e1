import Document
import TrueupCore

/// A VPC endpoint of any type: gateway, interface, gateway load balancer, resource, service network.
public struct VPCEndpoint: ComposedKind {
  public init() {}

  public let type = "AWS::EC2::VPCEndpoint"

  private static let lists = ["RouteTableIds", "SubnetIds", "SecurityGroupIds"]

  public let facts = TypeFacts(
    // A route table has one route to a service's prefix list (CreateVpcEndpoint: RouteAlreadyExists).
    Identity(
      ref: "Id",
      unique: [UniqueKey("RouteTableIds", within: ["ServiceName"], comparison: .holding)]),
    properties: [
      "/RouteTableIds": .set.losing(.members),
      "/SubnetIds": .set.losing(.members),
      "/SecurityGroupIds": .set.losing(.members).security,
      "/DnsEntries": .set,
      "/NetworkInterfaceIds": .set,
      "/DnsOptions/PrivateDnsSpecifiedDomains": .set,
      // What an endpoint without a policy of its own has.
      "/PolicyDocument": .normal(.policyDocument).defaultsTo([
        "Version": "2008-10-17",
        "Statement": [
          ["Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"]
        ],
      ]).losing(.policy),
      // Source: CloudFormation's AWS::EC2::VPCEndpoint.
      "/VpcEndpointType": .defaultsTo("Gateway"),
      "/PrivateDnsEnabled": .defaultsTo(false).losing(.leaving(true)),
      "/IpAddressType": .defaultsTo("ipv4"),
    ])

  // MARK: Observing

  let listing = Listing(EC2.vpcEndpoints, "VpcEndpoints", created: "CreationTimestamp")
  let tagging = EC2Tags("vpc-endpoint")

  private static func state(_ endpoint: Document?) -> String? {
    endpoint?["State"]?.string?.lowercased()
  }

  func id(of endpoint: Document) -> String? {
    Self.state(endpoint) == "deleted" ? nil : endpoint["VpcEndpointId"]?.string
  }

  func transition(of endpoint: Document) -> String? {
    Self.state(endpoint) == "deleting" ? "deleting" : nil
  }

  func properties(of endpoint: Document, _ context: ReadContext) -> [String: Document?] {
    properties(endpoint).object ?? [:]
  }

  private func properties(_ endpoint: Document) -> Document {
    var members = endpoint.members(named: [
      "VpcId", "ServiceName", "VpcEndpointType", "PrivateDnsEnabled", "IpAddressType",
      "NetworkInterfaceIds", "RouteTableIds", "SubnetIds", "ServiceNetworkArn",
      "ResourceConfigurationArn", "ServiceRegion",
    ])
    members["Id"] = endpoint["VpcEndpointId"]
    members["DnsOptions"] = endpoint["DnsOptions"].map(VPCEndpointDNS.read)
    members["PolicyDocument"] = endpoint["PolicyDocument"]?.parsedJSON
    members["SecurityGroupIds"] = .list(
      (endpoint["Groups"]?.list ?? []).compactMap { $0["GroupId"] })
    members["CreationTimestamp"] = endpoint["CreationTimestamp"].map {
      $0.string == nil ? .string($0.json()) : $0
    }
    // CloudFormation's form of an entry.
    members["DnsEntries"] = .list(
      (endpoint["DnsEntries"]?.list ?? []).compactMap { entry in
        entry["DnsName"]?.string.map { .string("\(entry["HostedZoneId"]?.string ?? ""):\($0)") }
      })
    return .members(members)
  }

  // MARK: Changing

  private static let fresh: Set<String> = [
    "InvalidRouteTableId.NotFound", "InvalidRouteTableID.NotFound", "InvalidSubnetID.NotFound",
    "InvalidSubnetId.NotFound", "InvalidSecurityGroupID.NotFound", "InvalidGroup.NotFound",
    "InvalidVpcID.NotFound", "InvalidVpcId.NotFound",
  ]

  let creation = Creation(
    Call("ec2", "CreateVpcEndpoint", [:], transientCodes: fresh),
    [
      "VpcId", "ServiceName", "VpcEndpointType", "PrivateDnsEnabled", "IpAddressType",
      "RouteTableIds", "SubnetIds", "SecurityGroupIds", "ServiceNetworkArn",
      "ResourceConfigurationArn", "ServiceRegion",
    ], id: ["VpcEndpoint", "VpcEndpointId"], token: "ClientToken")
  let deletion = Deletion(
    Call("ec2", "DeleteVpcEndpoints", [:], absentCodes: gone), "VpcEndpointIds", takesList: true)

  private static let gone: Set<String> = [
    "InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound",
  ]

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    var input = tagging.input(step)
    // As EC2 has it where nothing is said of a service.
    if step.desired["ServiceName"] != nil, step.desired["VpcEndpointType"] == nil {
      input["VpcEndpointType"] = "Gateway"
    }
    // EC2's own default for interface endpoints is the opposite of CloudFormation's.
    if step.desired["VpcEndpointType"] == "Interface", step.desired["PrivateDnsEnabled"] == nil {
      input["PrivateDnsEnabled"] = false
    }
    input["DnsOptions"] = step.desired["DnsOptions"].map(VPCEndpointDNS.input)
    input["PolicyDocument"] = step.desired["PolicyDocument"]?.jsonText
    return input
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try creation.id(in: try creation.make(step, try created(step), &calls))
    return .done(id: id, attributes: properties(try settled(id, &calls)))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    var attributes = step.unchanged
    if let call = modification(step, id) {
      try calls.make(call)
      attributes = properties(try settled(id, &calls))
    }
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: attributes)
  }

  /// All changes in one call: lists by what is added and removed.
  private func modification(_ step: Step, _ id: String) -> Call? {
    var input: [String: Document?] = [:]
    for property in Self.lists where step.changed.contains(property) {
      let old = step.observed?.properties[property]?.list ?? []
      let new = step.desired[property]?.list ?? []
      let (added, removed) = (new.filter { !old.contains($0) }, old.filter { !new.contains($0) })
      if !added.isEmpty { input["Add" + property] = .list(added) }
      if !removed.isEmpty { input["Remove" + property] = .list(removed) }
    }
    if step.changed.contains("PolicyDocument") {
      if let policy = step.desired["PolicyDocument"]?.jsonText {
        input["PolicyDocument"] = policy
      } else {
        input["ResetPolicy"] = true
      }
    }
    if step.changed.contains("PrivateDnsEnabled") {
      input["PrivateDnsEnabled"] = step.desired["PrivateDnsEnabled"] ?? false
    }
    if step.changed.contains("IpAddressType") {
      input["IpAddressType"] = step.desired["IpAddressType"] ?? "ipv4"
    }
    if step.changed.contains("DnsOptions") {
      input["DnsOptions"] = VPCEndpointDNS.input(
        step.desired["DnsOptions"] ?? VPCEndpointDNS.standard)
    }
    guard input.contains(where: { $0.value != nil }) else { return nil }
    input["VpcEndpointId"] = .string(id)
    return Call("ec2", "ModifyVpcEndpoint", .members(input), transientCodes: Self.fresh)
  }

  /// Waits until it is gone: its interfaces hold the subnets and groups until then.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let reply = try calls.make(deletion.call(id))
    try EC2.check(reply.output, "\(id) cannot be deleted", unless: Self.gone)
    _ = try calls.wait(
      Call(
        "ec2", "DescribeVpcEndpoints", ["VpcEndpointIds": [.string(id)]],
        absentCodes: Self.gone, batch: CallBatch("VpcEndpoints", by: "VpcEndpointId")), every: 5,
      limit: 900, until: "\(id) is deleted"
    ) { output in
      let state = Self.state(output["VpcEndpoints"]?[0])
      return state == nil || state == "deleted" ? .ready : .waiting
    }
    return .done(id: id, attributes: [:])
  }

  /// The endpoint once it works, or once it is up to the other side to accept it.
  private func settled(_ id: String, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Document
  {
    let output = try calls.wait(
      Call(
        "ec2", "DescribeVpcEndpoints", ["VpcEndpointIds": [.string(id)]],
        transientCodes: ["InvalidVpcEndpointId.NotFound"],
        batch: CallBatch("VpcEndpoints", by: "VpcEndpointId")), every: 5, limit: 900,
      until: "\(id) is available"
    ) { output in
      let endpoint = output["VpcEndpoints"]?[0] ?? [:]
      switch Self.state(endpoint) {
      case "available", "pendingacceptance", "partial": return .ready
      case "failed", "rejected", "expired":
        let reason =
          endpoint["FailureReason"]?.string ?? endpoint["LastError"]?["Message"]?.string
        return .failed(
          "\(id) is \(endpoint["State"]?.string ?? ""): \(reason ?? "no reason given")")
      default: return .waiting
      }
    }
    return output["VpcEndpoints"]?[0] ?? [:]
  }
}
