import Document
import Kinds
import TrueupCore
import XCTest

final class EC2SecurityGroupRuleTests: XCTestCase {
  private static let rules: Document = [
    "SecurityGroupRules": [
      [
        "SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "111122223333",
        "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "ReferencedGroupInfo": ["GroupId": "sg-2", "UserId": "111122223333"],
        "Description": "web", "Tags": .ourTagList,
      ],
      [
        "SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "GroupOwnerId": "111122223333",
        "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1,
        "CidrIpv4": "0.0.0.0/0", "Tags": [],
      ],
    ]
  ]

  private static let desired: Document = [
    "GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
    "SourceSecurityGroupId": "sg-2", "Description": "web",
  ]

  func testShowsTheRulesOfItsDirectionInRegistryTerms() {
    func observe(_ kind: any Kind) -> [Document] {
      let observation = ObservationRehearsal(kind, .rehearsal()) { _ in .success(Self.rules) }
      XCTAssertEqual(observation.lines, ["DescribeSecurityGroupRules {}"])
      XCTAssertEqual(observation.reads.first?.isEssential, true)
      return observation.observed.map(\.properties)
    }
    XCTAssertEqual(observe(SecurityGroupIngress()), [Self.desired.with(["Id": "sgr-1"])])
    XCTAssertEqual(
      observe(SecurityGroupEgress()),
      [["Id": "sgr-2", "GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"]],
      "of all protocols, ports mean nothing")
  }

  func testAuthorizesARuleWithTagsAndRefusesOneThatIsOthers() throws {
    let created = Rehearsal(SecurityGroupIngress(), .creating(Self.desired)) { _ in
      .success(["Return": true, "SecurityGroupRules": [["SecurityGroupRuleId": "sgr-1"]]])
    }
    XCTAssertEqual(created.id, "sgr-1")
    XCTAssertEqual(created.lines.count, 1)
    XCTAssertEqual(
      created.calls[0].input["TagSpecifications"]?[0]?["ResourceType"], "security-group-rule")
    XCTAssertEqual(
      created.calls[0].input["IpPermissions"],
      [
        [
          "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
          "UserIdGroupPairs": [["GroupId": "sg-2", "Description": "web"]],
        ]
      ])
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  /// The same rule in the group, with tags; the group itself with others.
  private func taking(rule: Document, group: Document, vpc: Document = []) -> Rehearsal {
    Rehearsal(SecurityGroupIngress(), .creating(Self.desired)) { call in
      switch call.operation {
      case "AuthorizeSecurityGroupIngress": .absent
      case "DescribeSecurityGroupRules":
        .success([
          "SecurityGroupRules": [
            (Self.rules["SecurityGroupRules"]?[0] ?? [:]).with(["Tags": rule])
          ]
        ])
      case "DescribeSecurityGroups":
        .success([
          "SecurityGroups": [["GroupName": "default", "VpcId": "vpc-1", "Tags": group]]
        ])
      case "DescribeVpcs": .success(["Vpcs": [["Tags": vpc]]])
      default: .success([:])
      }
    }
  }

  func testTakesOverTheSameRuleOfAGroupOfOursAndOfNoOther() throws {
    let others: Document = [["Key": "trueup:stack", "Value": "other/acme-prod"]]
    let sibling: Document = [
      ["Key": "trueup:stack", "Value": "cosyworld/acme-prod"],
      ["Key": "trueup:resource", "Value": "Former"],
    ]
    let tagging = "CreateTags"
    let cases: [(reason: String, rule: Document, group: Document, vpc: Document, ours: Bool)] = [
      ("a rule of a group of ours", [], .ourTagList, [], true),
      ("a rule of the default group of a VPC of ours", [], [], .ourTagList, true),
      ("a rule that the stack knew by another name", sibling, [], [], true),
      ("a rule of somebody's group", [], others, others, false),
      ("a rule of nobody's group", [], [], [], false),
      ("a rule of another project", others, .ourTagList, [], false),
    ]
    for (reason, rule, group, vpc, isOurs) in cases {
      let rehearsal = taking(rule: rule, group: group, vpc: vpc)
      XCTAssertEqual(rehearsal.id, isOurs ? "sgr-1" : nil, reason)
      XCTAssertEqual(rehearsal.calls.contains { $0.operation == tagging }, isOurs, reason)
      XCTAssertEqual(
        rehearsal.failure?.hasPrefix("sg-1 has this rule already, and it is not ours"),
        isOurs ? nil : true, reason)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [], reason)
    }
  }

  func testTheSameRuleInOtherWordsIsTheSame() {
    let sameness = SecurityGroupIngress().sameness
    let rule: Document = [
      "GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
      "CidrIp": "10.0.0.0/24",
    ]
    XCTAssertEqual(
      sameness(rule),
      sameness(rule.with(["IpProtocol": 6, "CidrIp": "10.0.0.5/24", "Description": "x"])))
    XCTAssertNotEqual(sameness(rule), sameness(rule.with(["GroupId": "sg-2"])))
    XCTAssertNotEqual(sameness(rule), sameness(rule.with(["ToPort": 81])))
  }

  func testChangesAndResetsTheDescriptionAlone() throws {
    let bare = Document.object((Self.desired.object ?? [:]).filter { $0.key != "Description" })
    let calls = [Self.desired, bare].flatMap { desired in
      Rehearsal(
        SecurityGroupIngress(),
        .updating("sgr-1", from: Self.desired, to: desired, changed: ["Description"])
      ).calls
    }
    XCTAssertEqual(
      calls.map(\.operation),
      Array(repeating: "UpdateSecurityGroupRuleDescriptionsIngress", count: 2))
    XCTAssertEqual(
      calls.map { $0.input["IpPermissions"]?[0]?["UserIdGroupPairs"]?[0]?["Description"] },
      ["web", nil])
    XCTAssertEqual(try modelProblems(calls), [])
  }

  func testRevokesARuleByItsId() throws {
    var step = Step.updating("sgr-2", from: ["GroupId": "sg-1"], changed: [])
    step.action = .delete
    step.observed?.tags = Step.ourTags
    func deleted(_ resource: String?, returns: Bool = true) -> Rehearsal {
      Rehearsal(SecurityGroupEgress(), step) { call in
        guard call.isRead else { return .success(["Return": .bool(returns)]) }
        guard let resource else { return .absent }
        return .success([
          "SecurityGroupRules": [
            ["Tags": [["Key": "trueup:resource", "Value": .string(resource)]]]
          ]
        ])
      }
    }
    let revoke = #"RevokeSecurityGroupEgress {"GroupId":"sg-1","SecurityGroupRuleIds":["sgr-2"]}"#
    XCTAssertEqual(deleted("Thing").changes, [revoke])
    XCTAssertTrue(
      deleted("Thing").calls[1].absentCodes.contains("InvalidSecurityGroupRuleId.NotFound"))
    XCTAssertEqual(try modelProblems(deleted("Thing").calls), [])
    XCTAssertEqual(deleted(nil).changes, [], "it is gone")
    XCTAssertEqual(deleted("Successor").changes, [], "another resource has taken it over")
    XCTAssertEqual(deleted("Successor").id, "sgr-2")
    XCTAssertEqual(
      deleted("Thing", returns: false).failure, "EC2 did not revoke sgr-2 of sg-1")
  }
}
