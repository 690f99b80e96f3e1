import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::Route53::HostedZone`.
final class HostedZoneTests: XCTestCase {
  private let zone = HostedZone()
  private static let everything: Document = [
    "Name": "acme.example.com", "HostedZoneConfig": ["Comment": "c"],
    "HostedZoneFeatures": ["EnableAcceleratedRecovery": true],
    "QueryLoggingConfig": ["CloudWatchLogsLogGroupArn": "arn:logs"],
    "VPCs": [["VPCId": "vpc-1", "VPCRegion": "eu-west-1"]],
  ]

  private static func shown(_ id: String, _ name: String) -> Document {
    [
      "Id": .string("/hostedzone/\(id)"), "Name": .string(name + "."), "CallerReference": "made",
      "Config": ["Comment": "c", "PrivateZone": true],
      "Features": ["AcceleratedRecoveryStatus": "ENABLING"],
    ]
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListHostedZones":
      return .success([
        "HostedZones": [
          shown("Z1", "acme.example.com"), shown("Z2", "acme.example.com"),
          shown("Z3", "other.net"),
        ]
      ])
    case "GetResources":
      return .success([
        "ResourceTagMappingList": [
          ["ResourceARN": "arn:aws:route53:::hostedzone/Z1", "Tags": .ourTagList]
        ]
      ])
    case "ListTagsForResources":
      return .success([
        "ResourceTagSets": [["ResourceId": "Z2", "Tags": [["Key": "k", "Value": "v"]]]]
      ])
    case "GetHostedZone":
      return .success([
        "VPCs": [["VPCId": "vpc-1", "VPCRegion": "eu-west-1"]],
        "DelegationSet": ["NameServers": ["ns-1.example"]],
      ])
    case "ListQueryLoggingConfigs":
      return .success([
        "QueryLoggingConfigs": [
          ["Id": "q", "HostedZoneId": "Z1", "CloudWatchLogsLogGroupArn": "arn:logs"]
        ]
      ])
    default: return .success([:])
    }
  }

  private static var context: ReadContext {
    var context = ReadContext.rehearsal(properties: ["VPCs", "QueryLoggingConfig", "NameServers"])
    context.values = ["Name": ["Acme.example.com."]]
    return context
  }

  func testTagsOfZonesUnderADeclaredNameAreReadTogether() throws {
    let observation = ObservationRehearsal(zone, Self.context, answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "ListHostedZones {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"ListTagsForResources {"ResourceIds":["Z2"],"ResourceType":"hostedzone"}"#,
        #"GetHostedZone {"Id":"Z1"}"#, "ListQueryLoggingConfigs {}",
      ], "of another's zone nothing more is read")
    let observed = try XCTUnwrap(observation["Z1"])
    XCTAssertEqual(
      observed.properties,
      Self.everything.with(["Id": "Z1", "NameServers": ["ns-1.example"]]))
    XCTAssertEqual(observed.tags, Step.ourTags)
    XCTAssertEqual(observation["Z2"]?.tags, ["k": "v"], "one of the same name is another's")
    XCTAssertNotNil(observation["Z3"]?.unread["/Tags"])
    XCTAssertEqual(try uncovered(zone, shown: [observed]), [])
    let refused = ObservationRehearsal(zone, Self.context) {
      ["GetHostedZone", "ListTagsForResources"].contains($0.operation)
        ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(refused["Z1"]?.unread["/VPCs"], "GetHostedZone is not allowed")
    XCTAssertEqual(refused["Z2"]?.unread["/Tags"], "ListTagsForResources is not allowed")
  }

  private func creating(_ desired: Document, needed: Set<String> = []) -> Step {
    var step = Step.creating(desired, needed: needed)
    step.token = "made"
    return step
  }

  func testCreatesAPrivateZoneAndTagsItAtOnce() throws {
    let second: Document = ["VPCId": "vpc-2", "VPCRegion": "eu-west-1"]
    let desired = Self.everything.with([
      "VPCs": .list((Self.everything["VPCs"]?.list ?? []) + [second])
    ])
    let rehearsal = Rehearsal(zone, creating(desired, needed: ["NameServers"])) { call in
      call.operation == "CreateHostedZone"
        ? .success([
          "HostedZone": ["Id": "/hostedzone/Z9"],
          "DelegationSet": ["NameServers": ["ns-1.example"]],
        ]) : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "CreateHostedZone", "ChangeTagsForResource", "AssociateVPCWithHostedZone",
        "CreateQueryLoggingConfig", "UpdateHostedZoneFeatures",
      ])
    XCTAssertEqual(rehearsal.calls[0].input["CallerReference"], "made")
    XCTAssertEqual(
      rehearsal.calls[0].input["HostedZoneConfig"], ["Comment": "c", "PrivateZone": true])
    XCTAssertEqual(rehearsal.id, "Z9")
    XCTAssertEqual(rehearsal.attributes?["NameServers"], ["ns-1.example"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAZoneWhoseReplyWasLostIsFoundByItsCallerReference() throws {
    let rehearsal = Rehearsal(zone, creating(["Name": "acme.example.com"])) { call in
      call.operation == "CreateHostedZone" ? .absent : Self.answer(call)
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["CreateHostedZone", "ListHostedZones", "ChangeTagsForResource"])
    XCTAssertEqual(rehearsal.id, "Z1", "no second zone is made")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAReferenceOfAZoneThatIsGoneIsNotUsedAgain() throws {
    var answers: [Reply] = [.absent, .success(["HostedZone": ["Id": "/hostedzone/Z9"]])]
    var step = creating(["Name": "acme.example.com"])
    step.nonce = "0123456789abcdef0123456789abcdef"
    let rehearsal = Rehearsal(zone, step) { call in
      switch call.operation {
      case "CreateHostedZone": answers.removeFirst()
      default: .success(["HostedZones": []])
      }
    }
    XCTAssertEqual(
      rehearsal.calls.filter { $0.operation == "CreateHostedZone" }
        .compactMap { $0.input["CallerReference"]?.string }, ["made", "made-0123456789abcdef"])
    XCTAssertEqual(rehearsal.id, "Z9")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAPrivateZoneIsNeverWithoutANetwork() throws {
    let rehearsal = Rehearsal(
      zone,
      .updating(
        "Z1", from: Self.everything,
        to: ["VPCs": [["VPCId": "vpc-2", "VPCRegion": "eu-west-1"]]], changed: ["VPCs"]))
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testResetsToWhatANewZoneHas() throws {
    let rehearsal = Rehearsal(
      zone,
      .updating(
        "Z1", from: Self.everything,
        changed: ["HostedZoneConfig", "HostedZoneFeatures", "QueryLoggingConfig"],
        removedTags: ["old"], changesTags: true), answer: Self.answer)
    XCTAssertEqual(
      rehearsal.changes.map { String($0.prefix { $0 != " " }) },
      [
        "UpdateHostedZoneComment", "DeleteQueryLoggingConfig", "UpdateHostedZoneFeatures",
        "ChangeTagsForResource",
      ])
    XCTAssertEqual(rehearsal.calls[0].input, ["Id": "Z1"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    let deleted = Rehearsal(zone, .deleting("Z1"))
    XCTAssertEqual(deleted.lines, [#"DeleteHostedZone {"Id":"Z1"}"#])
  }

  func testLeavesTheNetworksThatOthersAssociated() {
    let shown = [
      Observed(
        type: "AWS::Route53::HostedZone", id: "Z1", scope: .rehearsal,
        properties: [
          "Id": "Z1", "Name": "example.com",
          "VPCs": [
            ["VPCId": "vpc-1", "VPCRegion": "eu-west-1"],
            ["VPCId": "vpc-2", "VPCRegion": "eu-west-1"],
          ],
        ], tags: Step.ourTags)
    ]
    func zone(_ networks: String...) -> Document {
      [
        "Name": "example.com.",
        "VPCs": .list(networks.map { ["VPCId": .string($0), "VPCRegion": "eu-west-1"] }),
      ]
    }
    XCTAssertEqual(plannedChanges(HostedZone(), zone("vpc-1"), shown: shown), [])
    XCTAssertEqual(
      plannedChanges(HostedZone(), zone("vpc-1"), shown: shown, base: zone("vpc-1")), [])
    XCTAssertEqual(
      plannedChanges(HostedZone(), zone("vpc-1"), shown: shown, base: zone("vpc-1", "vpc-2")),
      ["update /VPCs/vpc-2 (update)"], "it was ours")
    XCTAssertEqual(
      plannedChanges(HostedZone(), zone("vpc-1", "vpc-3"), shown: shown),
      ["update /VPCs/vpc-3 (update)"])
  }
}
