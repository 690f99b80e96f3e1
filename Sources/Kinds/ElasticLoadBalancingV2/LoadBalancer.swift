import Document
import TrueupCore

/// A load balancer of any type: application, network, gateway.
public struct LoadBalancer: TaggedBalancing {
  public init() {}

  public let type = "AWS::ElasticLoadBalancingV2::LoadBalancer"

  public let facts = TypeFacts(
    Identity(
      ref: "LoadBalancerArn",
      // Source: Elastic Load Balancing API, CreateLoadBalancer.
      name: NameRule(property: "Name", maximumLength: 32),
      arn: "elasticloadbalancing:loadbalancer"),
    properties: [
      "/Type": .defaultsTo("application"),
      "/Scheme": .defaultsTo("internet-facing"),
      "/IpAddressType": .defaultsTo("ipv4"),
      "/EnablePrefixForIpv6SourceNat": .defaultsTo("off"),
      "/EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": .defaultsTo("on").security,
      "/SecurityGroups": .set.losing(.members).security.notResettable(
        "a load balancer keeps the groups that it has: declare others"),
      "/Subnets": .set.losing(.members),
      "/SubnetMappings": .keyed("SubnetId").losing(.members),
      "/SubnetMappings/*/AllocationId": .refers(to: "AWS::EC2::EIP"),
      "/LoadBalancerAttributes": .keyed("Key"),
      "/LoadBalancerAttributes/*/Value": .normal(.scalarText),
      "/EnableCapacityReservationProvisionStabilize": .notReadable(
        "it says whether a step waits for the capacity, and is not kept"),
    ])

  /// What nobody declares of them has AWS's defaults, or what somebody else set.
  public let sharedLists: Set = ["LoadBalancerAttributes"]

  /// Source: Elastic Load Balancing API, LoadBalancerAttribute.
  static let attributes = BalancerAttributes(
    property: "LoadBalancerAttributes", member: "LoadBalancerArn",
    reading: "DescribeLoadBalancerAttributes", writing: "ModifyLoadBalancerAttributes",
    initial: [
      "access_logs.s3.enabled": "false", "client_keep_alive.seconds": "3600",
      "connection_logs.s3.enabled": "false", "deletion_protection.enabled": "false",
      "dns_record.client_routing_policy": "any_availability_zone",
      "health_check_logs.s3.enabled": "false", "idle_timeout.timeout_seconds": "60",
      "routing.http.desync_mitigation_mode": "defensive",
      "routing.http.drop_invalid_header_fields.enabled": "false",
      "routing.http.preserve_host_header.enabled": "false",
      "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
      "routing.http.xff_client_port.enabled": "false",
      "routing.http.xff_header_processing.mode": "append", "routing.http2.enabled": "true",
      "waf.fail_open.enabled": "false", "zonal_shift.config.enabled": "false",
    ])

  // MARK: Observing

  let listing = Listing(
    ELBv2.loadBalancers, "LoadBalancers", id: "LoadBalancerArn", created: "CreatedTime")
  let tagging = BalancerTags()
  let shown = [
    "DNSName", "EnablePrefixForIpv6SourceNat",
    "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "IpAddressType", "LoadBalancerArn",
    "LoadBalancerName", "Scheme", "SecurityGroups", "Type",
  ]
  let details = [
    attributes.detail,
    Detail(["MinimumLoadBalancerCapacity"]) { _, arn in
      Read(LoadBalancer.reservation(arn))
    } values: {
      ["MinimumLoadBalancerCapacity": $0["MinimumLoadBalancerCapacity"]]
    },
  ]

  func name(in known: String) -> String { ELBv2.name(in: known) }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    properties(item)
  }

  func properties(_ item: Document) -> [String: Document?] {
    var members = item.members(named: shown)
    members["Name"] = item["LoadBalancerName"]
    members["CanonicalHostedZoneID"] = item["CanonicalHostedZoneId"]
    members["LoadBalancerFullName"] = (item["LoadBalancerArn"]?.string).map {
      .string(ELBv2.fullName($0))
    }
    members["Ipv4IpamPoolId"] = item["IpamPools"]?["Ipv4IpamPoolId"]
    let zones = item.elements("AvailabilityZones")
    members["Subnets"] = .list(zones.compactMap { $0["SubnetId"] })
    members["SubnetMappings"] = .list(zones.map(Self.mapping))
    return members
  }

  /// What is said of a subnet in the form in which it is declared.
  private static func mapping(_ zone: Document) -> Document {
    let address = zone.elements("LoadBalancerAddresses").first
    return .members([
      "SubnetId": zone["SubnetId"], "AllocationId": address?["AllocationId"],
      "PrivateIPv4Address": address?["PrivateIPv4Address"], "IPv6Address": address?["IPv6Address"],
      "SourceNatIpv6Prefix": zone.elements("SourceNatIpv6Prefixes").first,
    ])
  }

  static func reservation(_ arn: String) -> Call {
    Call(
      "elbv2", "DescribeCapacityReservation", ["LoadBalancerArn": .string(arn)],
      absentCodes: ELBv2.gone)
  }

  // MARK: Changing

  /// What was made a moment ago is not known everywhere yet; a subnet is not a public one until its VPC has
  /// its internet gateway.
  static let fresh: Set<String> = [
    "SubnetNotFound", "InvalidSubnet", "InvalidSecurityGroup", "AllocationIdNotFound",
    "LoadBalancerNotFound",
  ]

  let creation = Creation(
    Call("elbv2", "CreateLoadBalancer", [:], transientCodes: fresh),
    [
      "Name", "Subnets", "SubnetMappings", "SecurityGroups", "Scheme", "Type", "IpAddressType",
      "EnablePrefixForIpv6SourceNat",
    ])
  let deletion = Deletion(
    Call("elbv2", "DeleteLoadBalancer", [:], absentCodes: ["LoadBalancerNotFound"]),
    "LoadBalancerArn")

  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    tagging.input(step).merging([
      "IpamPools": step.desired["Ipv4IpamPoolId"].map { ["Ipv4IpamPoolId": $0] }
    ]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    guard let arn = output.elements("LoadBalancers").first?["LoadBalancerArn"]?.string else {
      throw .failed("CreateLoadBalancer answered without a LoadBalancerArn")
    }
    try calls.make(Self.attributes.calls(step, arn))
    if let traffic = step.desired[Self.privateLink] {
      try calls.make(
        call(
          "SetSecurityGroups", arn,
          ["SecurityGroups": step.desired["SecurityGroups"], Self.privateLink: traffic]))
    }
    let active = try active(arn, &calls)
    try reserve(step, arn, &calls)
    return done(step, arn).adding(properties(active))
  }

  func change(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    try calls.make(Self.attributes.calls(step, arn) + changes(step, arn))
    try reserve(step, arn, &calls)
  }

  static let privateLink = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"

  /// Waits until it is gone: its subnets, groups and certificates are held until then.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let arn = try step.existingID()
    let protection = try calls.make(Self.attributes.read(arn)).output.elements("Attributes")
      .first { $0["Key"] == "deletion_protection.enabled" }
    guard protection?["Value"] != "true" else {
      throw .failed(
        "\(ELBv2.name(in: arn)) is protected from deletion: apply it once with the attribute "
          + "deletion_protection.enabled set to false, or take the protection off by hand")
    }
    try calls.make(deletion.call(arn))
    _ = try calls.wait(
      described(arn), every: 5, limit: 600, until: "\(ELBv2.name(in: arn)) is gone"
    ) { $0.elements("LoadBalancers").isEmpty ? .ready : .waiting }
    return .done(id: arn, attributes: [:])
  }
}
