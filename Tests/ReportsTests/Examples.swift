import Document

@testable import Reports
@testable import TrueupCore

/// Reports of the situations that people meet, as small as they can be.
enum Examples {
  static let account = "123456789012"
  static let revision = "4f2c91e0a5d34b7c8e9f00112233445566778899"
  static let run = "2026-11-20T22:41:07Z-7c1e"

  static func change(
    _ address: String, _ type: String, _ action: Change.Action, _ cause: Cause, id: String? = nil,
    reason: String? = nil, _ differences: [Difference] = [],
    after: [Change.Prerequisite] = [], since: Double? = nil, outcome: Outcome? = nil
  ) -> Change {
    Change(
      address: self.address(address), type: "AWS::\(type)", id: id, action: action, cause: cause,
      reason: reason, differences: differences, after: after, since: since, outcome: outcome)
  }

  static func address(_ text: String) -> Address {
    let parts = text.split(separator: "/")
    return Address(stack: String(parts[0]), resource: String(parts[1]))
  }

  static func difference(
    _ path: PropertyPath, desired: Document?, observed: Document?, lastApplied: Document? = nil,
    _ effect: Effect = .update, _ cause: Cause = .pending
  ) -> Difference {
    Difference(
      path: path, desired: desired, observed: observed, lastApplied: lastApplied, effect: effect,
      cause: cause)
  }

  static func stack(
    _ client: String, _ environment: String = "prod", changes: [Change] = [], inSync: Int = 0,
    error: String? = nil, notChecked: [NotChecked] = []
  ) -> Plan.Stack {
    Plan.Stack(
      id: StackID(project: "cosyworld", client: client, environment: environment),
      account: account, region: "us-east-1", error: error, changes: changes,
      notChecked: notChecked, inSync: inSync)
  }

  static func report(
    _ command: RunReport.Command, _ stacks: [Plan.Stack], calls: [String: Int] = ["ec2": 57],
    seconds: Double = 0.62, run: String? = nil, refusals: [String: String] = [:],
    dirty: Bool = false
  ) -> RunReport {
    RunReport(
      command: command, revision: revision, isDirty: dirty, plan: Plan(stacks: stacks),
      calls: CallCount(byService: calls), seconds: seconds, run: run, refusals: refusals)
  }

  static func succeeded(_ calls: Int, _ seconds: Double) -> Outcome {
    Outcome(result: .succeeded, calls: calls, seconds: seconds)
  }

  static func failed(_ error: String) -> Outcome {
    Outcome(result: .failed, error: error, calls: 1, seconds: 0.2)
  }

  static func skipped(_ error: String) -> Outcome { Outcome(result: .skipped, error: error) }

  static let firstPlan = report(
    .plan,
    [
      stack(
        "acme",
        changes: [
          change(
            "acme-prod/Vpc", "EC2::VPC", .create, .new,
            [difference("/CidrBlock", desired: "10.1.0.0/16", observed: nil)]),
          change(
            "acme-prod/Subnet", "EC2::Subnet", .create, .new,
            [
              difference("/CidrBlock", desired: "10.1.1.0/24", observed: nil),
              difference("/VpcId", desired: .unknown("acme-prod/Vpc"), observed: nil),
            ],
            after: [
              .init(address: address("acme-prod/Vpc"), because: .reference, path: "/VpcId")
            ]),
          change("acme-prod/AppLogs", "Logs::LogGroup", .create, .new),
        ])
    ], calls: ["ec2": 5, "logs": 1, "sts": 1])

  static let firstApply: RunReport = {
    var report = firstPlan
    report.command = .apply
    report.run = run
    report.seconds = 3.44
    report.calls = CallCount(byService: ["ec2": 14, "logs": 3, "sts": 1])
    let ended: [(id: String, calls: Int, seconds: Double)] = [
      ("vpc-0a1b2c3d4e5f60718", 5, 1.31), ("subnet-0123456789abcdef0", 3, 0.4),
      ("/acme/prod/app", 2, 0.2),
    ]
    for (index, end) in ended.enumerated() {
      report.plan.stacks[0].changes[index].id = end.id
      report.plan.stacks[0].changes[index].outcome = succeeded(end.calls, end.seconds)
    }
    return report
  }()

