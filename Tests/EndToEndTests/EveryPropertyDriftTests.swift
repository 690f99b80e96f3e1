import XCTest

/// Every property that can be changed by hand is drift with its path and cause when it was, and is
/// mended; the changes of one resource are made together.
final class EveryPropertyDriftTests: EndToEndTestCase {
  struct Case {
    /// The first component of the path among the differences.
    let property: String
    let service: String
    let operation: String
    var input: [String: Any]

    init(_ property: String, _ service: String, _ operation: String, _ input: [String: Any]) {
      self.property = property
      self.service = service
      self.operation = operation
      self.input = input
    }
  }

  /// Properties that may be changed in AWS and are not here, each with the reason.
  private static let elsewhere = [
    "AWS::EC2::VPCGatewayAttachment/VpnGatewayId": "moved as internet gateways are",
    "AWS::IAM::Policy/PolicyName": "IAM renames no policy; under another name it is another",
    "AWS::SecretsManager::Secret/GenerateSecretString":
      "a value that was generated may be changed by a rotation",
    "AWS::EC2::VPC/InstanceTenancy": "AWS changes it one way only; back is a replacement",
    "AWS::Route53::RecordSet/SetIdentifier": "under another it is another record",
    "AWS::Route53::RecordSet/Type": "of another type it is another record",
    "AWS::SSM::Parameter/Tier": "an advanced parameter stays one",
    "AWS::S3::Bucket/ObjectLockEnabled": "Object Lock cannot be turned off",
    "AWS::S3::Bucket/VersioningConfiguration":
      "cannot be suspended under Object Lock and replication: DriftTests suspends it",
  ]

  func testVPC() throws {
    let workspace = try applied(EveryProperty.vpc)
    let id = try physicalID("Vpc")
    try assertMended(
      workspace, "Vpc", "AWS::EC2::VPC",
      [
        Case(
          "EnableDnsHostnames", "ec2", "modify_vpc_attribute",
          ["VpcId": id, "EnableDnsHostnames": ["Value": false]]),
        Case(
          "EnableDnsSupport", "ec2", "modify_vpc_attribute",
          ["VpcId": id, "EnableDnsSupport": ["Value": false]]),
        renamed(id),
      ])
  }

