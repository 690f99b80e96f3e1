import XCTest

/// Every property that can be changed by hand is drift with its path and cause when it was, and is
/// mended; the changes of one resource are made together.
final class EveryPropertyDriftTests: EndToEndTestCase {
  struct Case {
    /// The first component of the path among the differences.
    let property: String
    let service: String
    let operation: String
    let input: [String: Any]

    init(_ property: String, _ service: String, _ operation: String, _ input: [String: Any]) {
      self.property = property
      self.service = service
      self.operation = operation
      self.input = input
    }
  }

  /// Properties that may be changed in AWS and are not here, each with the reason.
  private static let elsewhere = [
    "AWS::IAM::Policy/PolicyName": "IAM renames no policy; under another name it is another",
    "AWS::EC2::VPC/InstanceTenancy": "AWS changes it one way only; back is a replacement",
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
  private func mend(_ workspace: Workspace, _ resource: String, _ cases: [Case]) throws -> [String]
  {
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
  private func assertAll(_ type: String, _ tried: [String]) throws {
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
