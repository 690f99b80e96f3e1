import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SNS::TopicPolicy`.
final class SNSTopicPolicyTests: XCTestCase {
  private let policy = TopicPolicy()

  private static func arn(_ name: String) -> String {
    "arn:aws:sns:eu-west-1:111122223333:\(name)"
  }

  private static func document(_ action: String) -> Document {
    ["Statement": [["Effect": "Allow", "Action": .string(action), "Resource": "*"]]]
  }

  private static func byDefault(_ name: String, actions: Document = ["SNS:Publish"]) -> Document {
    [
      "Version": "2008-10-17", "Id": "__default_policy_ID",
      "Statement": [
        [
          "Effect": "Allow", "Sid": "__default_statement_ID", "Principal": ["AWS": "*"],
          "Action": actions, "Resource": .string(arn(name)),
          "Condition": ["StringEquals": ["AWS:SourceOwner": "111122223333"]],
        ]
      ],
    ]
  }

  /// `a` and `b` of one stack and `c` of another have the same policy, `d` the default one.
  private static let policies: [String: Document] = [
    "a": document("sns:Publish"), "b": document("sns:Publish"), "c": document("sns:Publish"),
    "d": byDefault("d"), "e": document("sns:*"),
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListTopics":
      return .success([
        "Topics": .list(policies.keys.sorted().map { ["TopicArn": .string(arn($0))] })
      ])
    case "GetResources":
      return .success([
        "ResourceTagMappingList": .list(
          [("a", "acme-prod"), ("b", "acme-prod"), ("c", "globex-prod")].map { name, stack in
            [
              "ResourceARN": .string(arn(name)),
              "Tags": [["Key": "trueup:stack", "Value": .string("cosyworld/" + stack)]],
            ]
          })
      ])
    default:
      let name = call.input["TopicArn"]?.string?.split(separator: ":").last.map(String.init) ?? ""
      return .success(["Attributes": ["Policy": .string(policies[name]?.json() ?? "")]])
    }
  }

  private func context(_ names: Set<String>, candidates: [String: Set<String>] = [:])
    -> ReadContext
  {
    var context = ReadContext.rehearsal(candidates: candidates)
    context.names["AWS::SNS::Topic"] = names
    return context
  }

  func testShowsTheTopicsOfTheSameStackTogether() throws {
    let observation = ObservationRehearsal(
      policy, context(["a", "b", "c", "d"]), answer: Self.answer)
    let (first, id) = (Self.arn("a"), "policy|" + Self.arn("a"))
    let observed = try XCTUnwrap(observation[id])
    XCTAssertEqual(
      observed.properties,
      [
        "Id": .string(id), "Anchor": .string(first), "PolicyDocument": Self.document("sns:Publish"),
        "Topics": [.string(first), .string(Self.arn("b"))],
      ])
    XCTAssertEqual(
      observation["policy|" + Self.arn("c")]?.properties["Topics"], [.string(Self.arn("c"))],
      "another stack's policy is its own")
    XCTAssertNil(
      observation["policy|" + Self.arn("d")], "SNS's own policy is nobody's resource")
    XCTAssertEqual(try uncovered(policy, shown: [observed]), [])
  }

  func testReadsOnlyTopicsThatSomebodyNames() {
    let named = ObservationRehearsal(policy, context(["a"]), answer: Self.answer)
    XCTAssertEqual(
      named.lines.filter { $0.hasPrefix("GetTopic") },
      [#"GetTopicAttributes {"TopicArn":"\#(Self.arn("a"))"}"#])
    var declared = context([], candidates: ["policy|" + Self.arn("e"): []])
    declared.values["Topics"] = [Self.arn("a")]
    let observation = ObservationRehearsal(policy, declared, answer: Self.answer)
    XCTAssertEqual(
      observation.lines.filter { !$0.hasPrefix("GetResources") },
      ["a", "e"].map { #"GetTopicAttributes {"TopicArn":"\#(Self.arn($0))"}"# },
      "where topics are named by their ARNs, none are listed")
  }

  func testAPolicyThatTheBaseKnowsStandsForItsTopicsAlone() {
    let observation = ObservationRehearsal(
      policy, context(["a", "b"], candidates: ["policy|" + Self.arn("b"): []]),
      answer: Self.answer)
    XCTAssertEqual(observation.observed.map(\.id), ["policy|" + Self.arn("b")])
    let both = ObservationRehearsal(
      policy,
      context(
        ["a", "b"],
        candidates: ["policy|" + Self.arn("a"): [], "policy|" + Self.arn("b"): []]),
      answer: Self.answer)
    XCTAssertEqual(
      both["policy|" + Self.arn("a")]?.properties["Topics"], [.string(Self.arn("a"))],
      "two that are equal are not one, also where one of them is no longer desired")
  }

  func testATopicThatMayNotBeReadIsUnread() {
    let observation = ObservationRehearsal(policy, context(["a", "b"])) { call in
      call.input["TopicArn"]?.string == Self.arn("b") ? denied(call) : Self.answer(call)
    }
    XCTAssertEqual(
      observation["policy|" + Self.arn("a")]?.unread,
      ["/Topics": "GetTopicAttributes is not allowed"])
    XCTAssertEqual(
      observation["policy|" + Self.arn("b")]?.unread["/PolicyDocument"],
      "GetTopicAttributes is not allowed")
  }

  func testLeavesOutTheTopicsForWhichAnotherDescribesIt() throws {
    let observation = ObservationRehearsal(policy, context(["a", "b"]), answer: Self.answer)
    let observed = try XCTUnwrap(observation["policy|" + Self.arn("a")])
    func claim(_ name: String) -> Claim {
      Claim(type: policy.type, properties: ["Topics": [.string(Self.arn(name))]])
    }
    XCTAssertEqual(
      policy.without([claim("b")], in: observed).properties["Topics"], [.string(Self.arn("a"))])
    XCTAssertEqual(policy.without([claim("a")], in: observed), observed, "its own claim")
  }

  func testIsPutOnAllAndTakenFromThoseNoLongerDesired() throws {
    let desired: Document = [
      "Topics": [.string(Self.arn("b")), .string(Self.arn("a"))],
      "PolicyDocument": Self.document("sns:Publish"),
    ]
    let created = Rehearsal(policy, .creating(desired, tags: [:]))
    XCTAssertEqual(
      created.calls.map { $0.input["TopicArn"]?.string }, [Self.arn("b"), Self.arn("a")])
    XCTAssertTrue(created.calls.allSatisfy { $0.transientCodes.contains("InvalidParameter") })
    XCTAssertEqual(created.id, "policy|" + Self.arn("a"), "it is called after its first topic")
    let updated = Rehearsal(
      policy,
      .updating(
        "policy|" + Self.arn("a"),
        from: desired.with(["Topics": [.string(Self.arn("a")), .string(Self.arn("c"))]]),
        to: desired, changed: ["Topics"]))
    XCTAssertEqual(updated.calls.count, 3)
    let reset = try XCTUnwrap(updated.calls.last)
    XCTAssertEqual(reset.input["TopicArn"]?.string, Self.arn("c"))
    let text = try XCTUnwrap(reset.input["AttributeValue"]?.string)
    let actions = try JSON.read(text)["Statement"]?[0]?["Action"]
    XCTAssertEqual(
      try JSON.read(text), Self.byDefault("c", actions: actions ?? []),
      "a topic gets back what SNS gives a new one")
    XCTAssertEqual(actions?.list?.count, 8)
    XCTAssertEqual(reset.absentCodes, ["NotFound"])
    XCTAssertEqual(try modelProblems(created.calls + updated.calls), [])
  }

  func testIsTakenFromAllWhenItIsDeleted() throws {
    var step = Step.deleting("policy|" + Self.arn("a"))
    step.observed = Observed(
      type: policy.type, id: "policy|" + Self.arn("a"), scope: .rehearsal,
      properties: ["Topics": [.string(Self.arn("a")), .string(Self.arn("b"))]])
    let rehearsal = Rehearsal(policy, step)
    XCTAssertEqual(rehearsal.calls.map(\.operation), ["SetTopicAttributes", "SetTopicAttributes"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }
}
