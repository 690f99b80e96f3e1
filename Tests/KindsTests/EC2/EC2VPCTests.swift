import Document
import Kinds
import TrueupCore
import XCTest

final class EC2VPCTests: XCTestCase {
  private let kind = VPC()

  // MARK: Observing

  func testReadsAllVPCsAtOnceAndTheDeclaredAttributesOfOurs() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["vpc-2": []], properties: ["CidrBlock", "EnableDnsHostnames"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "DescribeVpcs {}",
        #"DescribeVpcAttribute {"Attribute":"enableDnsHostnames","VpcId":"vpc-1"}"#,
      ], "only vpc-1 is ours, and only host names are declared")
    XCTAssertEqual(observation.reads.first?.pageSize, 1000)
    XCTAssertEqual(observation.reads.map(\.isEssential), [true, false])
  }

  func testReadsTheAttributesOfAVPCThatTheBaseKnowsAlthoughItsTagsAreGone() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["vpc-2": ["EnableDnsSupport"]]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "DescribeVpcs {}",
        #"DescribeVpcAttribute {"Attribute":"enableDnsSupport","VpcId":"vpc-2"}"#,
      ])
  }

  func testDecodesAVPCInRegistryTerms() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["EnableDnsHostnames", "EnableDnsSupport"]),
      answer: Self.answer)
    let vpc = observation["vpc-1"]
    XCTAssertEqual(
      vpc?.properties,
      [
        "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default",
        "CidrBlockAssociations": ["vpc-cidr-assoc-1"], "Ipv6CidrBlocks": ["2001:db8::/56"],
        "EnableDnsSupport": true, "EnableDnsHostnames": true,
      ], "ranges that are on their way out do not count")
    XCTAssertEqual(vpc?.tags["trueup:stack"], "cosyworld/acme-prod")
    XCTAssertNil(vpc?.transition)
  }

  func testShowsOthersVPCsWithWhatWasNotAskedFor() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["EnableDnsSupport"]), answer: Self.answer)
    let other = observation["vpc-2"]
    XCTAssertEqual(other?.tags, ["Name": "theirs"])
    XCTAssertEqual(other?.transition, "pending")
    XCTAssertEqual(
      Set((other?.unread ?? [:]).keys.map(\.description)),
      ["/EnableDnsSupport", "/EnableDnsHostnames", "/DefaultSecurityGroup", "/DefaultNetworkAcl"],
      "nothing that was not read may pass for equal")
  }

  func testMarksAnAttributeThatItMayNotRead() {
    let observation = ObservationRehearsal(kind, .rehearsal(properties: ["EnableDnsSupport"])) {
      $0.operation == "DescribeVpcAttribute" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      observation["vpc-1"]?.unread["/EnableDnsSupport"], "DescribeVpcAttribute is not allowed")
    XCTAssertNil(observation["vpc-1"]?.properties["EnableDnsSupport"])
  }

  func testReadsDefaultsOfTheVPCOnlyWhenSomethingRefersToThem() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["DefaultSecurityGroup", "DefaultNetworkAcl"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      ["DescribeVpcs {}", "DescribeSecurityGroups {}", "DescribeNetworkAcls {}"])
    XCTAssertEqual(observation["vpc-1"]?.properties["DefaultSecurityGroup"], "sg-1")
    XCTAssertEqual(observation["vpc-1"]?.properties["DefaultNetworkAcl"], "acl-1")
  }

  func testShowsOrExplainsEveryPropertyOfTheRegistry() throws {
    let observation = ObservationRehearsal(
      kind,
      .rehearsal(properties: [
        "DefaultSecurityGroup", "DefaultNetworkAcl", "EnableDnsSupport", "EnableDnsHostnames",
      ]), answer: Self.answer)
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  // MARK: Creating

  func testCreatesAVPCWaitsForItAndSwitchesWhatDiffersFromAWSsDefaults() {
    var describes = 0
    let rehearsal = Rehearsal(kind, Self.creation) { call in
      switch call.operation {
      case "CreateVpc": return .success(["Vpc": ["VpcId": "vpc-1", "State": "pending"]])
      case "DescribeVpcs":
        describes += 1
        return .success([
          "Vpcs": [Self.ours.with(["State": describes == 1 ? "pending" : "available"])]
        ])
      default: return .success([:])
      }
    }
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"CreateVpc {"CidrBlock":"10.0.0.0/16","InstanceTenancy":"default","TagSpecifications":"#
          + #"[{"ResourceType":"vpc","Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}]}"#,
        #"DescribeVpcs {"VpcIds":["vpc-1"]}"#, #"DescribeVpcs {"VpcIds":["vpc-1"]}"#,
        #"ModifyVpcAttribute {"EnableDnsHostnames":{"Value":true},"VpcId":"vpc-1"}"#,
      ])
    XCTAssertEqual(rehearsal.waits, ["VPC vpc-1 is available"])
    XCTAssertEqual(rehearsal.calls[1].transientCodes, ["InvalidVpcID.NotFound"])
    XCTAssertEqual(rehearsal.id, "vpc-1")
    XCTAssertEqual(rehearsal.attributes?["CidrBlockAssociations"], ["vpc-cidr-assoc-1"])
  }

  func testTellsTheDefaultsOfANewVPCThatOthersReferTo() {
    let step = Step.creating(
      ["CidrBlock": "10.0.0.0/16"], needed: ["DefaultSecurityGroup", "DefaultNetworkAcl"])
    let rehearsal = Rehearsal(kind, step, answer: Self.answer)
    XCTAssertEqual(
      rehearsal.lines.suffix(2),
      [
        #"DescribeSecurityGroups {"Filters":[{"Name":"vpc-id","Values":["vpc-1"]},"#
          + #"{"Name":"group-name","Values":["default"]}]}"#,
        #"DescribeNetworkAcls {"Filters":[{"Name":"vpc-id","Values":["vpc-1"]},"#
          + #"{"Name":"default","Values":["true"]}]}"#,
      ])
    XCTAssertEqual(rehearsal.attributes?["DefaultSecurityGroup"], "sg-1")
    XCTAssertEqual(rehearsal.attributes?["DefaultNetworkAcl"], "acl-1")
  }

  func testFailsWhereCreateVpcAnswersWithoutAnId() {
    XCTAssertEqual(
      Rehearsal(kind, Self.creation).failure, "CreateVpc answered without VpcId")
  }

  func testReadsBackWhatItCreated() {
    var attributes: [String: Bool] = ["EnableDnsSupport": true, "EnableDnsHostnames": false]
    var vpc: Document = [:]
    func cloud(_ call: Call) -> Reply {
      switch call.operation {
      case "CreateVpc":
        vpc = [
          "VpcId": "vpc-9", "State": "available",
          "CidrBlock": call.input["CidrBlock"] ?? .null,
          "InstanceTenancy": call.input["InstanceTenancy"] ?? "default",
          "Tags": call.input["TagSpecifications"]?[0]?["Tags"] ?? [],
        ]
        return .success(["Vpc": vpc])
      case "ModifyVpcAttribute":
        for name in attributes.keys {
          if let value = call.input[name]?["Value"]?.bool { attributes[name] = value }
        }
        return .success([:])
      case "DescribeVpcs": return .success(["Vpcs": [vpc]])
      case "DescribeVpcAttribute":
        let name =
          call.input["Attribute"] == "enableDnsSupport" ? "EnableDnsSupport" : "EnableDnsHostnames"
        return .success([name: ["Value": .bool(attributes[name] ?? false)]])
      default: return .success([:])
      }
    }
    for support in [true, false] {
      let desired: Document = [
        "CidrBlock": "10.9.0.0/16", "InstanceTenancy": "dedicated",
        "EnableDnsSupport": .bool(support), "EnableDnsHostnames": .bool(support),
      ]
      let created = Rehearsal(kind, .creating(desired), answer: cloud)
      XCTAssertEqual(created.id, "vpc-9")
      let seen = ObservationRehearsal(
        kind, .rehearsal(properties: ["EnableDnsSupport", "EnableDnsHostnames"]), answer: cloud)
      for (property, value) in desired.object ?? [:] {
        XCTAssertEqual(
          seen["vpc-9"]?.properties[property], value, "\(property) does not read back")
      }
      XCTAssertEqual(seen["vpc-9"]?.tags, Step.ourTags)
      XCTAssertEqual(plannedChanges(kind, desired, shown: seen.observed), [], "no false drift")
      attributes = ["EnableDnsSupport": true, "EnableDnsHostnames": false]
    }
  }

  // MARK: Updating and deleting

  func testSwitchesDNSSupportOnBeforeHostNamesAndOffAfterThem() {
    let cases: [(reason: String, desired: Document, order: [String])] = [
      (
        "host names need support", ["EnableDnsSupport": true, "EnableDnsHostnames": true],
        [#"{"EnableDnsSupport":{"Value":true}"#, #"{"EnableDnsHostnames":{"Value":true}"#]
      ),
      (
        "support may go once host names are off",
        ["EnableDnsSupport": false, "EnableDnsHostnames": false],
        [#"{"EnableDnsHostnames":{"Value":false}"#, #"{"EnableDnsSupport":{"Value":false}"#]
      ),
      (
        "what is no longer desired goes back to AWS's default", [:],
        [#"{"EnableDnsSupport":{"Value":true}"#, #"{"EnableDnsHostnames":{"Value":false}"#]
      ),
    ]
    for (reason, desired, order) in cases {
      let step = Step.updating(
        "vpc-1", to: desired, changed: ["EnableDnsSupport", "EnableDnsHostnames"])
      XCTAssertEqual(
        Rehearsal(kind, step).lines,
        order.map { "ModifyVpcAttribute \($0)" + #","VpcId":"vpc-1"}"# }, reason)
    }
  }

  func testTakesTenancyBackToDefaultInPlaceAndToDedicatedByReplacement() {
    let step = Step.updating(
      "vpc-1", to: ["InstanceTenancy": "default"], changed: ["InstanceTenancy"])
    XCTAssertEqual(
      Rehearsal(kind, step).lines,
      [#"ModifyVpcTenancy {"InstanceTenancy":"default","VpcId":"vpc-1"}"#])
    let replaces = kind.facts.replaces
    XCTAssertTrue(replaces("/InstanceTenancy", "dedicated", "default"))
    XCTAssertFalse(replaces("/InstanceTenancy", "default", "dedicated"))
    XCTAssertFalse(replaces("/EnableDnsSupport", true, false))
  }

  func testChangesTagsWithOneCallEach() {
    let step = Step.updating(
      "vpc-1", changed: [], tags: ["a": "1"], removedTags: ["b", "c"], changesTags: true)
    XCTAssertEqual(
      Rehearsal(kind, step).lines,
      [
        #"DeleteTags {"Resources":["vpc-1"],"Tags":[{"Key":"b"},{"Key":"c"}]}"#,
        #"CreateTags {"Resources":["vpc-1"],"Tags":[{"Key":"a","Value":"1"}]}"#,
      ])
    XCTAssertEqual(
      Rehearsal(kind, .updating("vpc-1", changed: [], tags: ["a": "1"])).lines, [],
      "tags that say nothing new are not written")
    var released = Step.updating(
      "vpc-1", changed: [], tags: ["aws:cloudformation:stack-name": "old", "Name": "main"],
      removedTags: ["trueup:stack"], changesTags: true)
    released.observed?.tags = released.tags.merging(["trueup:stack": "x"]) { $1 }
    XCTAssertEqual(
      Rehearsal(kind, released).lines,
      [#"DeleteTags {"Resources":["vpc-1"],"Tags":[{"Key":"trueup:stack"}]}"#],
      "tags that are there already are not written again, least of all AWS's own")
  }

  func testDeletesAndWaitsForWhatDependsOnIt() {
    let rehearsal = Rehearsal(kind, .deleting("vpc-1")) { _ in .absent }
    XCTAssertEqual(rehearsal.lines, [#"DeleteVpc {"VpcId":"vpc-1"}"#])
    XCTAssertEqual(rehearsal.calls.first?.absentCodes, ["InvalidVpcID.NotFound"])
    XCTAssertEqual(rehearsal.calls.first?.transientCodes, ["DependencyViolation"])
    XCTAssertEqual(rehearsal.calls.first?.patience, 600)
    XCTAssertEqual(rehearsal.id, "vpc-1", "a VPC that is gone already is deleted")
  }

  // MARK: Scenario

  private static let creation = Step.creating([
    "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default", "EnableDnsSupport": true,
    "EnableDnsHostnames": true,
  ])

  private static let ours: Document = [
    "VpcId": "vpc-1", "State": "available", "CidrBlock": "10.0.0.0/16", "OwnerId": "111122223333",
    "InstanceTenancy": "default", "IsDefault": false, "DhcpOptionsId": "dopt-1",
    "CidrBlockAssociationSet": [
      [
        "AssociationId": "vpc-cidr-assoc-1", "CidrBlock": "10.0.0.0/16",
        "CidrBlockState": ["State": "associated"],
      ],
      [
        "AssociationId": "vpc-cidr-assoc-2", "CidrBlock": "10.1.0.0/16",
        "CidrBlockState": ["State": "disassociated"],
      ],
    ],
    "Ipv6CidrBlockAssociationSet": [
      [
        "AssociationId": "vpc-cidr-assoc-3", "Ipv6CidrBlock": "2001:db8::/56",
        "Ipv6CidrBlockState": ["State": "associated"],
      ]
    ],
    "Tags": .ourTagList,
  ]

  private static let others: Document = [
    "VpcId": "vpc-2", "State": "pending", "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default",
    "Tags": [["Key": "Name", "Value": "theirs"]],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateVpc": .success(["Vpc": ours])
    case "DescribeVpcs": .success(["Vpcs": [ours, others]])
    case "DescribeVpcAttribute":
      .success(
        call.input["Attribute"] == "enableDnsSupport"
          ? ["EnableDnsSupport": ["Value": true]] : ["EnableDnsHostnames": ["Value": true]])
    case "DescribeSecurityGroups":
      .success([
        "SecurityGroups": [
          ["GroupId": "sg-9", "GroupName": "web", "VpcId": "vpc-1"],
          ["GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1"],
        ]
      ])
    case "DescribeNetworkAcls":
      .success([
        "NetworkAcls": [
          ["NetworkAclId": "acl-2", "VpcId": "vpc-1", "IsDefault": false],
          ["NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true],
        ]
      ])
    default: .success([:])
    }
  }

  func testEveryCallFitsTheAPIModel() throws {
    XCTAssertEqual(try modelProblems(Self.allCalls()), [])
  }

  /// Every call that the kind can make.
  static func allCalls() -> [Call] {
    let kind = VPC()
    let needed: Set<String> = ["DefaultSecurityGroup", "DefaultNetworkAcl"]
    let steps: [Step] = [
      creation, .creating(["CidrBlock": "10.0.0.0/16"], needed: needed),
      .creating(["Ipv4IpamPoolId": "ipam-pool-1", "Ipv4NetmaskLength": 24]),
      .updating(
        "vpc-1", changed: ["EnableDnsSupport", "EnableDnsHostnames", "InstanceTenancy"],
        removedTags: ["b"], changesTags: true), .deleting("vpc-1"),
    ]
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: needed.union(["EnableDnsSupport", "EnableDnsHostnames"])),
      answer: answer)
    return observation.reads.map(\.call)
      + steps.flatMap { Rehearsal(kind, $0, answer: answer).calls }
  }
}
