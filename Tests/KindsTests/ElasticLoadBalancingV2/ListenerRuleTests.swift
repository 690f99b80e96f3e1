import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElasticLoadBalancingV2::ListenerRule`.
final class ListenerRuleTests: XCTestCase {
  private let rule = ListenerRule()
  private static let arn = Balancing.rule
  private static let shown: Document = [
    "RuleArn": .string(arn), "Priority": "10", "IsDefault": false,
    "Conditions": [
      [
        "Field": "host-header", "Values": ["acme.example.com"],
        "HostHeaderConfig": ["Values": ["acme.example.com"]],
      ]
    ],
    "Actions": [["Type": "fixed-response", "FixedResponseConfig": ["StatusCode": "404"]]],
    "Transforms": [],
  ]
  private static let `default`: Document = [
    "RuleArn": .string(arn + "0"), "Priority": "default", "IsDefault": true, "Conditions": [],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeRules", "CreateRule": .success(["Rules": [shown, `default`]])
    case "DescribeTags": Balancing.tags(call)
    case "GetResources": Balancing.sweep(arn)
    default: .success([:])
    }
  }

  func testRulesAreReadByTheirARNsAndTheDefaultIsNone() throws {
    let observation = ObservationRehearsal(rule, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeRules {"RuleArns":["\#(Self.arn)"]}"#,
      ])
    XCTAssertEqual(observation.observed.map(\.id), [Self.arn])
    XCTAssertEqual(observation[Self.arn]?.properties["Priority"], 10)
    XCTAssertEqual(
      observation[Self.arn]?.properties["ListenerArn"], .string(Balancing.listener))
    XCTAssertEqual(try uncovered(rule, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testTheSpellingsOfAConditionAreOne() {
    func normal(_ condition: Document) -> Document {
      rule.facts.normal(["Conditions": [condition]])
    }
    let shown = normal(Self.shown.elementsOf("Conditions")[0])
    XCTAssertEqual(shown, normal(["Field": "host-header", "Values": ["ACME.example.com"]]))
    XCTAssertEqual(
      shown,
      normal(["Field": "host-header", "HostHeaderConfig": ["Values": ["acme.example.com"]]]))
    XCTAssertEqual(
      normal(["Field": "path-pattern", "Values": ["/A/*"]]),
      normal(["Field": "path-pattern", "PathPatternConfig": ["Values": ["/A/*"]]]))
    XCTAssertNotEqual(
      normal(["Field": "path-pattern", "Values": ["/A/*"]]),
      normal(["Field": "path-pattern", "Values": ["/a/*"]]))
    XCTAssertEqual(
      normal(["Field": "host-header", "RegexValues": ["^A"]]),
      normal(["Field": "host-header", "HostHeaderConfig": ["RegexValues": ["^A"]]]))
  }

  func testConditionsHaveNoOrder() {
    let declared: Document = [
      "ListenerArn": .string(Balancing.listener), "Priority": 10,
      "Conditions": [
        ["Field": "path-pattern", "Values": ["/b", "/a"]],
        ["Field": "source-ip", "SourceIpConfig": ["Values": ["10.0.0.1/24"]]],
      ],
      "Actions": Self.shown["Actions"] ?? [],
    ]
    let shown = Observed(
      type: rule.type, id: Self.arn, scope: .rehearsal,
      properties: declared.with([
        "RuleArn": .string(Self.arn),
        "Conditions": [
          ["Field": "source-ip", "SourceIpConfig": ["Values": ["10.0.0.0/24"]]],
          [
            "Field": "path-pattern", "Values": ["/a", "/b"],
            "PathPatternConfig": ["Values": ["/a", "/b"]],
          ],
        ],
      ]), tags: Step.ourTags)
    XCTAssertEqual(plannedChanges(rule, declared, shown: [shown]), [])
  }

  private static let desired: Document = [
    "ListenerArn": .string(Balancing.listener), "Priority": 10,
    "Conditions": [["Field": "host-header", "Values": ["acme.example.com"]]],
    "Actions": [["Type": "forward", "TargetGroupArn": .string(Balancing.group)]],
  ]

  func testCreates() throws {
    let created = Rehearsal(rule, .creating(Self.desired), answer: Self.answer)
    XCTAssertEqual(created.calls.map(\.operation), ["CreateRule"])
    XCTAssertEqual(
      created.calls[0].input["Conditions"],
      [["Field": "host-header", "HostHeaderConfig": ["Values": ["acme.example.com"]]]])
    XCTAssertEqual(created.id, Self.arn)
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testARuleThatAnEarlierRunMadeIsTakenUpAndAnothersIsNot() throws {
    func created(_ tags: Document) -> Rehearsal {
      Rehearsal(rule, .creating(Self.desired)) { call in
        switch call.operation {
        case "CreateRule": .absent
        case "DescribeTags":
          .success(["TagDescriptions": [["ResourceArn": .string(Self.arn), "Tags": tags]]])
        default: Self.answer(call)
        }
      }
    }
    let ours = created(.ourTagList)
    XCTAssertEqual(
      ours.calls.map(\.operation), ["CreateRule", "DescribeRules", "DescribeTags", "ModifyRule"])
    XCTAssertEqual(ours.id, Self.arn)
    XCTAssertEqual(try modelProblems(ours.calls), [])
    let others = created([["Key": "trueup:stack", "Value": "cosyworld/other-prod"]])
    XCTAssertEqual(others.changes.count, 1)
    XCTAssertEqual(others.failure?.contains("has the priority 10"), true, "\(others.end)")
  }

  func testRulesThatChangePlacesDoSoInOneCall() throws {
    let steps = [(Self.arn, 20, 10), (Balancing.otherRule, 10, 20)].map { arn, old, new in
      Step.updating(
        arn, from: ["ListenerArn": .string(Balancing.listener), "Priority": .integer(old)],
        to: Self.desired.with(["Priority": .integer(new)]), changed: ["Priority", "Actions"])
    }
    var calls: [Call] = []
    var end = rule.next(group: steps, [])
    while case .call(let call) = end {
      calls.append(call)
      end = rule.next(group: steps, calls.map { _ in .success([:]) })
    }
    XCTAssertEqual(calls.map(\.operation), ["SetRulePriorities", "ModifyRule", "ModifyRule"])
    XCTAssertEqual(
      calls[0].input["RulePriorities"],
      [
        ["RuleArn": .string(Self.arn), "Priority": 10],
        ["RuleArn": .string(Balancing.otherRule), "Priority": 20],
      ])
    guard case .done(let done) = end else { return XCTFail("\(end)") }
    XCTAssertEqual(done.map(\.id), [Self.arn, Balancing.otherRule])
    XCTAssertEqual(try modelProblems(calls), [])
  }

  func testResetsItsTransforms() throws {
    let reset = Rehearsal(
      rule, .updating(Self.arn, to: Self.desired, changed: ["Transforms"]))
    XCTAssertEqual(
      reset.lines, [#"ModifyRule {"ResetTransforms":true,"RuleArn":"\#(Self.arn)"}"#])
    XCTAssertEqual(try modelProblems(reset.calls), [])
  }
}
