import Foundation
import XCTest

/// A stack of every kind: replaced where AWS cannot change it, and taken away, each thing before what it
/// lies in.
final class AllKindsTests: EndToEndTestCase {
  /// What AWS has nothing of that only a replacement could change, or what is changed in place: each
  /// with the action that another generation leads to.
  private static let notReplaced: [String: String?] = [
    "Gateway": nil, "Address": nil, "Inline": "update", "TopicPolicy": "update",
    "QueuePolicy": "update",
  ]

  func testEveryKindIsReplacedAndGoesInAnOrderThatAWSAccepts() throws {
    continueAfterFailure = true
    let workspace = try workspace(of: 1)
    try converge(workspace)
    try workspace.write("desired-state/blueprints/base.jsonc", Self.blueprint(2))
    try workspace.commit("Another generation")
    let planned = try report(workspace, "plan", exits: 2)
    for resource in try Self.resources().sorted() {
      let change = planned.change(resource)
      let expected = Self.notReplaced[resource] ?? "replace"
      XCTAssertEqual(
        change?.action, expected, "\(resource): \(change?.json["reason"].string ?? "")")
    }
    let allowed = ["apply", "--yes", "--allow-deletes", "100", "--allow-replaces", "100"]
    let refused = try workspace.start(allowed).finish()
    XCTAssertEqual(refused.code, 3, "what holds data is replaced: \(refused.everything)")
    let data = planned.changes.filter { $0.json["losesData"].bool == true }.map(\.resource)
    XCTAssertGreaterThan(data.count, 3, "\(data)")
    let replaced = try workspace.start(
      allowed + data.flatMap { ["--allow-data-loss", "acme-prod/\($0)"] }
    ).finish()
    XCTAssertEqual(replaced.code, 0, replaced.everything)
    // The new gateway takes the address of the old one, so that routes lead nowhere meanwhile.
    try assertOrder(replaced.everything, besides: "Nat")
    try assertInSync(workspace)

    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"client\"",
      "\"destroy\": { \"data\": \"delete\" }, \"client\"")
    try workspace.commit("Let acme go")
    let destroyed = try workspace.trueup(
      "apply", "--yes", "--allow-deletes", "100", "--allow-replaces", "100")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    try assertOrder(destroyed.everything)
    let left = try endpoint.aws(
      "resourcegroupstaggingapi", "get_resources", ["TagFilters": [["Key": "trueup:stack"]]])
    let arns = left["ResourceTagMappingList"].array.compactMap { $0["ResourceARN"].string }
    XCTAssertEqual(
      arns.filter { arn in
        ![":kms:", ":secretsmanager:", ":natgateway/"].contains { arn.contains($0) }
      }, [], "only what AWS shows for some time after it was deleted is left")
    XCTAssertEqual(try report(workspace, "plan", exits: 0).changes.map(\.resource), [])
  }

  /// Of what refers to another resource, the old goes before the other's old one.
  private func assertOrder(_ output: String, besides first: String? = nil) throws {
    let lines = output.split(separator: "\n").map(String.init)
    func line(_ resource: String, _ word: String) -> Int? {
      lines.firstIndex { $0.contains(" acme-prod/\(resource) \(word)") }
    }
    var checked = 0
    for (resource, text) in try Self.references(Self.blueprint(1)) {
      // A policy that names roles is named by them as well: each is detached before it goes.
      for needed in text where needed != first && resource != "Managed" {
        guard let gone = line(resource, "deleted"), let begun = line(needed, "deleting") else {
          continue
        }
        XCTAssertLessThan(gone, begun, "\(resource) goes before \(needed):\n\(output)")
        checked += 1
      }
    }
    XCTAssertGreaterThan(checked, 15, "the output tells what was deleted:\n\(output)")
  }

  /// The resources that each one refers to.
  private static func references(_ blueprint: String) throws -> [String: Set<String>] {
    let resources = try JSON(parsing: blueprint)["Resources"]
    var references: [String: Set<String>] = [:]
    for name in resources.keys {
      let text = resources[name].description
      references[name] = Set(
        resources.keys.filter { other in
          other != name
            && (text.contains("\"Ref\":\"\(other)\"") || text.contains("[\"\(other)\","))
        })
    }
    return references
  }

  private static func resources() throws -> [String] {
    try JSON(parsing: blueprint(1))["Resources"].keys
  }

  private func workspace(of generation: Int) throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.write("desired-state/blueprints/base.jsonc", Self.blueprint(generation))
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("Every kind")
    let resources = try JSON(parsing: Self.blueprint(generation))["Resources"]
    XCTAssertEqual(
      Set(resources.keys.compactMap { resources[$0]["Type"].string }), Set(try Registry().types),
      "every kind is there")
    return workspace
  }

  /// - Parameter generation: whatever is create-only depends on it.
  private static func blueprint(_ generation: Int) -> String {
    let trust = """
      { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": "ecs-tasks.amazonaws.com" } }] }
      """
    let allow = """
      { "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*" }] }
      """
    func resourcePolicy(_ action: String, _ resource: String) -> String {
      """
      { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "\(action)",
        "Principal": { "Service": "events.amazonaws.com" }, "Resource": \(resource) }] }
      """
    }
    let vpc = #""VpcId": { "Ref": "Vpc" }"#
    func resource(_ name: String, _ type: String, _ properties: String, _ more: String = "")
      -> String
    {
      "\"\(name)\": { \"Type\": \"AWS::\(type)\", \"Properties\": { \(properties) } \(more) }"
    }
    let g = generation
    let resources = [
      resource("Vpc", "EC2::VPC", #""CidrBlock": "10.\#(g).0.0/16""#),
      resource("Subnet", "EC2::Subnet", vpc + #", "CidrBlock": "10.\#(g).1.0/24""#),
      resource("Range", "EC2::VPCCidrBlock", vpc + #", "CidrBlock": "10.5\#(g).0.0/16""#),
      resource("Gateway", "EC2::InternetGateway", ""),
      resource(
        "Attachment", "EC2::VPCGatewayAttachment",
        vpc + #", "InternetGatewayId": { "Ref": "Gateway" }"#),
      resource("EgressOnly", "EC2::EgressOnlyInternetGateway", vpc),
      resource("Options", "EC2::DHCPOptions", #""DomainName": "g\#(g).example.com""#),
      resource(
        "OptionsAssociation", "EC2::VPCDHCPOptionsAssociation",
        vpc + #", "DhcpOptionsId": { "Ref": "Options" }"#),
      resource("Address", "EC2::EIP", "", #", "DependsOn": "Attachment""#),
      resource(
        "Nat", "EC2::NatGateway",
        #""SubnetId": { "Ref": "Subnet" }, "AllocationId": { "Fn::GetAtt": ["Address", "AllocationId"] }"#
      ),
      resource("Table", "EC2::RouteTable", vpc),
      resource(
        "Route", "EC2::Route",
        #""RouteTableId": { "Ref": "Table" }, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": { "Ref": "Nat" }"#
      ),
      resource(
        "TableAssociation", "EC2::SubnetRouteTableAssociation",
        #""SubnetId": { "Ref": "Subnet" }, "RouteTableId": { "Ref": "Table" }"#),
      resource("Group", "EC2::SecurityGroup", vpc + #", "GroupDescription": "a group""#),
      resource(
        "In", "EC2::SecurityGroupIngress",
        #""GroupId": { "Ref": "Group" }, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8""#
      ),
      resource(
        "Out", "EC2::SecurityGroupEgress",
        #""GroupId": { "Ref": "Group" }, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8""#
      ),
      resource(
        "Endpoint", "EC2::VPCEndpoint",
        vpc
          + #", "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": [{ "Ref": "Table" }]"#
      ),
      resource(
        "Flow", "EC2::FlowLog",
        #""ResourceId": { "Ref": "Vpc" }, "ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "s3", "LogDestination": { "Fn::GetAtt": ["Bucket", "Arn"] }"#
      ),
      resource("Acl", "EC2::NetworkAcl", vpc),
      resource(
        "Entry", "EC2::NetworkAclEntry",
        #""NetworkAclId": { "Ref": "Acl" }, "RuleNumber": 100, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0""#
      ),
      resource(
        "AclAssociation", "EC2::SubnetNetworkAclAssociation",
        #""SubnetId": { "Ref": "Subnet" }, "NetworkAclId": { "Ref": "Acl" }"#),
      resource(
        "Role", "IAM::Role", #""Path": "/g\#(g)/", "AssumeRolePolicyDocument": \#(trust)"#),
      resource(
        "Managed", "IAM::ManagedPolicy",
        #""Path": "/g\#(g)/", "PolicyDocument": \#(allow), "Roles": [{ "Ref": "Role" }]"#),
      resource(
        "Inline", "IAM::Policy",
        #""PolicyName": "inline", "PolicyDocument": \#(allow), "Roles": [{ "Ref": "Role" }]"#),
      resource(
        "RolePolicy", "IAM::RolePolicy",
        #""PolicyName": "alone", "PolicyDocument": \#(allow), "RoleName": { "Ref": "Role" }"#),
      resource(
        "Profile", "IAM::InstanceProfile", #""Path": "/g\#(g)/", "Roles": [{ "Ref": "Role" }]"#),
      resource("Provider", "IAM::OIDCProvider", #""Url": "https://g\#(g).example.com""#),
      resource("Key", "KMS::Key", #""MultiRegion": \#(g == 1)"#),
      resource(
        "Alias", "KMS::Alias",
        #""AliasName": "alias/acme-\#(g)", "TargetKeyId": { "Ref": "Key" }"#),
      resource("Logs", "Logs::LogGroup", #""LogGroupName": "/acme/\#(g)""#),
      resource(
        "Filter", "Logs::MetricFilter",
        #""LogGroupName": { "Ref": "Logs" }, "FilterPattern": "ERROR", "MetricTransformations": [{ "MetricName": "E", "MetricNamespace": "N", "MetricValue": "1" }]"#
      ),
      resource("Bucket", "S3::Bucket", #""BucketName": "acme-everything-\#(g)""#),
      resource(
        "BucketPolicy", "S3::BucketPolicy",
        #""Bucket": { "Ref": "Bucket" }, "PolicyDocument": \#(resourcePolicy("s3:PutObject", #"{ "Fn::Sub": "${Bucket.Arn}/*" }"#))"#
      ),
      resource("Zone", "Route53::HostedZone", #""Name": "g\#(g).example.com""#),
      resource(
        "Record", "Route53::RecordSet",
        #""HostedZoneId": { "Ref": "Zone" }, "Name": "www.g\#(g).example.com", "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.1"]"#
      ),
      resource("Topic", "SNS::Topic", #""TopicName": "acme-\#(g)""#),
      resource(
        "Subscription", "SNS::Subscription",
        #""TopicArn": { "Ref": "Topic" }, "Protocol": "sqs", "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] }"#
      ),
      resource(
        "TopicPolicy", "SNS::TopicPolicy",
        #""Topics": [{ "Ref": "Topic" }], "PolicyDocument": \#(resourcePolicy("sns:Publish", #"{ "Ref": "Topic" }"#))"#
      ),
      resource("Queue", "SQS::Queue", #""QueueName": "acme-\#(g)""#),
      resource(
        "QueuePolicy", "SQS::QueuePolicy",
        #""Queues": [{ "Ref": "Queue" }], "PolicyDocument": \#(resourcePolicy("sqs:SendMessage", #"{ "Fn::GetAtt": ["Queue", "Arn"] }"#))"#
      ),
      resource(
        "Parameter", "SSM::Parameter",
        #""Name": "/acme/\#(g)", "Type": "String", "Value": "value""#),
      resource(
        "Secret", "SecretsManager::Secret",
        #""Name": "acme/\#(g)", "GenerateSecretString": { "PasswordLength": 20 }"#),
      resource(
        "Alarm", "CloudWatch::Alarm",
        #""AlarmName": "acme-\#(g)", "AlarmActions": [{ "Ref": "Topic" }], "MetricName": "M", "Namespace": "N", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold""#
      ),
      resource(
        "Dashboard", "CloudWatch::Dashboard",
        #""DashboardName": "acme-\#(g)", "DashboardBody": "{\"widgets\":[]}""#),
      resource("Images", "ECR::Repository", #""RepositoryName": "acme/\#(g)""#),
      resource(
        "Rule", "Events::Rule",
        #""Name": "acme-\#(g)", "EventPattern": { "source": ["acme"] }, "Targets": [{ "Id": "queue", "Arn": { "Fn::GetAtt": ["Queue", "Arn"] } }]"#
      ),
    ]
    return "{ \"Resources\": {\n\(resources.joined(separator: ",\n"))\n} }"
  }
}
