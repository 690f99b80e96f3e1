import Document

@testable import Reports
@testable import TrueupCore

/// A fleet as it is on a bad morning: three clients, 60 resources, 10 findings.
enum FleetExample {
  /// 2026-11-20 22:41 UTC.
  static let now = 1_795_214_460.0

  /// What one client's stack is made of: logical id, type, and what it needs by property.
  static let blueprint:
    [(name: String, type: String, needs: [(path: PropertyPath, name: String)])] =
      [
        ("Vpc", "EC2::VPC", []),
        ("InternetGateway", "EC2::InternetGateway", []),
        (
          "GatewayAttachment", "EC2::VPCGatewayAttachment",
          [
            ("/InternetGatewayId", "InternetGateway"), ("/VpcId", "Vpc"),
          ]
        ),
        ("PublicSubnetA", "EC2::Subnet", [("/VpcId", "Vpc")]),
        ("PublicSubnetB", "EC2::Subnet", [("/VpcId", "Vpc")]),
        ("RouteTable", "EC2::RouteTable", [("/VpcId", "Vpc")]),
        (
          "DefaultRoute", "EC2::Route",
          [
            ("/GatewayId", "InternetGateway"), ("/RouteTableId", "RouteTable"),
            ("/DependsOn", "GatewayAttachment"),
          ]
        ),
        (
          "RouteTableForA", "EC2::SubnetRouteTableAssociation",
          [
            ("/RouteTableId", "RouteTable"), ("/SubnetId", "PublicSubnetA"),
          ]
        ),
        (
          "RouteTableForB", "EC2::SubnetRouteTableAssociation",
          [
            ("/RouteTableId", "RouteTable"), ("/SubnetId", "PublicSubnetB"),
          ]
        ),
        ("AlbSecurityGroup", "EC2::SecurityGroup", [("/VpcId", "Vpc")]),
        (
          "ServiceSecurityGroup", "EC2::SecurityGroup",
          [
            ("/SecurityGroupIngress/0/SourceSecurityGroupId", "AlbSecurityGroup"),
            ("/VpcId", "Vpc"),
          ]
        ),
        (
          "LoadBalancer", "ElasticLoadBalancingV2::LoadBalancer",
          [
            ("/SecurityGroups/0", "AlbSecurityGroup"), ("/Subnets/0", "PublicSubnetA"),
            ("/Subnets/1", "PublicSubnetB"),
          ]
        ),
        ("TargetGroup", "ElasticLoadBalancingV2::TargetGroup", [("/VpcId", "Vpc")]),
        (
          "Listener", "ElasticLoadBalancingV2::Listener",
          [
            ("/DefaultActions/0/TargetGroupArn", "TargetGroup"),
            ("/LoadBalancerArn", "LoadBalancer"),
          ]
        ),
        ("AppLogs", "Logs::LogGroup", []),
        ("AppSecret", "SecretsManager::Secret", []),
        ("TaskRole", "IAM::Role", []),
        (
          "ExecutionRole", "IAM::Role",
          [
            ("/Policies/0/PolicyDocument/Statement/0/Resource", "AppSecret")
          ]
        ),
        (
          "TaskDefinition", "ECS::TaskDefinition",
          [
            ("/ContainerDefinitions/0/LogConfiguration/Options/awslogs-group", "AppLogs"),
            ("/ExecutionRoleArn", "ExecutionRole"), ("/TaskRoleArn", "TaskRole"),
          ]
        ),
        (
          "Service", "ECS::Service",
          [
            ("/DependsOn", "Listener"), ("/LoadBalancers/0/TargetGroupArn", "TargetGroup"),
            ("/NetworkConfiguration/AwsvpcConfiguration/SecurityGroups/0", "ServiceSecurityGroup"),
            ("/NetworkConfiguration/AwsvpcConfiguration/Subnets/0", "PublicSubnetA"),
            ("/NetworkConfiguration/AwsvpcConfiguration/Subnets/1", "PublicSubnetB"),
            ("/TaskDefinition", "TaskDefinition"),
          ]
        ),
      ]