  func testSubnet() throws {
    let workspace = try self.workspace(
      """
      "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
      """)
    let prefix = try IPv6Range.given(to: workspace, self)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(
        EveryProperty.subnet.replacingOccurrences(of: EveryProperty.ipv6Prefix, with: prefix)))
    try workspace.commit("Subnets")
    try converge(workspace)
    let id = try physicalID("Subnet")
    func modify(_ property: String, _ member: String, _ value: Any) -> Case {
      Case(property, "ec2", "modify_subnet_attribute", ["SubnetId": id, member: value])
    }
    let subnet = try endpoint.aws("ec2", "describe_subnets", ["SubnetIds": [id]])["Subnets"][0]
    let association = try XCTUnwrap(
      subnet["Ipv6CidrBlockAssociationSet"][0]["AssociationId"].string)
    try assertMended(
      workspace, "Subnet", "AWS::EC2::Subnet",
      [
        modify("MapPublicIpOnLaunch", "MapPublicIpOnLaunch", ["Value": false]),
        modify("AssignIpv6AddressOnCreation", "AssignIpv6AddressOnCreation", ["Value": false]),
        modify("EnableDns64", "EnableDns64", ["Value": false]),
        modify("EnableLniAtDeviceIndex", "DisableLniAtDeviceIndex", ["Value": true]),
        modify("PrivateDnsNameOptionsOnLaunch", "PrivateDnsHostnameTypeOnLaunch", "ip-name"),
        Case(
          "Ipv6CidrBlock", "ec2", "disassociate_subnet_cidr_block", ["AssociationId": association]),
        renamed(id),
      ])
  }

  func testSecurityGroup() throws {
    let workspace = try applied(EveryProperty.securityGroup)
    let id = try physicalID("Group")
    try assertMended(
      workspace, "Group", "AWS::EC2::SecurityGroup",
      [
        Case(
          "SecurityGroupIngress", "ec2", "revoke_security_group_ingress",
          [
            "GroupId": id, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81,
            "CidrIp": "10.0.0.0/8",
          ]),
        Case(
          "SecurityGroupEgress", "ec2", "authorize_security_group_egress",
          [
            "GroupId": id,
            "IpPermissions": [
              [
                "IpProtocol": "tcp", "FromPort": 25, "ToPort": 25,
                "IpRanges": [["CidrIp": "0.0.0.0/0"]],
              ]
            ],
          ]),
        renamed(id),
      ])
  }

  func testGateways() throws {
    let workspace = try applied(try EveryProperty.withVPNGateway(self))
    let (gateway, vpc) = (try physicalID("Gateway"), try physicalID("Vpc"))
    try assertMended(
      workspace, "Gateway", "AWS::EC2::InternetGateway", [renamed(gateway)])
    let other = try endpoint.aws("ec2", "create_internet_gateway")
    try endpoint.aws(
      "ec2", "detach_internet_gateway", ["InternetGatewayId": gateway, "VpcId": vpc])
    _ = try mend(
      workspace, "Attachment",
      [
        Case(
          "InternetGatewayId", "ec2", "attach_internet_gateway",
          [
            "InternetGatewayId": other["InternetGateway"]["InternetGatewayId"].string ?? "",
            "VpcId": vpc,
          ])
      ])
    let (egress, options) = (try physicalID("EgressOnly"), try physicalID("Options"))
    try assertMended(
      workspace, "EgressOnly", "AWS::EC2::EgressOnlyInternetGateway", [renamed(egress)])
    try assertMended(workspace, "Options", "AWS::EC2::DHCPOptions", [renamed(options)])
    try assertMended(
      workspace, "OptionsAssociation", "AWS::EC2::VPCDHCPOptionsAssociation",
      [
        Case(
          "DhcpOptionsId", "ec2", "associate_dhcp_options",
          ["DhcpOptionsId": "default", "VpcId": vpc])
      ])
  }

  func testNAT() throws {
    let workspace = try applied(EveryProperty.nat)
    let address = try endpoint.aws("ec2", "describe_addresses")["Addresses"].array.first {
      $0["InstanceId"].string == "i-0123456789abcdef0"
    }
    try assertMended(
      workspace, "Address", "AWS::EC2::EIP",
      [
        Case(
          "InstanceId", "ec2", "disassociate_address",
          ["AssociationId": address?["AssociationId"].string ?? ""]),
        renamed(address?["AllocationId"].string ?? ""),
      ])
    let id = try physicalID("Gateway")
    func secondary(_ id: String) throws -> JSON? {
      try endpoint.aws("ec2", "describe_nat_gateways", ["NatGatewayIds": [id]])["NatGateways"][0][
        "NatGatewayAddresses"
      ].array.last
    }
    var tried = try mend(
      workspace, "Gateway",
      [
        Case(
          "SecondaryAllocationIds", "ec2", "disassociate_nat_gateway_address",
          [
            "NatGatewayId": id,
            "AssociationIds": [try secondary(id)?["AssociationId"].string ?? ""],
          ]), Case("SecondaryPrivateIpAddresses", "ec2", "describe_vpcs", [:]), renamed(id),
      ])
    let inside = try physicalID("Inside")
    tried += try mend(
      workspace, "Inside",
      [
        Case(
          "SecondaryPrivateIpAddressCount", "ec2", "unassign_private_nat_gateway_address",
          [
            "NatGatewayId": inside,
            "PrivateIpAddresses": [try secondary(inside)?["PrivateIp"].string ?? ""],
          ])
      ])
    let regional = try physicalID("Regional")
    tried += try mend(
      workspace, "Regional",
      [
        Case(
          "AvailabilityZoneAddresses", "ec2", "disassociate_nat_gateway_address",
          [
            "NatGatewayId": regional,
            "AssociationIds": [try secondary(regional)?["AssociationId"].string ?? ""],
          ])
      ])
    try assertAll("AWS::EC2::NatGateway", tried)
  }

  func testRoutes() throws {
    let workspace = try applied(EveryProperty.routes)
    let table = try physicalID("Table")
    var tried: [String] = []
    let routes = try endpoint.aws("ec2", "describe_route_tables", ["RouteTableIds": [table]])[
      "RouteTables"][0][
        "Routes"
      ].array.filter { $0["Origin"].string == "CreateRoute" }
    XCTAssertEqual(routes.count, 11)
    let destinations = [
      "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId",
    ]
    for route in routes {
      let names = [
        "VpcEndpointId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "InstanceId",
        "NetworkInterfaceId", "EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId",
        "CoreNetworkArn",
      ]
      let isEndpoint = route["GatewayId"].string?.hasPrefix("vpce-") == true
      let target =
        isEndpoint ? "VpcEndpointId" : names.first { route[$0].string != nil } ?? "GatewayId"
      var input: [String: Any] = ["RouteTableId": table]
      for name in destinations { input[name] = route[name].string }
      input[target == "GatewayId" ? "NatGatewayId" : "GatewayId"] = "by-hand"
      tried += try mend(
        workspace, "To" + target, [Case(target, "ec2", "replace_route", input)])
    }
    try assertAll("AWS::EC2::Route", tried)

    try assertMended(workspace, "Table", "AWS::EC2::RouteTable", [renamed(table)])
    let other = try endpoint.aws(
      "ec2", "create_route_table", ["VpcId": try physicalID("Vpc")])["RouteTable"]["RouteTableId"]
    let association = try endpoint.aws(
      "ec2", "describe_route_tables", ["RouteTableIds": [table]])["RouteTables"][0][
        "Associations"][0]["RouteTableAssociationId"]
    try assertMended(
      workspace, "Association", "AWS::EC2::SubnetRouteTableAssociation",
      [
        Case(
          "RouteTableId", "ec2", "replace_route_table_association",
          ["AssociationId": association.string ?? "", "RouteTableId": other.string ?? ""])
      ])
  }

  func testPerimeter() throws {
    let workspace = try applied(EveryProperty.perimeter)
    let group = try physicalID("Group")
    for (resource, operation, type, permission) in [
      (
        "FromRange", "update_security_group_rule_descriptions_ingress",
        "AWS::EC2::SecurityGroupIngress",
        [
          "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
          "IpRanges": [["CidrIp": "10.3.0.0/16", "Description": "by hand"]],
        ] as [String: Any]
      ),
      (
        "ToRange", "update_security_group_rule_descriptions_egress",
        "AWS::EC2::SecurityGroupEgress",
        [
          "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1,
          "IpRanges": [["CidrIp": "0.0.0.0/0", "Description": "by hand"]],
        ]
      ),
    ] {
      try assertMended(
        workspace, resource, type,
        [Case("Description", "ec2", operation, ["GroupId": group, "IpPermissions": [permission]])])
    }
    let acl = try physicalID("Acl")
    try assertMended(workspace, "Acl", "AWS::EC2::NetworkAcl", [renamed(acl)])
    let common: [String: Any] = ["NetworkAclId": acl, "RuleNumber": 100]
    var tried = try mend(
      workspace, "In",
      [
        Case(
          "CidrBlock", "ec2", "replace_network_acl_entry",
          common.merging([
            "Egress": false, "Protocol": "17", "RuleAction": "deny", "CidrBlock": "10.0.0.0/16",
            "PortRange": ["From": 1, "To": 2],
          ]) { $1 }), Case("Protocol", "ec2", "describe_vpcs", [:]),
        Case("RuleAction", "ec2", "describe_vpcs", [:]),
        Case("PortRange", "ec2", "describe_vpcs", [:]),
      ])
    tried += try mend(
      workspace, "Out",
      [
        Case(
          "Icmp", "ec2", "replace_network_acl_entry",
          common.merging([
            "Egress": true, "Protocol": "58", "RuleAction": "deny",
            "Ipv6CidrBlock": "2001:db8:1::/48", "IcmpTypeCode": ["Type": 129, "Code": -1],
          ]) { $1 }), Case("Ipv6CidrBlock", "ec2", "describe_vpcs", [:]),
      ])
    try assertAll("AWS::EC2::NetworkAclEntry", tried)
    let other = try endpoint.aws(
      "ec2", "create_network_acl", ["VpcId": try physicalID("Vpc")])["NetworkAcl"]["NetworkAclId"]
    let association = try endpoint.aws(
      "ec2", "describe_network_acls", ["NetworkAclIds": [acl]])["NetworkAcls"][0]["Associations"][
        0]["NetworkAclAssociationId"]
    try assertMended(
      workspace, "Association", "AWS::EC2::SubnetNetworkAclAssociation",
      [
        Case(
          "NetworkAclId", "ec2", "replace_network_acl_association",
          ["AssociationId": association.string ?? "", "NetworkAclId": other.string ?? ""])
      ])
  }

  func testEndpoints() throws {
    let workspace = try applied(EveryProperty.endpoints)
    let (gateway, interface) = (try physicalID("Gateway"), try physicalID("Interface"))
    var tried = try mend(
      workspace, "Gateway",
      [
        Case(
          "RouteTableIds", "ec2", "modify_vpc_endpoint",
          [
            "VpcEndpointId": gateway, "ResetPolicy": true,
            "RemoveRouteTableIds": [try physicalID("Table")],
          ]), Case("PolicyDocument", "ec2", "describe_vpcs", [:]), renamed(gateway),
      ])
    tried += try mend(
      workspace, "Interface",
      [
        Case(
          "SubnetIds", "ec2", "modify_vpc_endpoint",
          [
            "VpcEndpointId": interface, "RemoveSubnetIds": [try physicalID("A")],
            "RemoveSecurityGroupIds": [try physicalID("Group")], "PrivateDnsEnabled": false,
            "IpAddressType": "ipv4", "DnsOptions": ["DnsRecordIpType": "ipv4"],
          ]), Case("SecurityGroupIds", "ec2", "describe_vpcs", [:]),
        Case("PrivateDnsEnabled", "ec2", "describe_vpcs", [:]),
        Case("IpAddressType", "ec2", "describe_vpcs", [:]),
        Case("DnsOptions", "ec2", "describe_vpcs", [:]),
      ])
    try assertAll("AWS::EC2::VPCEndpoint", tried)
    try assertMended(
      workspace, "ToLogs", "AWS::EC2::FlowLog", [renamed(try physicalID("ToLogs"))])
  }

  func testRole() throws {
    let workspace = try applied(EveryProperty.role)
    let name = ["RoleName": "a-declared-name"]
    func change(_ property: String, _ operation: String, _ input: [String: Any]) -> Case {
      Case(property, "iam", operation, input.merging(name) { $1 })
    }
    try assertMended(
      workspace, "Role", "AWS::IAM::Role",
      [
        change("Description", "update_role", ["Description": "by hand"]),
        change(
          "MaxSessionDuration", "update_role",
          ["MaxSessionDuration": 3600, "Description": "by hand"]),
        change("PermissionsBoundary", "delete_role_permissions_boundary", [:]),
        change(
          "AssumeRolePolicyDocument", "update_assume_role_policy",
          ["PolicyDocument": Self.trust("ec2.amazonaws.com")]),
        change(
          "ManagedPolicyArns", "detach_role_policy",
          ["PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        change("Policies", "delete_role_policy", ["PolicyName": "two"]),
        change("Tags", "tag_role", ["Tags": [["Key": "Name", "Value": "by hand"]]]),
      ])
  }

  func testLogGroup() throws {
    let workspace = try applied(EveryProperty.logGroup)
    let name = "/a/declared/name"
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:\(name)"
    try assertMended(
      workspace, "Logs", "AWS::Logs::LogGroup",
      [
        Case(
          "RetentionInDays", "logs", "put_retention_policy",
          ["logGroupName": name, "retentionInDays": 1]),
        Case("KmsKeyId", "logs", "disassociate_kms_key", ["logGroupName": name]),
        Case(
          "DeletionProtectionEnabled", "logs", "put_log_group_deletion_protection",
          ["logGroupIdentifier": name, "deletionProtectionEnabled": false]),
        Case(
          "BearerTokenAuthenticationEnabled", "logs", "put_bearer_token_authentication",
          ["logGroupIdentifier": name, "bearerTokenAuthenticationEnabled": false]),
        Case("FieldIndexPolicies", "logs", "delete_index_policy", ["logGroupIdentifier": name]),
        Case(
          "DataProtectionPolicy", "logs", "delete_data_protection_policy",
          ["logGroupIdentifier": name]),
        Case("ResourcePolicyDocument", "logs", "delete_resource_policy", ["resourceArn": arn]),
        Case("Tags", "logs", "tag_resource", ["resourceArn": arn, "tags": ["Name": "by hand"]]),
      ])
  }

  func testBucket() throws {
    continueAfterFailure = true
    let safety = try applied(EveryProperty.bucketSafety)
    let bucket: [String: Any] = ["Bucket": "a-declared-bucket-name"]
    func change(_ property: String, _ operation: String, _ input: [String: Any] = [:]) -> Case {
      Case(property, "s3", operation, bucket.merging(input) { $1 })
    }
    var tried = try mend(
      safety, "Bucket",
      [
        change("AbacStatus", "put_bucket_abac", ["AbacStatus": ["Status": "Disabled"]]),
        change(
          "AccelerateConfiguration", "put_bucket_accelerate_configuration",
          ["AccelerateConfiguration": ["Status": "Suspended"]]),
        change("BucketEncryption", "delete_bucket_encryption"),
        change("LifecycleConfiguration", "delete_bucket_lifecycle"),
        change(
          "ObjectLockConfiguration", "put_object_lock_configuration",
          ["ObjectLockConfiguration": ["ObjectLockEnabled": "Enabled"]]),
        change("OwnershipControls", "delete_bucket_ownership_controls"),
        change(
          "PublicAccessBlockConfiguration", "put_public_access_block",
          ["PublicAccessBlockConfiguration": ["BlockPublicAcls": false]]),
        Case(
          "Tags", "s3control", "tag_resource",
          [
            "AccountId": "123456789012", "ResourceArn": "arn:aws:s3:::a-declared-bucket-name",
            "Tags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
    let open = try physicalID("Public")
    tried += try mend(
      safety, "Public",
      [Case("AccessControl", "s3", "put_bucket_acl", ["Bucket": open, "ACL": "private"])])

    try endpoint.control("POST reset")
    try endpoint.configure(["verify": true])
    let reports = try applied(EveryProperty.bucketReports)
    let name: [String: Any] = ["Bucket": try physicalID("Bucket")]
    func drop(_ property: String, _ operation: String, _ input: [String: Any] = [:]) -> Case {
      Case(property, "s3", operation, name.merging(input) { $1 })
    }
    tried += try mend(
      reports, "Bucket",
      [
        drop(
          "AnalyticsConfigurations", "delete_bucket_analytics_configuration", ["Id": "usage"]),
        drop("CorsConfiguration", "delete_bucket_cors"),
        drop(
          "IntelligentTieringConfigurations", "delete_bucket_intelligent_tiering_configuration",
          ["Id": "cold"]),
        drop("InventoryConfigurations", "delete_bucket_inventory_configuration", ["Id": "all"]),
        drop(
          "LoggingConfiguration", "put_bucket_logging",
          ["BucketLoggingStatus": [:] as [String: Any]]),
        drop("MetricsConfigurations", "delete_bucket_metrics_configuration", ["Id": "part"]),
        drop(
          "NotificationConfiguration", "put_bucket_notification_configuration",
          ["NotificationConfiguration": [:] as [String: Any]]),
        drop("ReplicationConfiguration", "delete_bucket_replication"),
        drop("WebsiteConfiguration", "delete_bucket_website"),
      ])
    tried += try mend(
      reports, "Catalogued",
      [
        Case(
          "MetadataConfiguration", "s3", "update_bucket_metadata_journal_table_configuration",
          [
            "Bucket": try physicalID("Catalogued"),
            "JournalTableConfiguration": ["RecordExpiration": ["Expiration": "DISABLED"]],
          ])
      ])
    tried += try mend(
      reports, "CataloguedBefore",
      [
        Case(
          "MetadataTableConfiguration", "s3", "delete_bucket_metadata_table_configuration",
          ["Bucket": try physicalID("CataloguedBefore")])
      ])
    try assertAll("AWS::S3::Bucket", tried)
  }

  // MARK: Parts

  private func renamed(_ id: String) -> Case {
    Case(
      "Tags", "ec2", "create_tags",
      ["Resources": [id], "Tags": [["Key": "Name", "Value": "by hand"]]])
  }

  static func trust(_ service: String) -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","#
      + #""Principal":{"Service":"\#(service)"}}]}"#
  }

  func applied(_ resources: String) throws -> Workspace {
    let workspace = try workspace(resources)
    try converge(workspace)
    return workspace
  }

  func assertMended(
    _ workspace: Workspace, _ resource: String, _ type: String, _ cases: [Case]
  ) throws {
    continueAfterFailure = true
    try assertAll(type, try mend(workspace, resource, cases))
  }

  /// Makes the changes, asserts that they are told and mended; returns the changed properties.
  func mend(_ workspace: Workspace, _ resource: String, _ cases: [Case]) throws -> [String] {
    for test in cases { try endpoint.aws(test.service, test.operation, test.input) }
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.changes.map(\.resource), [resource], "only it was changed: \(drift.json)")
    let change = drift.change(resource)
    XCTAssertEqual(change?.action, "update", "\(drift.json)")
    XCTAssertEqual(change?.cause, "drift", "\(drift.json)")
    let told = Set((change?.paths ?? []).compactMap { $0.split(separator: "/").first })
    XCTAssertEqual(
      told.map(String.init).sorted(), Set(cases.map(\.property)).sorted(),
      "what was changed of \(resource) is told, and nothing else: \(drift.json)")
    try converge(workspace)
    return cases.map(\.property)
  }

  /// Asserts that no property that can be changed was forgotten.
  func assertAll(_ type: String, _ tried: [String]) throws {
    let registry = try Registry()
    let kinds = try Workspace(try endpoint).trueup("kinds", "--format", "json")
    let kind = try XCTUnwrap(
      try JSON(parsing: kinds.output)["kinds"].array.first { $0["type"].string == type })
    let fixed =
      ["unsupported", "notReadable"].flatMap { kind[$0].array }
      .compactMap { $0["path"].string } + kind["replacedBy"].array.compactMap(\.string)
    let mutable = registry.properties(of: type).filter { path in
      path.split(separator: "/").count == 1 && !fixed.contains(path)
        && Self.elsewhere[type + path] == nil
    }
    XCTAssertEqual(
      mutable.subtracting(tried.map { "/" + $0 }).sorted(), [],
      "\(type): properties that can be changed and were not")
  }
}

/// An IPv6 range for the VPC `Vpc`, which somebody else gives it: its type has none of its own.
enum IPv6Range {
  /// Applies the workspace and returns what all /64 ranges of the VPC begin with.
  static func given(to workspace: Workspace, _ test: EndToEndTestCase) throws -> String {
    try test.converge(workspace)
    let range = try test.endpoint.aws(
      "ec2", "associate_vpc_cidr_block",
      ["VpcId": test.physicalID("Vpc"), "AmazonProvidedIpv6CidrBlock": true])
    let block = try XCTUnwrap(range["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"].string)
    let prefix = block.replacingOccurrences(of: "00::/56", with: "0")
    XCTAssertNotEqual(prefix, block, "the range ends at a whole byte")
    return prefix
  }
}
