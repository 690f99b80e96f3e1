import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ApplicationAutoScaling::ScalableTarget` and `AWS::ApplicationAutoScaling::ScalingPolicy`.
final class ScalingTests: XCTestCase {
  private let target = ScalableTarget()
  private let policy = ScalingPolicy()

  private static let id = "service/main/web|ecs:service:DesiredCount|ecs"
  private static let arn =
    "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:u:resource/ecs/service/main/web:policyName/cpu"
  private static let names: Document = [
    "ServiceNamespace": "ecs", "ResourceId": "service/main/web",
    "ScalableDimension": "ecs:service:DesiredCount",
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeScalableTargets":
      .success([
        "ScalableTargets": [
          names.with([
            "MinCapacity": 1, "MaxCapacity": 4, "CreationTime": 1_700_000_000,
            "RoleARN": "arn:aws:iam::1:role/aws-service-role/x", "PredictedCapacity": 2,
            "SuspendedState": [
              "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": true,
              "ScheduledScalingSuspended": false,
            ],
          ])
        ]
      ])
    case "DescribeScheduledActions":
      .success([
        "ScheduledActions": [
          names.with([
            "ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)", "Timezone": "UTC",
            "StartTime": 1_800_000_000, "ScalableTargetAction": ["MinCapacity": 0],
          ]),
          names.with([
            "ResourceId": "service/main/other", "ScheduledActionName": "day", "Schedule": "x",
          ]),
        ]
      ])
    case "DescribeScalingPolicies":
      .success([
        "ScalingPolicies": [
          names.with([
            "PolicyName": "cpu", "PolicyARN": .string(arn), "PolicyType": "TargetTrackingScaling",
            "Alarms": [["AlarmName": "TargetTracking-1", "AlarmARN": "x"]],
            "TargetTrackingScalingPolicyConfiguration": [
              "TargetValue": 60.0, "DisableScaleIn": false, "ScaleInCooldown": 300,
              "PredefinedMetricSpecification": [
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": "app/lb/1/targetgroup/tg/2",
              ],
            ],
          ])
        ]
      ])
    default: .success([:])
    }
  }

  private func context(_ values: [String: Set<String>], _ properties: Set<String> = [])
    -> ReadContext
  {
    var context = ReadContext.rehearsal(properties: properties)
    context.values = values
    return context
  }

  // MARK: Targets

  func testTargetsAreReadByNamespaceAndActionsWhereTheyAreDeclared() throws {
    let plain = ObservationRehearsal(
      target, context(["ServiceNamespace": ["ecs"]]), answer: Self.answer)
    XCTAssertEqual(plain.lines, [#"DescribeScalableTargets {"ServiceNamespace":"ecs"}"#])
    XCTAssertEqual(plain.reads.first?.pageSize, 50)
    XCTAssertEqual(plain.observed.map(\.id), [Self.id])
    XCTAssertEqual(plain[Self.id]?.unread["/ScheduledActions"]?.isEmpty, false)
    XCTAssertEqual(
      plain[Self.id]?.properties["Scales"], .string(ECSExample.service),
      "the service has to outlast it")
    let known = ObservationRehearsal(
      target, .rehearsal(candidates: [Self.id: []], properties: ["ScheduledActions"]),
      answer: Self.answer)
    XCTAssertEqual(
      known.lines,
      [
        #"DescribeScalableTargets {"ServiceNamespace":"ecs"}"#,
        #"DescribeScheduledActions {"ServiceNamespace":"ecs"}"#,
      ])
    XCTAssertEqual(
      known[Self.id]?.properties["ScheduledActions"]?.list?.map { $0["ScheduledActionName"] },
      ["night"])
    XCTAssertEqual(try uncovered(target, shown: known.observed), [])
    XCTAssertEqual(try modelProblems(known.reads.map(\.call)), [])
  }

  func testTheServicesOwnRoleAndThePredictedCapacityAreNoDifference() {
    let shown = ObservationRehearsal(
      target, context(["ServiceNamespace": ["ecs"]], ["ScheduledActions"]), answer: Self.answer)
    let desired = Self.names.with([
      "MinCapacity": 1, "MaxCapacity": 4, "RoleARN": "arn:aws:iam::1:role/mine",
      "SuspendedState": ["DynamicScalingOutSuspended": true],
      "ScheduledActions": [
        [
          "ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)",
          "StartTime": "2027-01-15T08:00:00Z", "ScalableTargetAction": ["MinCapacity": 0],
        ]
      ],
    ])
    XCTAssertEqual(
      plannedChanges(target, desired, shown: shown.observed, base: desired), [])
    XCTAssertEqual(
      plannedChanges(
        target, desired.with(["MaxCapacity": 8]), shown: shown.observed, base: desired),
      ["update /MaxCapacity (update)"])
  }

  func testRegistersWithActionsAndWaitsForWhatIsScaled() throws {
    let night: Document = [
      "ScheduledActionName": "night", "Schedule": "rate(1 day)", "Timezone": "UTC",
      "StartTime": "2027-01-15T08:00:00Z", "ScalableTargetAction": ["MinCapacity": 0],
    ]
    let created = Rehearsal(
      target,
      .creating(
        Self.names.with([
          "MinCapacity": 1, "MaxCapacity": 4, "ScheduledActions": [night],
          "RoleARN": "arn:aws:iam::1:role/mine",
        ])))
    XCTAssertEqual(
      created.calls.map(\.operation), ["RegisterScalableTarget", "PutScheduledAction"])
    XCTAssertEqual(created.id, Self.id)
    XCTAssertEqual(created.attributes?["Id"], .string(Self.id))
    XCTAssertNil(created.calls[0].input["Tags"], "the registry has none")
    XCTAssertEqual(try modelProblems(created.calls), [])
    XCTAssertTrue(
      created.calls[0].isTransient(
        CallFailure(
          reason: .refused, service: "", operation: "", code: "ValidationException",
          message: "ECS service doesn't exist: service/main/web")))
    XCTAssertFalse(
      created.calls[0].isTransient(
        CallFailure(
          reason: .refused, service: "", operation: "", code: "ValidationException",
          message: "MinCapacity must be at most MaxCapacity")))
  }

  func testUpdatesWhatChangedAndTakesActionsAway() throws {
    let action: Document = ["ScheduledActionName": "night", "Schedule": "rate(1 day)"]
    let changed = action.with(["Schedule": "rate(2 days)"])
    let updated = Rehearsal(
      target,
      .updating(
        Self.id,
        from: Self.names.with([
          "MinCapacity": 1,
          "ScheduledActions": [action, ["ScheduledActionName": "day", "Schedule": "x"]],
        ]), to: Self.names.with(["MinCapacity": 2, "ScheduledActions": [changed]]),
        changed: ["MinCapacity", "ScheduledActions", "SuspendedState"]))
    XCTAssertEqual(
      updated.calls.map(\.operation),
      ["RegisterScalableTarget", "PutScheduledAction", "DeleteScheduledAction"])
    XCTAssertEqual(updated.calls[0].input["MinCapacity"], 2)
    XCTAssertNil(updated.calls[0].input["MaxCapacity"])
    XCTAssertEqual(
      updated.calls[0].input["SuspendedState"]?["DynamicScalingInSuspended"], false)
    XCTAssertEqual(updated.calls[2].input["ScheduledActionName"], "day")
    let deleted = Rehearsal(target, .deleting(Self.id))
    XCTAssertEqual(deleted.calls.map(\.operation), ["DeregisterScalableTarget"])
    XCTAssertEqual(deleted.calls[0].input, Self.names)
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("ObjectNotFoundException"))
    XCTAssertEqual(try modelProblems(updated.calls + deleted.calls), [])
  }

  // MARK: Policies

  func testPoliciesAreReadWhereTargetsAre() throws {
    let named = ObservationRehearsal(
      policy, context(["ScalingTargetId": [Self.id]]), answer: Self.answer)
    XCTAssertEqual(named.lines, [#"DescribeScalingPolicies {"ServiceNamespace":"ecs"}"#])
    XCTAssertEqual(named.reads.first?.pageSize, 10)
    XCTAssertEqual(named.observed.map(\.id), [Self.arn])
    XCTAssertEqual(named[Self.arn]?.properties["ScalingTargetId"], .string(Self.id))
    XCTAssertEqual(try modelProblems(named.reads.map(\.call)), [])
    let nowhere = ObservationRehearsal(policy, context([:]), answer: Self.answer)
    XCTAssertEqual(nowhere.lines, [], "in no namespace is anything known")
    var replies = Replies()
    let targets = Read(
      Call(
        "application-autoscaling", "DescribeScalableTargets", ["ServiceNamespace": "dynamodb"]),
      pageSize: 50, isEssential: true)
    replies[targets] = .success(["ScalableTargets": [["ResourceId": "table/a"]]])
    XCTAssertEqual(
      policy.reads(context([:]), replies).map { $0.call.input["ServiceNamespace"] }, ["dynamodb"])
    let step =
      named.observed + [
        Observed(
          type: policy.type, id: "", scope: .rehearsal,
          properties: [
            "StepScalingPolicyConfiguration": [:], "PredictiveScalingPolicyConfiguration": [:],
          ])
      ]
    XCTAssertEqual(try uncovered(policy, shown: step), [])
  }

  private static let tracking: Document = [
    "TargetValue": 60,
    "PredefinedMetricSpecification": [
      "PredefinedMetricType": "ALBRequestCountPerTarget",
      "ResourceLabel": "app/lb/1/targetgroup/tg/2",
    ],
  ]

  func testATargetIsOneByItsIdAndByItsThreeNames() {
    let shown = ObservationRehearsal(
      policy, context(["ServiceNamespace": ["ecs"]]), answer: Self.answer
    ).observed
    let common: Document = [
      "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
      "TargetTrackingScalingPolicyConfiguration": Self.tracking,
    ]
    let byID = common.with(["ScalingTargetId": .string(Self.id)])
    for desired in [common.with(Self.names.object ?? [:]), byID] {
      XCTAssertEqual(plannedChanges(policy, desired, shown: shown, base: desired), [])
    }
    XCTAssertEqual(
      plannedChanges(
        policy,
        byID.with([
          "TargetTrackingScalingPolicyConfiguration": Self.tracking.with(["TargetValue": 70])
        ]), shown: shown, base: byID),
      ["update /TargetTrackingScalingPolicyConfiguration/TargetValue (update)"])
  }

  func testPoliciesOfOneNameAreOnesOfTheirTargets() {
    func groups(_ targets: [String]) -> Int {
      let resources = targets.enumerated().flatMap { index, target in
        let stack = "c\(index)-prod"
        func resource(_ name: String, _ type: String, _ properties: [String: Value])
          -> DesiredResource
        {
          DesiredResource(
            address: Address(stack: stack, resource: name), type: type, scope: .rehearsal,
            properties: .object(of: properties),
            location: SourceLocation(file: "b.jsonc", position: Position(line: 1, column: 1)))
        }
        let reference = Reference(Address(stack: target, resource: "Target"), attribute: nil)
        return [
          resource("Target", self.target.type, [:]),
          resource(
            "Policy", policy.type,
            ["PolicyName": .string("cpu"), "ScalingTargetId": .reference(reference)]),
        ]
      }
      let stack = DesiredStack(
        id: StackID(project: "cosyworld", client: "acme", environment: "prod"),
        account: Scope.rehearsal.account, region: "eu-west-1", resources: resources, outputs: [],
        manifest: SourceLocation(file: "m.jsonc", position: Position(line: 1, column: 1)))
      var collisions = Collisions(catalog: .standard)
      return collisions.groups(in: [stack]).count
    }
    XCTAssertEqual(groups(["c0-prod", "c1-prod"]), 0, "each target may have one of the name")
    XCTAssertEqual(groups(["c0-prod", "c0-prod"]), 1, "one target has one")
  }

  func testOneCallWritesAllOfAPolicy() throws {
    let desired: Document = [
      "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
      "ScalingTargetId": .string(Self.id),
      "TargetTrackingScalingPolicyConfiguration": Self.tracking,
    ]
    let created = Rehearsal(policy, .creating(desired)) { _ in
      .success(["PolicyARN": .string(Self.arn)])
    }
    XCTAssertEqual(created.id, Self.arn)
    XCTAssertEqual(created.attributes?["Arn"], .string(Self.arn))
    XCTAssertEqual(created.calls[0].input["ResourceId"], "service/main/web")
    XCTAssertNil(created.calls[0].input["ScalingTargetId"])
    XCTAssertTrue(created.calls[0].transientCodes.contains("ObjectNotFoundException"))
    let step: Document = [
      "AdjustmentType": "ChangeInCapacity", "Cooldown": 60,
      "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
    ]
    let updated = Rehearsal(
      policy,
      .updating(
        Self.arn, from: desired,
        to: [
          "PolicyName": "steps", "PolicyType": "StepScaling", "ScalingTargetId": .string(Self.id),
          "StepScalingPolicyConfiguration": step,
        ], changed: ["StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration"])
    )
    XCTAssertEqual(updated.id, Self.arn)
    XCTAssertNil(updated.calls[0].input["TargetTrackingScalingPolicyConfiguration"])
    let deleted = Rehearsal(
      policy, .deleting(Self.arn, Self.names.with(["PolicyName": "cpu"])))
    XCTAssertEqual(deleted.calls[0].input, Self.names.with(["PolicyName": "cpu"]))
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