  static func resources(_ stack: String) -> [Plan.Resource] {
    blueprint.map { item in
      Plan.Resource(
        address: Address(stack: stack, resource: item.name), type: "AWS::\(item.type)",
        needs: item.needs.map { path, name in
          let address = Address(stack: stack, resource: name)
          return path == "/DependsOn"
            ? .init(address: address, because: .dependsOn)
            : .init(address: address, because: .reference, path: path)
        })
    }.sorted { $0.address < $1.address }
  }

  private static func days(_ count: Double) -> Double { now - count * 86_400 }

  private static func rule(_ port: Document, _ source: Document) -> Document {
    ["IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": source]
  }

  private static func drifted(
    _ path: PropertyPath, _ desired: Document?, _ observed: Document?
  ) -> Difference {
    Examples.difference(
      path, desired: desired, observed: observed, lastApplied: desired, .update, .drift)
  }

  private static func policy(on resource: Document) -> Document {
    [
      "Version": "2012-10-17",
      "Statement": [["Effect": "Allow", "Action": "s3:GetObject", "Resource": resource]],
    ]
  }
  private static let widePolicy: Document = [
    "Version": "2012-10-17",
    "Statement": [["Effect": "Allow", "Action": "s3:*", "Resource": "*"]],
  ]

  static let acme: [Change] = [
    Examples.change(
      "acme-prod/AlbSecurityGroup", "EC2::SecurityGroup", .update, .drift,
      id: "sg-0a1b2c3d4e5f60718",
      [
        drifted(
          "/SecurityGroupIngress", [rule(443, "0.0.0.0/0"), rule(80, "0.0.0.0/0")],
          [
            rule(443, "0.0.0.0/0"), rule(80, "0.0.0.0/0"), rule(22, "0.0.0.0/0"),
            rule(5432, "203.0.113.7/32"),
          ])
      ], since: days(6.5)),
    Examples.change(
      "acme-prod/TaskRole", "IAM::Role", .update, .conflict, id: "acme-prod-TaskRole-51d0e2",
      [
        Examples.difference(
          "/Policies/assets/PolicyDocument", desired: policy(on: "arn:aws:s3:::acme-assets/*"),
          observed: widePolicy,
          lastApplied: policy(on: "arn:aws:s3:::acme-old/*"), .update, .conflict)
      ], since: days(2.2)),
    Examples.change(
      "acme-prod/Service", "ECS::Service", .update, .drift,
      id: "arn:aws:ecs:us-east-1:123456789012:service/acme-prod/acme-prod-Service-8f2a1c",
      [drifted("/DesiredCount", 2, 5)], since: days(0.1)),
    Examples.change(
      "acme-prod/Vpc", "EC2::VPC", .update, .drift, id: "vpc-0a1b2c3d4e5f60718",
      [
        drifted("/EnableDnsSupport", true, false), drifted("/Tags/CostCenter", "acme", nil),
      ], since: days(31)),
    Examples.change(
      "acme-prod/OldBucket", "S3::Bucket", .delete, .orphan, id: "acme-prod-oldbucket-1f2e3d",
      since: days(12)),
  ]

