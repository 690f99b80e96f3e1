import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::EC2::NetworkAcl`, its entries, and the subnets that have it.
final class EC2NetworkAclTests: XCTestCase {
  private static let acls: Document = [
    "NetworkAcls": [
      [
        "NetworkAclId": "acl-0", "VpcId": "vpc-1", "IsDefault": true,
        "Associations": [["NetworkAclAssociationId": "aclassoc-0", "SubnetId": "subnet-0"]],
      ],
      [
        "NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": false, "Tags": .ourTagList,
        "Associations": [
          [
            "NetworkAclAssociationId": "aclassoc-1", "NetworkAclId": "acl-1",
            "SubnetId": "subnet-1",
          ]
        ],
        "Entries": [
          [
            "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": false,
            "CidrBlock": "10.0.0.0/8", "PortRange": ["From": 443, "To": 443],
          ],
          [
            "RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "Egress": false,
            "CidrBlock": "0.0.0.0/0",
          ],
          [
            "RuleNumber": 32768, "Protocol": "-1", "RuleAction": "deny", "Egress": true,
            "Ipv6CidrBlock": "::/0",
          ],
        ],
      ],
    ]
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateNetworkAcl": .success(["NetworkAcl": ["NetworkAclId": "acl-1"]])
    case "DescribeNetworkAcls": .success(acls)
    case "ReplaceNetworkAclAssociation": .success(["NewAssociationId": "aclassoc-9"])
    default: .success([:])
    }
  }

  func testShowsACLsTheirEntriesAndAssociationsByOneRead() {
    func observe(_ kind: any Kind) -> [Observed] {
      let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
      XCTAssertEqual(observation.lines, ["DescribeNetworkAcls {}"], kind.type)
      XCTAssertEqual(observation.reads.first?.isEssential, true, kind.type)
      return observation.observed
    }
    XCTAssertEqual(observe(NetworkAcl()).map(\.id), ["acl-0", "acl-1"])
    XCTAssertEqual(
      observe(NetworkAclEntry()).map(\.properties),
      [
        [
          "Id": "acl-1|100|ingress", "NetworkAclId": "acl-1", "RuleNumber": 100, "Protocol": 6,
          "RuleAction": "allow", "Egress": false, "CidrBlock": "10.0.0.0/8",
          "PortRange": ["From": 443, "To": 443],
        ]
      ], "AWS's own last entries are nobody's")
    let associations = observe(SubnetNetworkAclAssociation())
    XCTAssertEqual(
      associations.map(\.properties),
      [
        ["AssociationId": "aclassoc-0", "SubnetId": "subnet-0", "NetworkAclId": "acl-0"],
        ["AssociationId": "aclassoc-1", "SubnetId": "subnet-1", "NetworkAclId": "acl-1"],
      ])
    XCTAssertEqual(
      associations.map(\.transition), [Observed.given, nil],
      "having the default ACL is having none, unless somebody wants it")
  }

  func testASubnetGoesBackByWhateverIdItsAssociationHasNow() throws {
    let kind = SubnetNetworkAclAssociation()
    func deleted(_ acl: String) -> Rehearsal {
      Rehearsal(
        kind, .deleting("aclassoc-old", ["SubnetId": "subnet-1", "NetworkAclId": .string(acl)])
      ) { call in
        let isDefault = call.input["Filters"]?.list?.count == 2
        let all = Self.acls["NetworkAcls"]?.list ?? []
        return call.isRead
          ? .success(["NetworkAcls": [isDefault ? all[0] : all[1]]]) : .success([:])
      }
    }
    XCTAssertEqual(
      deleted("acl-1").changes,
      [#"ReplaceNetworkAclAssociation {"AssociationId":"aclassoc-1","NetworkAclId":"acl-0"}"#])
    XCTAssertEqual(deleted("acl-9").changes, [], "somebody gave it another one")
    XCTAssertEqual(try modelProblems(deleted("acl-1").calls), [])
  }

  func testTheDefaultACLIsAsGoodAsAnother() {
    let kind = SubnetNetworkAclAssociation()
    let shown = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer).observed
    let wanted: (String) -> Document = { ["SubnetId": "subnet-0", "NetworkAclId": .string($0)] }
    XCTAssertEqual(plannedChanges(kind, wanted("acl-0"), shown: shown), [])
    XCTAssertEqual(
      plannedChanges(kind, wanted("acl-0"), shown: shown, base: wanted("acl-0")), [])
    XCTAssertEqual(plannedChanges(kind, wanted("acl-1"), shown: shown), ["create"])
    XCTAssertEqual(
      plannedChanges(kind, wanted("acl-1"), shown: shown, base: wanted("acl-0")),
      ["update /NetworkAclId (update)"], "from the default one to another")
    XCTAssertEqual(
      plannedChanges(kind, wanted("acl-1"), shown: shown, base: wanted("acl-1")),
      ["update /NetworkAclId (update)"], "somebody gave it the default one")
  }

  func testCreatesAnACLWithTagsAndATokenAndDeletesIt() throws {
    let created = Rehearsal(NetworkAcl(), .creating(["VpcId": "vpc-1"]), answer: Self.answer)
    XCTAssertEqual(
      created.lines,
      [
        #"CreateNetworkAcl {"ClientToken":"","TagSpecifications":[{"ResourceType":"network-acl","#
          + #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}],"VpcId":"vpc-1"}"#
      ])
    let deleted = Rehearsal(NetworkAcl(), .deleting("acl-1"))
    XCTAssertEqual(deleted.lines, [#"DeleteNetworkAcl {"NetworkAclId":"acl-1"}"#])
    XCTAssertEqual(deleted.calls[0].absentCodes, ["InvalidNetworkAclID.NotFound"])
    XCTAssertEqual(deleted.calls[0].transientCodes, ["DependencyViolation"])
    XCTAssertEqual(try modelProblems(created.calls + deleted.calls), [])
  }

  func testWritesAnEntryWholeAndDeletesItByItsNumber() throws {
    let desired: Document = [
      "NetworkAclId": "acl-1", "RuleNumber": 100, "Protocol": 1, "RuleAction": "allow",
      "CidrBlock": "10.0.0.0/8", "Icmp": ["Code": -1, "Type": 8],
    ]
    let input =
      #"{"CidrBlock":"10.0.0.0/8","Egress":false,"IcmpTypeCode":{"Code":-1,"Type":8},"#
      + #""NetworkAclId":"acl-1","Protocol":"1","RuleAction":"allow","RuleNumber":100}"#
    let created = Rehearsal(NetworkAclEntry(), .creating(desired))
    XCTAssertEqual(created.lines, ["CreateNetworkAclEntry " + input])
    XCTAssertEqual(created.id, "acl-1|100|ingress")
    let updated = Rehearsal(
      NetworkAclEntry(), .updating("acl-1|100|ingress", to: desired, changed: ["Icmp"]))
    XCTAssertEqual(updated.lines, ["ReplaceNetworkAclEntry " + input])
    var step = Step.updating(
      "acl-1|100|ingress", from: desired.with(["Egress": false]), changed: [])
    step.action = .delete
    let deleted = Rehearsal(NetworkAclEntry(), step)
    XCTAssertEqual(
      deleted.lines,
      [#"DeleteNetworkAclEntry {"Egress":false,"NetworkAclId":"acl-1","RuleNumber":100}"#])
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("InvalidNetworkAclEntry.NotFound"))
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }

  func testAssociatesByReplacingAndGoesBackToTheDefaultACL() throws {
    let kind = SubnetNetworkAclAssociation()
    let created = Rehearsal(
      kind, .creating(["SubnetId": "subnet-0", "NetworkAclId": "acl-1"]), answer: Self.answer)
    XCTAssertEqual(
      created.changes,
      [#"ReplaceNetworkAclAssociation {"AssociationId":"aclassoc-0","NetworkAclId":"acl-1"}"#])
    XCTAssertEqual(created.id, "aclassoc-9", "every replacement makes a new association")
    let deleted = Rehearsal(kind, .deleting("aclassoc-1"), answer: Self.answer)
    XCTAssertEqual(
      deleted.changes,
      [#"ReplaceNetworkAclAssociation {"AssociationId":"aclassoc-1","NetworkAclId":"acl-0"}"#])
    XCTAssertEqual(deleted.calls.last?.absentCodes, ["InvalidAssociationID.NotFound"])
    let gone = Rehearsal(kind, .deleting("aclassoc-1")) { _ in .success(["NetworkAcls": []]) }
    XCTAssertEqual(gone.changes, [], "an association that is gone needs no more")
    XCTAssertEqual(try modelProblems(created.calls + deleted.calls), [])
  }
}
