import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElasticLoadBalancingV2::TargetGroup`.
final class TargetGroupTests: XCTestCase {
  private let group = TargetGroup()
  private static let arn = Balancing.group
  private static let shown: Document = [
    "TargetGroupArn": .string(arn), "TargetGroupName": "tasks", "Protocol": "HTTP", "Port": 8080,
    "VpcId": "vpc-1", "HealthCheckProtocol": "HTTP", "HealthCheckPort": "traffic-port",
    "HealthCheckEnabled": true, "HealthCheckIntervalSeconds": 30, "HealthCheckTimeoutSeconds": 5,
    "HealthyThresholdCount": 5, "UnhealthyThresholdCount": 2, "HealthCheckPath": "/",
    "Matcher": ["HttpCode": "200"], "LoadBalancerArns": [.string(Balancing.balancer)],
    "TargetType": "ip", "ProtocolVersion": "HTTP1", "IpAddressType": "ipv4",
    "TargetControlPort": 9000,
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeTargetGroups", "CreateTargetGroup": .success(["TargetGroups": [shown]])
    case "GetResources": Balancing.sweep(arn)
    case "DescribeTargetGroupAttributes":
      .success(["Attributes": [["Key": "stickiness.enabled", "Value": "false"]]])
    case "DescribeTargetHealth":
      .success([
        "TargetHealthDescriptions": [
          ["Target": ["Id": "10.0.0.1", "Port": 8080], "TargetHealth": ["State": "healthy"]],
          ["Target": ["Id": "10.0.0.2", "Port": 8080], "TargetHealth": ["State": "healthy"]],
          ["Target": ["Id": "10.0.0.3", "Port": 8080], "TargetHealth": ["State": "draining"]],
        ]
      ])
    default: .success([:])
    }
  }

  private func observation() -> ObservationRehearsal {
    ObservationRehearsal(
      group, .rehearsal(properties: ["Targets", "TargetGroupAttributes"]), answer: Self.answer)
  }

  func testShowsEveryPropertyAndWhatIsRegistered() throws {
    let observation = observation()
    let ours = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(ours.properties["TargetGroupFullName"], "targetgroup/tasks/73e2d6bc24d8a067")
    XCTAssertEqual(
      ours.properties["Targets"],
      [["Id": "10.0.0.1", "Port": 8080], ["Id": "10.0.0.2", "Port": 8080]])
    XCTAssertEqual(try uncovered(group, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testTargetsThatOthersRegisteredAreNoDrift() {
    let declared: Document = [
      "Name": "tasks", "Protocol": "HTTP", "Port": 8080, "VpcId": "vpc-1", "TargetType": "ip",
      "Targets": [["Id": "10.0.0.1"]],
    ]
    let shown = observation().observed
    XCTAssertEqual(plannedChanges(group, declared, shown: shown), [])
    XCTAssertEqual(
      plannedChanges(
        group, declared.with(["Targets": [["Id": "10.0.0.1", "Port": 8080]]]), shown: shown), [],
      "the group's port may be said or not")
    XCTAssertEqual(
      plannedChanges(
        group, declared, shown: shown,
        base: declared.with(["Targets": [["Id": "10.0.0.1"], ["Id": "10.0.0.2"]]])),
      ["update /Targets/10.0.0.2,8080 (update)"], "what was applied is ours to take away")
    XCTAssertEqual(
      plannedChanges(
        group, declared.with(["Port": 9090, "Targets": [["Id": "10.0.0.1", "Port": 8080]]]),
        shown: shown), ["blocked /Port (replace)"], "the declared name is taken by the old one")
  }

  func testCreatesAndRegisters() throws {
    let created = Rehearsal(
      group,
      .creating([
        "Name": "router", "TargetType": "lambda",
        "TargetGroupAttributes": [["Key": "lambda.multi_value_headers.enabled", "Value": "true"]],
        "Targets": [["Id": "arn:aws:lambda:eu-west-1:111122223333:function:router"]],
      ]), answer: Self.answer)
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateTargetGroup", "ModifyTargetGroupAttributes", "RegisterTargets"])
    XCTAssertEqual(created.calls[2].transientCodes.contains("AccessDenied"), true)
    XCTAssertEqual(created.attributes?["TargetGroupFullName"], "targetgroup/tasks/73e2d6bc24d8a067")
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testRegistersWhatComesBeforeWhatGoesIsDeregistered() throws {
    let update = Step.updating(
      Self.arn,
      from: [
        "Port": 443,
        "Targets": [
          ["Id": "10.0.0.1", "Port": 443], ["Id": "10.0.0.2", "Port": 443],
          ["Id": "10.0.0.3", "Port": 443, "QuicServerId": "0x1"],
        ],
      ],
      to: [
        "Port": 443,
        "Targets": [
          ["Id": "10.0.0.1"], ["Id": "10.0.0.2", "Port": 444],
          ["Id": "10.0.0.3", "QuicServerId": "0x2"],
        ],
      ], changed: ["Targets"])
    let changed = Rehearsal(group, update)
    func targets(_ call: Call) -> [Document?] { call.input.elementsOf("Targets").map { $0["Id"] } }
    XCTAssertEqual(
      changed.calls.map(\.operation), ["DeregisterTargets", "RegisterTargets", "DeregisterTargets"])
    XCTAssertEqual(targets(changed.calls[0]), ["10.0.0.3"], "a server's id is not changed")
    XCTAssertEqual(targets(changed.calls[1]), ["10.0.0.2", "10.0.0.3"])
    XCTAssertEqual(changed.calls[2].input["Targets"], [["Id": "10.0.0.2", "Port": 443]])
    XCTAssertEqual(try modelProblems(changed.calls), [])
  }

  func testAHealthCheckIsResetToWhatTheTypeOfGroupHas() {
    func reset(_ properties: Document) -> Document? {
      Rehearsal(
        group,
        .updating(
          Self.arn, from: properties, to: [:],
          changed: [
            "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath",
            "HealthCheckTimeoutSeconds", "Matcher",
          ])
      ).calls.first?.input
    }
    func expected(_ members: Document) -> Document {
      members.with(["TargetGroupArn": .string(Self.arn)])
    }
    XCTAssertEqual(
      reset(["Protocol": "HTTP"]),
      expected([
        "HealthCheckEnabled": true, "HealthCheckIntervalSeconds": 30, "HealthCheckPath": "/",
        "HealthCheckTimeoutSeconds": 5, "Matcher": ["HttpCode": "200"],
      ]))
    XCTAssertEqual(
      reset(["TargetType": "lambda"]),
      expected([
        "HealthCheckEnabled": false, "HealthCheckIntervalSeconds": 35, "HealthCheckPath": "/",
        "HealthCheckTimeoutSeconds": 30, "Matcher": ["HttpCode": "200"],
      ]))
    XCTAssertEqual(
      reset(["Protocol": "HTTP", "ProtocolVersion": "GRPC"])?["Matcher"], ["GrpcCode": "12"])
    XCTAssertEqual(reset(["Protocol": "TCP"])?["HealthCheckTimeoutSeconds"], 10)
  }

  func testOneInUseIsWaitedForAndSaysWhatForwardsToIt() throws {
    let deletion = Step.deleting(Self.arn)
    let call = try XCTUnwrap(Rehearsal(group, deletion).calls.first)
    XCTAssertEqual(call.transientCodes, ["ResourceInUse"])
    let read = try XCTUnwrap(group.obstacles(to: deletion))
    XCTAssertEqual(try modelProblems([call, read]), [])
    XCTAssertEqual(
      group.obstacles(in: Self.answer(read).output ?? [:]),
      ["a listener or rule of app/web/50dc6c495c0c9188 forwards to it"])
  }
}