  static let beta: [Change] = [
    Examples.change(
      "beta-prod/TargetGroup", "ElasticLoadBalancingV2::TargetGroup", .replace, .drift,
      id: "arn:aws:elasticloadbalancing:us-east-1:210987654321:targetgroup/beta/6d0ecf831eec9f09",
      [
        Examples.difference(
          "/Port", desired: 8080, observed: 3000, lastApplied: 8080, .replace, .drift),
        drifted("/HealthCheckPath", "/healthz", "/"),
      ], since: days(1)),
    Examples.change(
      "beta-prod/AppLogs", "Logs::LogGroup", .create, .drift,
      reason: "it was deleted in AWS", since: days(0.4)),
    Examples.change(
      "beta-prod/AppSecret", "SecretsManager::Secret", .update, .drift,
      id: "arn:aws:secretsmanager:us-east-1:210987654321:secret:beta-prod-AppSecret-AbCdEf",
      [drifted("/SecretString", .secret(nil), .secret(nil))], since: days(0.02)),
    Examples.change(
      "beta-prod/InternetGateway", "EC2::InternetGateway", .blocked, .drift,
      id: "igw-0f1e2d3c4b5a69788",
      reason: "igw-0f1e2d3c4b5a69788 lost its tag trueup:stack; put it back, or adopt it by naming "
        + "InternetGateway in the manifest's \"adopt\"", since: days(3)),
    Examples.change(
      "beta-prod/TaskDefinition", "ECS::TaskDefinition", .update, .unknown,
      id: "arn:aws:ecs:us-east-1:210987654321:task-definition/beta-prod-TaskDefinition-77aa01:12",
      [
        Examples.difference(
          "/ContainerDefinitions/0/Image",
          desired: "210987654321.dkr.ecr.us-east-1.amazonaws.com/cosyworld/app:2026-11-18",
          observed: "210987654321.dkr.ecr.us-east-1.amazonaws.com/cosyworld/app:hotfix", .update,
          .unknown)
      ], since: days(9)),
  ]

  static func stack(_ client: String, account: String, changes: [Change]) -> Plan.Stack {
    var stack = Examples.stack(client, changes: changes)
    stack.account = account
    let known = Set(blueprint.map(\.name))
    stack.inSync = blueprint.count - changes.count { known.contains($0.address.resource) }
    return stack
  }

  static func report(_ command: RunReport.Command) -> RunReport {
    var stacks = [
      stack("acme", account: "123456789012", changes: acme),
      stack("beta", account: "210987654321", changes: beta),
      stack("zeta", account: "345678901234", changes: []),
    ]
    stacks[2].notChecked = [
      NotChecked(
        address: Address(stack: "zeta-prod", resource: "AppSecret"), path: "/SecretString",
        reason: "no source for OpenRouterApiKey here")
    ]
    var report = Examples.report(command, stacks, calls: ["ec2": 41, "ecs": 9, "iam": 22])
    report.plan.resources = stacks.flatMap { resources($0.id.name) }
    return report
  }

  static let drift = report(.drift)
  static let plan = report(.plan)

  private static func entry(
    _ ago: Double, _ address: String, _ action: String, _ cause: String,
    _ outcome: String = "succeeded", error: String? = nil
  ) -> HistoryEntry {
    let parts = address.split(separator: "/").map(String.init)
    return HistoryEntry(
      time: days(ago), run: "", stack: parts[0], resource: parts[1], action: action, cause: cause,
      outcome: outcome, error: error, calls: 3, seconds: 1.4)
  }

  private static func run(
    _ ago: Double, _ id: String, _ command: String, _ outcome: String, _ changes: [HistoryEntry],
    seconds: Double? = 42, dirty: Bool = false
  ) -> PastRun {
    let id = "\(Wording.timestamp(days(ago)))-\(id)"
    return PastRun(
      id: id, command: command, time: days(ago), seconds: seconds, revision: Examples.revision,
      isDirty: dirty, user: "deploy", outcome: outcome,
      changes: changes.map { entry in
        var entry = entry
        entry.run = id
        return entry
      })
  }

  static let runs = [
    run(
      0.01, "90ff", "apply", "unfinished",
      [entry(0.01, "zeta-prod/Service", "update", "pending", "unfinished")], seconds: nil),
    run(
      1.2, "7c1e", "apply", "failed",
      [
        entry(1.2, "acme-prod/Vpc", "update", "drift"),
        entry(
          1.2, "acme-prod/TaskRole", "update", "pending", "failed",
          error: "iam PutRolePolicy was denied: not authorized to perform iam:PutRolePolicy"),
        entry(1.2, "acme-prod/TaskDefinition", "create", "pending", "skipped"),
      ]),
    run(3, "01ab", "apply", "refused", [], seconds: 0.7),
    run(
      32, "5d20", "apply", "succeeded",
      blueprint.map { entry(32, "acme-prod/\($0.name)", "create", "new") }, seconds: 214,
      dirty: true),
  ]
}
