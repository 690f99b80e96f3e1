import Document
import Kinds
import TrueupCore
import XCTest

/// The weights of rules and listeners that ECS moves while it deploys beside what runs.
final class ShiftedWeightsTests: XCTestCase {
  private static let green = Balancing.group + "0"

  private static func forward(_ blue: Int, _ green: Int) -> Document {
    [
      [
        "Type": "forward",
        "ForwardConfig": [
          "TargetGroups": [
            ["TargetGroupArn": .string(Balancing.group), "Weight": .integer(blue)],
            ["TargetGroupArn": .string(Self.green), "Weight": .integer(green)],
          ]
        ],
      ]
    ]
  }

  private static func answer(_ call: Call, rule: String, alternate: String = green) -> Reply {
    switch call.operation {
    case "GetResources":
      return .success([
        "ResourceTagMappingList": .list(
          [Balancing.rule, Balancing.listener, ECSExample.service, ECSExample.cluster].map {
            ["ResourceARN": .string($0), "Tags": .ourTagList]
          })
      ])
    case "DescribeRules":
      return .success([
        "Rules": [
          [
            "RuleArn": .string(Balancing.rule), "Priority": "10", "IsDefault": false,
            "Conditions": [], "Actions": forward(0, 100), "Transforms": [],
          ]
        ]
      ])
    case "DescribeListeners":
      return .success([
        "Listeners": [
          [
            "ListenerArn": .string(Balancing.listener), "Port": 443, "Protocol": "HTTP",
            "LoadBalancerArn": .string(Balancing.balancer), "DefaultActions": forward(0, 100),
          ]
        ]
      ])
    case "DescribeTags": return Balancing.tags(call)
    case "DescribeClusters":
      return .success([
        "clusters": [["clusterName": "main", "clusterArn": .string(ECSExample.cluster)]]
      ])
    case "ListServices": return .success(["serviceArns": [.string(ECSExample.service)]])
    case "DescribeServices":
      return .success([
        "services": [
          [
            "serviceArn": .string(ECSExample.service), "serviceName": "web", "status": "ACTIVE",
            "loadBalancers": [
              [
                "targetGroupArn": .string(Balancing.group),
                "advancedConfiguration": [
                  "alternateTargetGroupArn": .string(alternate),
                  "productionListenerRule": .string(rule),
                ],
              ]
            ],
          ]
        ]
      ])
    default: return .success([:])
    }
  }

  private func context(_ kind: any Kind, services: Bool = true) -> ReadContext {
    var context = ReadContext.rehearsal()
    context.types = services ? [kind.type, "AWS::ECS::Service"] : [kind.type]
    return context
  }

  private static let rule: Document = [
    "ListenerArn": .string(Balancing.listener), "Priority": 10, "Actions": forward(100, 0),
  ]
  private static let listener: Document = [
    "LoadBalancerArn": .string(Balancing.balancer), "Port": 443, "Protocol": "HTTP",
    "DefaultActions": forward(100, 0),
  ]

  private func changes(
    _ kind: any Kind, _ desired: Document, _ context: ReadContext, rule: String,
    alternate: String = green
  ) throws -> [String] {
    let observation = ObservationRehearsal(kind, context) {
      Self.answer($0, rule: rule, alternate: alternate)
    }
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
    return plannedChanges(kind, desired, shown: observation.observed)
  }

  func testWeightsOfARuleThatAServiceNamesAreNoDifference() throws {
    let kind = ListenerRule()
    XCTAssertEqual(
      try changes(kind, Self.rule, context(kind), rule: Balancing.rule), [])
    XCTAssertEqual(
      try changes(kind, Self.rule, context(kind), rule: Balancing.otherRule).count, 2,
      "nobody else moves them")
    XCTAssertEqual(
      try changes(kind, Self.rule, context(kind, services: false), rule: Balancing.rule).count, 2)
    var otherGroup = Self.rule
    otherGroup = otherGroup.with([
      "Actions": [["Type": "forward", "TargetGroupArn": .string(Balancing.group)]]
    ])
    XCTAssertFalse(
      try changes(kind, otherGroup, context(kind), rule: Balancing.rule).isEmpty,
      "what is forwarded to is ours")
  }

  func testWeightsOfAListenersDefaultActionAreNoDifference() throws {
    let kind = Listener()
    XCTAssertEqual(
      try changes(kind, Self.listener, context(kind), rule: Balancing.rule), [],
      "the rule of what it does by default")
    XCTAssertEqual(
      try changes(kind, Self.listener, context(kind), rule: Balancing.listener), [])
    XCTAssertEqual(
      try changes(
        kind, Self.listener, context(kind), rule: Balancing.rule, alternate: "another"
      ).count, 2,
      "a rule of the listener that forwards elsewhere")
  }

  func testTheServicesAreReadAsECSReadsThem() {
    let service = Service()
    let context = context(service)
    let own = ObservationRehearsal(service, context) { Self.answer($0, rule: Balancing.rule) }
    let balancing = ObservationRehearsal(ListenerRule(), context) {
      Self.answer($0, rule: Balancing.rule)
    }
    let shared = balancing.reads.filter { $0.call.service == "ecs" }
    XCTAssertFalse(shared.isEmpty)
    XCTAssertEqual(Set(shared).subtracting(own.reads), [], "equal reads are made once")
  }

  func testAChangeWritesTheWeightsThatAreThere() throws {
    let kind = ListenerRule()
    let observation = ObservationRehearsal(kind, context(kind)) {
      Self.answer($0, rule: Balancing.rule)
    }
    var step = Step.updating(
      Balancing.rule, from: [:],
      to: Self.rule.with([
        "Actions": [
          Self.forward(100, 0)[0]?.with(["Order": 1]) ?? [:]
        ]
      ]), changed: ["Actions"])
    step.observed = observation[Balancing.rule]
    let updated = Rehearsal(kind, step)
    let call = try XCTUnwrap(updated.calls.first { $0.operation == "ModifyRule" })
    XCTAssertEqual(
      call.input["Actions"]?[0]?["ForwardConfig"]?["TargetGroups"]?.list?.map { $0["Weight"] },
      [0, 100])
    XCTAssertEqual(try modelProblems(updated.calls), [])
  }
}
