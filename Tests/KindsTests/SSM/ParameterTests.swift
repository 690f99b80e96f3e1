import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SSM::Parameter`.
final class ParameterTests: XCTestCase {
  private let parameter = Parameter()
  private static let arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/"
  private static let everything: Document = [
    "Name": "/a/b", "Type": "String", "Value": "v", "Description": "d", "AllowedPattern": "p",
    "DataType": "text", "Tier": "Advanced", "Policies": #"[{"Type":"Expiration"}]"#,
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "GetResources":
      return .success([
        "ResourceTagMappingList": .list(
          ["a/b", "flat"].map { ["ResourceARN": .string(arn + $0), "Tags": .ourTagList] })
      ])
    case "DescribeParameters":
      var shown = everything.object ?? [:]
      shown["Value"] = nil
      shown["Policies"] = [["PolicyText": #"{"Type":"Expiration"}"#, "PolicyType": "Expiration"]]
      shown["ARN"] = .string(arn + "a/b")
      return .success([
        "Parameters": [
          .object(shown), ["Name": "flat", "ARN": .string(arn + "flat"), "Type": "SecureString"],
          ["Name": "known", "ARN": .string(arn + "known"), "Type": "String"],
        ]
      ])
    case "ListTagsForResource": return .success(["TagList": [["Key": "k", "Value": "v"]]])
    case "GetParameters":
      return .success([
        "Parameters": [["Name": "/a/b", "Value": "v"], ["Name": "known", "Value": "w"]]
      ])
    default: return .success([:])
    }
  }

  func testOnlyWhatConcernsUsIsRead() throws {
    let observation = ObservationRehearsal(
      parameter, .rehearsal(candidates: ["known": ["Value"]], properties: ["Value"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeParameters {"ParameterFilters":[{"Key":"Name","Option":"Equals","#
          + #""Values":["/a/b","/flat","flat","known"]}]}"#,
        #"ListTagsForResource {"ResourceId":"known","ResourceType":"Parameter"}"#,
        #"GetParameters {"Names":["/a/b","known"]}"#,
      ])
    XCTAssertEqual(observation["/a/b"]?.properties, Self.everything)
    XCTAssertEqual(observation["/a/b"]?.tags, Step.ourTags)
    XCTAssertEqual(observation["known"]?.tags, ["k": "v"])
    XCTAssertEqual(observation["flat"]?.unread["/Value"], "its value is encrypted")
    XCTAssertEqual(try uncovered(parameter, shown: observation.observed), [])
  }

  func testNamesAreAskedForFiftyAndTenAtATime() {
    let names = (100..<160).map { "p\($0)" }
    let observation = ObservationRehearsal(
      parameter,
      .rehearsal(candidates: Dictionary(uniqueKeysWithValues: names.map { ($0, ["Value"]) }))
    ) { call in
      guard call.operation == "DescribeParameters" else { return .success([:]) }
      let asked = call.input["ParameterFilters"]?.list?.first?["Values"]?.list ?? []
      return .success([
        "Parameters": .list(asked.map { ["Name": $0, "Type": "String"] })
      ])
    }
    let counts = Dictionary(grouping: observation.reads, by: \.call.operation).mapValues(\.count)
    XCTAssertEqual(counts["DescribeParameters"], 2)
    XCTAssertEqual(counts["GetParameters"], 6)
  }

  func testAValueThatMayNotBeReadIsUnread() {
    let refused = ObservationRehearsal(parameter, .rehearsal(properties: ["Value"])) {
      $0.operation == "GetParameters" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(refused["/a/b"]?.unread["/Value"], "GetParameters is not allowed")
  }

  func testOnlyANewParameterTakesTagsAndOnlyAnOldOneIsOverwritten() throws {
    let created = Rehearsal(parameter, .creating(Self.everything))
    XCTAssertEqual(created.calls.map(\.operation), ["PutParameter"])
    XCTAssertEqual(created.calls[0].input["Overwrite"], false)
    XCTAssertEqual(created.calls[0].input["Tags"]?.list?.count, 2)
    let updated = Rehearsal(
      parameter,
      .updating(
        "/a/b", from: Self.everything, to: Self.everything.with(["Value": "w"]),
        changed: ["Value"], removedTags: ["old"], changesTags: true))
    XCTAssertEqual(
      updated.calls.map(\.operation),
      ["PutParameter", "RemoveTagsFromResource", "AddTagsToResource"])
    XCTAssertEqual(updated.calls[0].input["Overwrite"], true)
    XCTAssertNil(updated.calls[0].input["Tags"])
    XCTAssertEqual(try modelProblems(created.calls + updated.calls), [])
  }

  func testResetsWhatIsKeptWhereItIsLeftOut() throws {
    let rehearsal = Rehearsal(
      parameter,
      .updating(
        "/a/b", from: Self.everything, to: ["Name": "/a/b", "Type": "String", "Value": "v"],
        changed: ["Description", "AllowedPattern", "Policies", "DataType"]))
    let input = try XCTUnwrap(rehearsal.calls.first?.input)
    XCTAssertEqual(input["Description"], "")
    XCTAssertEqual(input["AllowedPattern"], "")
    XCTAssertEqual(input["Policies"], "[{}]")
    XCTAssertEqual(input["DataType"], "text")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAnAdvancedParameterBecomesAStandardOneByReplacementOnly() {
    XCTAssertTrue(parameter.facts.replaces("/Tier", "Standard", "Advanced"))
    XCTAssertFalse(parameter.facts.replaces("/Tier", "Advanced", "Standard"))
    XCTAssertEqual(
      parameter.facts.canonical(["Tier": "Intelligent-Tiering", "Value": "v"]),
      ["Value": "v"], "it tells how the tier is chosen")
    let deleted = Rehearsal(parameter, .deleting("/a/b")) { _ in .absent }
    XCTAssertEqual(deleted.lines, [#"DeleteParameter {"Name":"/a/b"}"#])
  }
}
