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
    let taken = Rehearsal(SecurityGroupIngress(), .creating(Self.desired)) { _ in .absent }
    XCTAssertEqual(
      taken.failure?.hasPrefix("sg-1 has this rule already, and it is not ours"), true)
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
    let deleted = Rehearsal(SecurityGroupEgress(), step)
    XCTAssertEqual(
      deleted.lines,
      [#"RevokeSecurityGroupEgress {"GroupId":"sg-1","SecurityGroupRuleIds":["sgr-2"]}"#])
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("InvalidSecurityGroupRuleId.NotFound"))
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }
}
