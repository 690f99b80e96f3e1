import Document
import TrueupCore

/// A target group: of instances, addresses, a Lambda function or an application load balancer.
public struct TargetGroup: TaggedBalancing {
  public init() {}

  public let type = "AWS::ElasticLoadBalancingV2::TargetGroup"

  public let facts = TypeFacts(
    Identity(
      ref: "TargetGroupArn",
      // Source: Elastic Load Balancing API, CreateTargetGroup.
      name: NameRule(property: "Name", maximumLength: 32),
      arn: "elasticloadbalancing:targetgroup"),
    properties: [
      "/TargetType": .defaultsTo("instance"),
      "/IpAddressType": .defaultsTo("ipv4"),
      "/HealthCheckPort": .normal(.scalarText),
      // ModifyTargetGroup does not take it.
      "/TargetControlPort": .createOnly,
      "/Targets": .keyed("Id", "Port").losing(.members),
      "/Targets/*/Id": .refers(
        to: "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Lambda::Function"),
      "/TargetGroupAttributes": .keyed("Key"),
      "/TargetGroupAttributes/*/Value": .normal(.scalarText),
      "/LoadBalancerArns": .set,
    ],
    canonical: { properties in
      // A target without a port of its own has the group's.
      guard let port = properties["Port"], let targets = properties["Targets"]?.list else {
        return properties
      }
      return properties.setting(
        "Targets", .list(targets.map { $0["Port"] == nil ? $0.setting("Port", port) : $0 }))
    })

  /// Whoever runs tasks or instances registers them as well.
  public let sharedLists: Set = ["Targets", "TargetGroupAttributes"]

  /// Source: Elastic Load Balancing API, TargetGroupAttribute.
  static let attributes = BalancerAttributes(
    property: "TargetGroupAttributes", member: "TargetGroupArn",
    reading: "DescribeTargetGroupAttributes", writing: "ModifyTargetGroupAttributes",
    initial: [
      "deregistration_delay.timeout_seconds": "300",
      "lambda.multi_value_headers.enabled": "false",
      "load_balancing.algorithm.anomaly_mitigation": "off",
      "load_balancing.algorithm.type": "round_robin",
      "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
      "proxy_protocol_v2.enabled": "false", "slow_start.duration_seconds": "0",
      "stickiness.app_cookie.duration_seconds": "86400", "stickiness.enabled": "false",
      "stickiness.lb_cookie.duration_seconds": "86400",
      "target_failover.on_deregistration": "no_rebalance",
      "target_failover.on_unhealthy": "no_rebalance",
      "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
      "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
      "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
      "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
      "target_health_state.unhealthy.connection_termination.enabled": "true",
      "target_health_state.unhealthy.draining_interval_seconds": "0",
    ])

  // MARK: Observing

  let listing = Listing(ELBv2.targetGroups, "TargetGroups", id: "TargetGroupArn")
  let tagging = BalancerTags()
  let shown = [
    "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort",
    "HealthCheckProtocol", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "IpAddressType",
    "LoadBalancerArns", "Matcher", "Port", "Protocol", "ProtocolVersion", "TargetControlPort",
    "TargetGroupArn", "TargetGroupName", "TargetType", "UnhealthyThresholdCount", "VpcId",
  ]
  let details = [
    attributes.detail,
    Detail(["Targets"]) { _, arn in
      Read(
        Call(
          "elbv2", "DescribeTargetHealth", ["TargetGroupArn": .string(arn)],
          absentCodes: ELBv2.gone))
    } values: { output in
      // What is deregistered is shown until its connections have ended.
      let registered = output.elements("TargetHealthDescriptions").filter {
        $0["TargetHealth"]?["State"] != "draining"
      }
      return ["Targets": .list(registered.compactMap { $0["Target"] })]
    },
  ]

  func name(in known: String) -> String { ELBv2.name(in: known) }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    properties(item)
  }

  private func properties(_ item: Document) -> [String: Document?] {
    var members = item.members(named: shown)
    members["Name"] = item["TargetGroupName"]
    members["TargetGroupFullName"] = item["TargetGroupArn"]?.string.flatMap {
      $0.split(separator: ":").last.map { .string(String($0)) }
    }
    return members
  }

  // MARK: Changing

  /// What can be changed of a health check, under the same names.
  static let healthCheck = [
    "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort",
    "HealthCheckProtocol", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "Matcher",
    "UnhealthyThresholdCount",
  ]

  let creation = Creation(
    Call("elbv2", "CreateTargetGroup", [:]),
    healthCheck + [
      "Name", "Protocol", "ProtocolVersion", "Port", "VpcId", "TargetType", "IpAddressType",
      "TargetControlPort",
    ])
  /// It is in use for a moment after the last listener or rule has let go of it.
  let deletion = Deletion(
    Call(
      "elbv2", "DeleteTargetGroup", [:], absentCodes: ["TargetGroupNotFound"],
      transientCodes: ["ResourceInUse"], patience: 120), "TargetGroupArn")

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    guard let group = output.elements("TargetGroups").first,
      let arn = group["TargetGroupArn"]?.string
    else { throw .failed("CreateTargetGroup answered without a TargetGroupArn") }
    try calls.make(Self.attributes.calls(step, arn))
    try fill(step, arn, &calls)
    return done(step, arn).adding(properties(group))
  }

  func changes(_ step: Step, _ arn: String) throws(Pause) -> [Call] {
    var members = step.desired.members(named: Self.healthCheck.filter { step.changes($0) })
    let initial = HealthCheck(of: step.unchanged.merging(step.desired))
    for property in members.keys where step.desired[property] == nil {
      members[property] = initial[property]
    }
    let check = Call(
      "elbv2", "ModifyTargetGroup",
      .members(members.merging(["TargetGroupArn": .string(arn)]) { $1 }),
      transientCodes: ["TargetGroupNotFound"])
    return (Document.members(members) == .object([:]) ? [] : [check])
      + Self.attributes.calls(step, arn)
  }

  /// Registers what is declared and takes away what was; targets that others registered stay.
  func fill(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    guard step.action != .delete else { return }
    func targets(_ operation: String, _ targets: [Document]) -> [Call] {
      targets.isEmpty
        ? []
        : [
          Call(
            "elbv2", operation, ["TargetGroupArn": .string(arn), "Targets": .list(targets)],
            transientCodes: Self.unregistrable)
        ]
    }
    let change = TargetChange(step, facts)
    try calls.make(
      targets("DeregisterTargets", change.renewed)
        + targets("RegisterTargets", change.added + change.renewed)
        + targets("DeregisterTargets", change.gone))
  }

  /// A function's permission for load balancers, an instance that starts, a listener of the load balancer
  /// that is the target: each may have been made a moment ago.
  private static let unregistrable: Set<String> = [
    "TargetGroupNotFound", "InvalidTarget", "AccessDenied",
  ]

  // MARK: What is in the way

  public func obstacles(to deletion: Step) -> Call? {
    deletion.id.map { ELBv2.describe("DescribeTargetGroups", "TargetGroupArns", [$0]) }
  }

  public func obstacles(in output: Document) -> [String] {
    output.elements("TargetGroups").flatMap { $0.elements("LoadBalancerArns") }
      .compactMap(\.string).map {
        "a listener or rule of \(ELBv2.fullName($0)) forwards to it"
      }
  }
}