  static let nothingToDo = report(
    .plan,
    [stack("acme", inSync: 60), stack("beta", inSync: 60), stack("zeta", "dev", inSync: 44)])

  private static let ssh: Document = [
    "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0",
  ]
  private static let https: Document = [
    "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8",
    "Description": "office and VPN",
  ]

  private static func assumeRole(_ service: Document) -> Document {
    [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ["Service": service],
        ]
      ],
    ]
  }

  private static let drifted: [Change] = [
    change(
      "acme-prod/AlbSecurityGroup", "EC2::SecurityGroup", .update, .drift, id: "sg-01",
      [
        difference(
          "/SecurityGroupIngress", desired: [https], observed: [https, ssh],
          lastApplied: [https], .update, .drift)
      ], since: 1_794_647_533),
    change("acme-prod/AppLogs", "Logs::LogGroup", .create, .drift),
    change(
      "acme-prod/Vpc", "EC2::VPC", .update, .drift, id: "vpc-01",
      [
        difference(
          "/EnableDnsSupport", desired: true, observed: false, lastApplied: true, .update, .drift),
        difference(
          "/Tags/CostCenter", desired: "acme", observed: nil, lastApplied: "acme", .update, .drift),
      ]),
    change(
      "acme-prod/TaskRole", "IAM::Role", .update, .conflict, id: "acme-prod-TaskRole-51d0e2",
      [
        difference(
          "/AssumeRolePolicyDocument", desired: assumeRole("ecs-tasks.amazonaws.com"),
          observed: assumeRole("ec2.amazonaws.com"),
          lastApplied: assumeRole("lambda.amazonaws.com"), .update, .conflict)
      ]),
    change(
      "acme-prod/OldBucket", "S3::Bucket", .delete, .orphan, id: "acme-prod-oldbucket-1f2e3d"),
    change(
      "acme-prod/Subnet", "EC2::Subnet", .update, .pending, id: "subnet-01",
      [difference("/MapPublicIpOnLaunch", desired: false, observed: true)]),
  ]

  static let drift = report(
    .drift,
    [
      stack("acme", changes: drifted, inSync: 54), stack("beta", inSync: 60),
      stack(
        "zeta", "dev", inSync: 44,
        notChecked: [
          NotChecked(
            address: address("zeta-dev/AppSecret"), path: "/SecretString",
            reason: "no source for OpenRouterApiKey here")
        ]),
    ], calls: ["ec2": 30, "iam": 20, "s3": 8], seconds: 0.7)

  private static func reference(_ name: String, _ path: PropertyPath) -> Change.Prerequisite {
    .init(address: address("acme-prod/\(name)"), because: .reference, path: path)
  }

  static let replacement = report(
    .plan,
    [
      stack(
        "acme",
        changes: [
          change(
            "acme-prod/Listener", "ElasticLoadBalancingV2::Listener", .update, .pending,
            id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/acme/1/2",
            [
              difference(
                "/DefaultActions/0/TargetGroupArn",
                desired: .unknown("acme-prod/TargetGroup"),
                observed: .string(
                  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/"
                    + "acme-prod-TargetGroup-8f2a1c/6d0ecf831eec9f09"))
            ], after: [reference("TargetGroup", "/DefaultActions/0/TargetGroupArn")]),
          change(
            "acme-prod/Service", "ECS::Service", .replace, .pending, id: "service-1",
            [
              difference(
                "/LoadBalancers",
                desired: [["TargetGroupArn": .unknown("acme-prod/TargetGroup")]],
                observed: [["TargetGroupArn": "arn:aws:1"]], .replace)
            ], after: [reference("TargetGroup", "/LoadBalancers/0/TargetGroupArn")]),
          change(
            "acme-prod/TargetGroup", "ElasticLoadBalancingV2::TargetGroup", .replace, .pending,
            id: "arn:aws:1",
            [
              difference("/Port", desired: 8080, observed: 3000, .replace),
              difference("/HealthCheckPath", desired: "/healthz", observed: "/"),
            ]),
        ], inSync: 58)
    ], calls: ["ec2": 58], seconds: 0.7)

  static let blocked = report(
    .plan,
    [
      stack(
        "acme",
        changes: [
          change(
            "acme-prod/AppLogs", "Logs::LogGroup", .blocked, .new,
            id: "/ecs/cosyworld/acme/application",
            reason: "a log group named /ecs/cosyworld/acme/application exists without our tags; "
              + "adopt it by naming AppLogs in the manifest's \"adopt\"",
            [difference("/RetentionInDays", desired: 30, observed: nil)]),
          change(
            "acme-prod/Vpc", "EC2::VPC", .create, .new,
            [difference("/CidrBlock", desired: "10.1.0.0/16", observed: nil)]),
        ], inSync: 3)
    ])

  static let stalled: RunReport = {
    var change = Examples.change(
      "acme-prod/Service", "ECS::Service", .stalled, .pending,
      id: "arn:aws:ecs:us-east-1:1:service/acme/web",
      reason:
        "deployment 8kq1 of the same was rolled back: ECS deployment circuit breaker: tasks failed "
        + "to start.; a task stopped: CannotPullContainerError: not found",
      [difference("/TaskDefinition", desired: "web:8", observed: "web:7")])
    change.hint =
      "it starts again when what is declared changes, or with: trueup deploy --again acme-prod/Service"
    return report(.plan, [stack("acme", changes: [change], inSync: 3)])
  }()

  static let accessDenied: RunReport = {
    let denied =
      "iam CreateRole was denied: not authorized to perform iam:CreateRole on role "
      + "acme-prod-TaskRole-51d0e2 (request 6b1f0c2e)"
    return report(
      .apply,
      [
        stack(
          "acme",
          changes: [
            change(
              "acme-prod/AppLogs", "Logs::LogGroup", .create, .new, id: "/acme/prod/app",
              outcome: succeeded(2, 0.21)),
            change(
              "acme-prod/Service", "ECS::Service", .create, .new,
              outcome: skipped("needs TaskDefinition")),
            change(
              "acme-prod/TaskDefinition", "ECS::TaskDefinition", .create, .new,
              outcome: skipped("needs TaskRole")),
            change("acme-prod/TaskRole", "IAM::Role", .create, .new, outcome: failed(denied)),
            change(
              "acme-prod/Vpc", "EC2::VPC", .create, .new, id: "vpc-01", outcome: succeeded(5, 1.3)),
          ])
      ], calls: ["ec2": 12, "iam": 4], seconds: 2.7, run: run)
  }()

  static let oneClientFails = report(
    .plan,
    [
      stack("acme", inSync: 60),
      stack(
        "beta",
        error: "ec2 DescribeVpcs failed: AuthFailure: AWS was not able to validate the provided "
          + "access credentials (request 77aa)"),
      stack(
        "zeta", "dev",
        changes: [
          change(
            "zeta-dev/Vpc", "EC2::VPC", .update, .pending, id: "vpc-02",
            [difference("/EnableDnsHostnames", desired: true, observed: false)])
        ], inSync: 43),
    ])

  static func replacements(_ count: Int) -> [Change] {
    (1...count).map { index in
      change(
        "acme-prod/Subnet\(index)", "EC2::Subnet", .replace, .pending, id: "subnet-0\(index)",
        [
          difference(
            "/CidrBlock", desired: .string("10.1.\(index).0/24"),
            observed: .string("10.0.\(index).0/24"), .replace)
        ])
    }
  }

  static let refused = report(
    .apply,
    [stack("acme", changes: replacements(3), inSync: 20), stack("beta", inSync: 60)],
    refusals: [
      "acme-prod": "3 replacements are more than the 2 allowed; "
        + "allow them with --allow-replaces 3"
    ])
}
