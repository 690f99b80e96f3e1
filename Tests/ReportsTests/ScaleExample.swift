import Document

@testable import Reports
@testable import TrueupCore

/// Thirty clients, whose stacks of 24 resources are made of one blueprint.
enum ScaleExample {
  static let clients = (1...30).map { "client\($0 < 10 ? "0" : "")\($0)" }

  static func report(
    _ command: RunReport.Command, _ changes: (_ client: String) -> [Change]
  ) -> RunReport {
    let stacks = clients.enumerated().map { index, client in
      let own = changes(client)
      var stack = Examples.stack(client, changes: own, inSync: 24 - own.count)
      stack.account = String(100_000_000_000 + index)
      return stack
    }
    var report = Examples.report(
      command, stacks, calls: ["ec2": 12, "iam": 4, "logs": 2, "sqs": 60], seconds: 1.9)
    report.plan.resources = clients.flatMap { client in
      FleetExample.resources("\(client)-prod")
        + (21...24).map {
          Plan.Resource(
            address: Address(stack: "\(client)-prod", resource: "Queue\($0)"),
            type: "AWS::SQS::Queue")
        }
    }
    return report
  }

  /// One commit that makes all log groups keep their logs for a year.
  static let oneChangeInAll = report(.plan) { client in
    [
      Examples.change(
        "\(client)-prod/AppLogs", "Logs::LogGroup", .update, .pending, id: "/ecs/\(client)/app",
        [
          Examples.difference(
            "/RetentionInDays", desired: 365, observed: 30, lastApplied: 30, .update, .pending)
        ])
    ]
  }

  private static func drifted(
    _ path: PropertyPath, _ desired: Document?, _ observed: Document?
  ) -> Difference {
    Examples.difference(
      path, desired: desired, observed: observed, lastApplied: desired, .update, .drift)
  }

  /// Eight findings among 30 stacks, of every kind that there is.
  static let eightFindings = report(.drift) { client in
    let since = FleetExample.now - 90_000
    let stack = "\(client)-prod"
    switch client {
    case "client03":
      return [
        Examples.change(
          "\(stack)/Vpc", "EC2::VPC", .update, .drift, id: "vpc-03",
          [drifted("/Tags/CostCenter", "three", nil)], since: since)
      ]
    case "client07":
      return [
        Examples.change(
          "\(stack)/AppLogs", "Logs::LogGroup", .create, .drift, since: since),
        Examples.change(
          "\(stack)/Service", "ECS::Service", .update, .drift, id: "service-07",
          [drifted("/DesiredCount", 2, 5)], since: since),
      ]
    case "client11":
      return [
        Examples.change(
          "\(stack)/OldBucket", "S3::Bucket", .delete, .orphan, id: "old-11", since: since)
      ]
    case "client19":
      return [
        Examples.change(
          "\(stack)/AlbSecurityGroup", "EC2::SecurityGroup", .update, .drift, id: "sg-19",
          [
            drifted(
              "/SecurityGroupIngress", [],
              [["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"]])
          ], since: since)
      ]
    case "client23":
      return [
        Examples.change(
          "\(stack)/TargetGroup", "ElasticLoadBalancingV2::TargetGroup", .replace, .drift,
          id: "tg-23",
          [
            Examples.difference(
              "/Port", desired: 8080, observed: 3000, lastApplied: 8080, .replace, .drift)
          ], since: since)
      ]
    case "client28":
      return [
        Examples.change(
          "\(stack)/TaskRole", "IAM::Role", .update, .conflict, id: "role-28",
          [
            Examples.difference(
              "/ManagedPolicyArns", desired: [],
              observed: ["arn:aws:iam::aws:policy/AdministratorAccess"], lastApplied: [], .update,
              .conflict)
          ], since: since),
        Examples.change(
          "\(stack)/InternetGateway", "EC2::InternetGateway", .blocked, .drift, id: "igw-28",
          reason: "igw-28 lost its tag trueup:stack; put it back", since: since),
      ]
    default: return []
    }
  }
}
