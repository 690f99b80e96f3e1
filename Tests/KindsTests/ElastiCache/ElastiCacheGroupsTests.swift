import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElastiCache::SubnetGroup` and `AWS::ElastiCache::ParameterGroup`.
final class ElastiCacheGroupsTests: XCTestCase {
  private let subnets = CacheSubnetGroup()
  private let parameters = CacheParameterGroup()
  private static let arn = "arn:aws:elasticache:eu-west-1:111122223333:"

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeCacheSubnetGroups":
      .success([
        "CacheSubnetGroups": [
          [
            "CacheSubnetGroupName": "ours", "CacheSubnetGroupDescription": "d",
            "Subnets": [["SubnetIdentifier": "subnet-1"], ["SubnetIdentifier": "subnet-2"]],
            "ARN": .string(arn + "subnetgroup:ours"),
          ]
        ]
      ])
    case "DescribeCacheParameterGroups":
      .success([
        "CacheParameterGroups": .list(
          ["default.redis7", "ours"].map { name in
            [
              "CacheParameterGroupName": .string(name), "CacheParameterGroupFamily": "redis7",
              "Description": "d", "ARN": .string(arn + "parametergroup:\(name)"),
            ]
          })
      ])
    case "DescribeCacheParameters":
      .success([
        "Parameters": [
          ["ParameterName": "timeout", "ParameterValue": "0", "Source": "system"],
          ["ParameterName": "tcp-keepalive", "ParameterValue": "300", "Source": "system"],
          ["ParameterName": "maxmemory-policy", "ParameterValue": "noeviction", "Source": "user"],
        ]
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": .list(
          ["subnetgroup:ours", "parametergroup:ours"].map {
            ["ResourceARN": .string(arn + $0), "Tags": .ourTagList]
          })
      ])
    case "ListTagsForResource": .success(["TagList": .ourTagList])
    default: .success([:])
    }
  }

  func testASubnetGroupIsFoundUnderItsNameInAnyCase() throws {
    let observation = ObservationRehearsal(
      subnets, .rehearsal(candidates: ["Ours": ["SubnetIds"]]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      ["DescribeCacheSubnetGroups {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#])
    XCTAssertEqual(observation["ours"]?.properties["SubnetIds"], ["subnet-1", "subnet-2"])
    XCTAssertEqual(observation["ours"]?.tags, Step.ourTags)
    XCTAssertEqual(try uncovered(subnets, shown: observation.observed), [])
    XCTAssertEqual(
      subnets.facts.normal(["CacheSubnetGroupName": "Ours"]),
      subnets.facts.normal(["CacheSubnetGroupName": "ours"]))
  }

  func testASubnetGroupIsChangedInPlace() throws {
    let created = Rehearsal(
      subnets,
      .creating([
        "CacheSubnetGroupName": "Ours", "Description": "d", "SubnetIds": ["subnet-1"],
      ])
    ) { _ in .success(["CacheSubnetGroup": ["CacheSubnetGroupName": "ours"]]) }
    XCTAssertEqual(created.id, "ours", "ElastiCache keeps names in lower case")
    XCTAssertEqual(created.calls[0].input["CacheSubnetGroupDescription"], "d")
    XCTAssertEqual(created.calls[0].input["Tags"]?.list?.count, 2)
    let changed = Rehearsal(
      subnets,
      .updating(
        "ours", to: ["Description": "d", "SubnetIds": ["subnet-2"]], changed: ["SubnetIds"],
        tags: Step.ourTags, removedTags: ["old"], changesTags: true))
    XCTAssertEqual(
      changed.calls.map(\.operation),
      ["ModifyCacheSubnetGroup", "RemoveTagsFromResource", "AddTagsToResource"])
    XCTAssertEqual(
      changed.calls[1].input["ResourceName"], .string(Self.arn + "subnetgroup:ours"))
    let deleted = Rehearsal(subnets, .deleting("ours"))
    XCTAssertEqual(deleted.lines, [#"DeleteCacheSubnetGroup {"CacheSubnetGroupName":"ours"}"#])
    XCTAssertEqual(deleted.calls[0].transientCodes, ["CacheSubnetGroupInUse"])
    XCTAssertEqual(
      try modelProblems(created.calls + changed.calls + deleted.calls), [])
  }

  func testOnlyParametersThatWereSetOrAreDeclaredAreShown() throws {
    var context = ReadContext.rehearsal(candidates: ["ours": ["Properties"]])
    context.values = ["Properties": ["timeout"]]
    let observation = ObservationRehearsal(parameters, context, answer: Self.answer)
    XCTAssertEqual(
      observation.lines.filter { $0.hasPrefix("DescribeCacheParameters") },
      [#"DescribeCacheParameters {"CacheParameterGroupName":"ours"}"#],
      "not of those that are not ours")
    XCTAssertEqual(
      observation["ours"]?.properties["Properties"],
      ["maxmemory-policy": "noeviction", "timeout": "0"],
      "a parameter that is set to the family's own value does not count as set")
    XCTAssertEqual(try uncovered(parameters, shown: observation.observed), [])
    let denied = ObservationRehearsal(parameters, context) {
      $0.operation == "DescribeCacheParameters" ? KindsTests.denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      denied["ours"]?.unread["/Properties"], "DescribeCacheParameters is not allowed")
    let fresh = ObservationRehearsal(parameters, .rehearsal(candidates: ["default.redis7": []])) {
      $0.operation == "GetResources"
        ? .success(["ResourceTagMappingList": []]) : Self.answer($0)
    }
    XCTAssertEqual(fresh["default.redis7"]?.tags, Step.ourTags, "the sweep is minutes late")
    XCTAssertEqual(try modelProblems((observation.reads + fresh.reads).map(\.call)), [])
  }

  func testParametersAreSetTwentyACall() throws {
    let many = Document.object(
      Dictionary(uniqueKeysWithValues: (1...45).map { ("p\($0)", .string("\($0)")) }))
    let created = Rehearsal(
      parameters,
      .creating([
        "CacheParameterGroupName": "g", "CacheParameterGroupFamily": "redis7", "Description": "d",
        "Properties": many,
      ]))
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateCacheParameterGroup"] + Array(repeating: "ModifyCacheParameterGroup", count: 3))
    XCTAssertEqual(
      created.calls.dropFirst().map { $0.input["ParameterNameValues"]?.list?.count }, [20, 20, 5])
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testWhatIsNoLongerDeclaredIsResetAndWhatOthersSetStays() throws {
    var step = Step.updating(
      "g", from: ["Properties": ["timeout": "5", "theirs": "1", "tcp-keepalive": "300"]],
      to: ["Properties": ["tcp-keepalive": 60]], changed: ["Properties"])
    step.applied = ["Properties": ["timeout": "5", "tcp-keepalive": "300"]]
    let changed = Rehearsal(parameters, step)
    XCTAssertEqual(
      changed.lines,
      [
        #"ResetCacheParameterGroup {"CacheParameterGroupName":"g","ParameterNameValues":[{"ParameterName":"timeout"}]}"#,
        #"ModifyCacheParameterGroup {"CacheParameterGroupName":"g","ParameterNameValues":[{"ParameterName":"tcp-keepalive","ParameterValue":"60"}]}"#,
      ])
    XCTAssertEqual(try modelProblems(changed.calls), [])
  }

  func testADeletionTouchesNoParameter() throws {
    let deleted = Rehearsal(parameters, .deleting("g", ["Properties": ["timeout": "5"]]))
    XCTAssertEqual(
      deleted.lines, [#"DeleteCacheParameterGroup {"CacheParameterGroupName":"g"}"#])
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }
}
