import Document
import Kinds
import TrueupCore
import XCTest

final class EC2SecurityGroupTests: XCTestCase {
  private let kind = SecurityGroup()

  // MARK: Observing

  func testReadsAllGroupsWithOneCall() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["sg-1": ["SecurityGroupIngress"]]), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeSecurityGroups {}"])
    XCTAssertEqual(observation.reads.first?.pageSize, 1000)
    XCTAssertEqual(observation.reads.first?.isEssential, true)
  }

  func testDecodesOneRulePerPeer() {
    let group = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)["sg-1"]
    XCTAssertEqual(
      group?.properties,
      [
        "Id": "sg-1", "GroupId": "sg-1", "GroupName": "web", "GroupDescription": "Web servers",
        "VpcId": "vpc-1",
        "SecurityGroupIngress": [
          ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"],
          [
            "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8",
            "Description": "office",
          ], ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": "::/0"],
          ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourcePrefixListId": "pl-1"],
          ["IpProtocol": "-1", "SourceSecurityGroupId": "sg-2"],
          [
            "IpProtocol": "-1", "SourceSecurityGroupId": "sg-3",
            "SourceSecurityGroupOwnerId": "444455556666",
          ],
        ],
        "SecurityGroupEgress": [
          ["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"],
          [
            "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
            "DestinationSecurityGroupId": "sg-4",
          ],
          [
            "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
            "DestinationPrefixListId": "pl-2",
          ],
        ],
      ], "an owner is shown only where it is not our own account")
    XCTAssertEqual(group?.tags, Step.ourTags)
    XCTAssertEqual(group?.unread, [:])
  }

  func testSeesOthersGroupsAndGroupsWithoutRules() {
    let other = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)["sg-9"]
    XCTAssertEqual(other?.tags, [:])
    XCTAssertEqual(other?.properties["SecurityGroupIngress"], [])
    XCTAssertEqual(other?.properties["SecurityGroupEgress"], [])
  }

  func testShowsOrExplainsEveryPropertyOfTheRegistry() throws {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  // MARK: Comparing

  func testBringsRulesToEC2sForm() {
    let cases: [(reason: String, rule: Document, canonical: Document)] = [
      (
        "all protocols have no ports",
        ["IpProtocol": "-1", "FromPort": 0, "ToPort": 65535, "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "-1", "CidrIp": "10.0.0.0/8"]
      ),
      (
        "a number of a protocol is its name",
        ["IpProtocol": "6", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"]
      ),
      (
        "protocols other than the four have no ports",
        ["IpProtocol": 50, "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "50", "CidrIp": "10.0.0.0/8"]
      ),
      (
        "no ICMP type is all types", ["IpProtocol": "ICMP", "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/8"]
      ),
      (
        "an ICMP type without code is all its codes",
        ["IpProtocol": "icmp", "FromPort": 3, "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "icmp", "FromPort": 3, "ToPort": -1, "CidrIp": "10.0.0.0/8"]
      ),
      (
        "host bits are cleared", ["IpProtocol": "-1", "CidrIp": "10.1.2.3/8"],
        ["IpProtocol": "-1", "CidrIp": "10.0.0.0/8"]
      ),
      (
        "IPv6 is compressed", ["IpProtocol": "-1", "CidrIpv6": "2001:DB8:0:0::/64"],
        ["IpProtocol": "-1", "CidrIpv6": "2001:db8::/64"]
      ),
      (
        "an empty description is none",
        ["IpProtocol": "-1", "CidrIp": "10.0.0.0/8", "Description": ""],
        ["IpProtocol": "-1", "CidrIp": "10.0.0.0/8"]
      ),
      (
        "a group's id says whose it is",
        [
          "IpProtocol": "-1", "SourceSecurityGroupId": "sg-2",
          "SourceSecurityGroupOwnerId": "111122223333",
        ], ["IpProtocol": "-1", "SourceSecurityGroupId": "sg-2"]
      ),
      (
        "what is not known yet stays",
        ["IpProtocol": "-1", "SourceSecurityGroupId": .unknown("acme-prod/Lb")],
        ["IpProtocol": "-1", "SourceSecurityGroupId": .unknown("acme-prod/Lb")]
      ),
      ("a rule that is not known yet stays", .unknown("x"), .unknown("x")),
    ]
    for (reason, rule, canonical) in cases {
      XCTAssertEqual(
        kind.facts.canonical(["SecurityGroupIngress": [rule]]),
        ["SecurityGroupIngress": [canonical]], reason)
    }
    XCTAssertEqual(
      kind.facts.canonical(["SecurityGroupIngress": .unknown("x")]),
      ["SecurityGroupIngress": .unknown("x")], "a list that is not known yet stays")
  }

  func testExpectsAWSsEgressAndNoIngressWhereNothingIsDeclared() {
    XCTAssertEqual(
      kind.facts.properties.owned,
      [
        "/SecurityGroupIngress": [],
        "/SecurityGroupEgress": [["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"]],
      ])
  }

  func testPlansWhatDiffersAndNothingElse() {
    let shown = Observed(
      type: kind.type, id: "sg-1", scope: .rehearsal,
      properties: [
        "Id": "sg-1", "GroupId": "sg-1", "GroupName": "web", "GroupDescription": "Web",
        "VpcId": "vpc-1",
        "SecurityGroupIngress": [
          ["IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"]
        ], "SecurityGroupEgress": [["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"]],
      ], tags: Step.ourTags)
    let named: Document = ["GroupName": "web", "GroupDescription": "Web", "VpcId": "vpc-1"]
    let port: (Int) -> Document = { port in
      [
        "IpProtocol": "6", "FromPort": .integer(port), "ToPort": .integer(port),
        "CidrIp": "10.9.0.0/8",
      ]
    }
    let cases: [(reason: String, desired: Document, changes: [String])] = [
      (
        "the same rule in other words is no difference",
        named.with(["SecurityGroupIngress": [port(80)]]), []
      ),
      (
        "rules that nobody declares are taken away", named,
        ["update /SecurityGroupIngress (update)"]
      ),
      (
        "AWS's egress is taken away where none is declared to be wanted",
        named.with(["SecurityGroupIngress": [port(80)], "SecurityGroupEgress": []]),
        ["update /SecurityGroupEgress (update)"]
      ),
      (
        "another description of the group is another group",
        named.with(["SecurityGroupIngress": [port(80)], "GroupDescription": "New"]),
        ["blocked /GroupDescription (replace)"]
      ),
    ]
    for (reason, desired, changes) in cases {
      XCTAssertEqual(plannedChanges(kind, desired, shown: [shown]), changes, reason)
    }
  }

  // MARK: Creating

  func testCreatesAGroupLooksAtItAndSetsItsRules() {
    let rehearsal = Rehearsal(kind, Self.creation, answer: Self.newGroup())
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"CreateSecurityGroup {"Description":"Web servers","GroupName":"web","#
          + #""TagSpecifications":[{"ResourceType":"security-group","#
          + #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}],"VpcId":"vpc-1"}"#,
        #"DescribeSecurityGroups {"GroupIds":["sg-1"]}"#,
        #"AuthorizeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"FromPort":443,"IpProtocol":"tcp","IpRanges":[{"CidrIp":"0.0.0.0/0","#
          + #""Description":"world"}],"ToPort":443},"#
          + #"{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-3","UserId":"444455556666"}]}]}"#,
        #"AuthorizeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"FromPort":5432,"IpProtocol":"tcp","PrefixListIds":[{"PrefixListId":"pl-2"}],"#
          + #""ToPort":5432}]}"#,
        #"RevokeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}"#,
      ], "additions come first")
    XCTAssertEqual(rehearsal.id, "sg-1")
    XCTAssertEqual(rehearsal.attributes?["GroupId"], "sg-1")
  }

  func testCreatesAGroupWithoutRulesInTwoCalls() {
    let step = Step.creating(["GroupName": "web", "GroupDescription": "Web", "VpcId": "vpc-1"])
    XCTAssertEqual(
      Rehearsal(kind, step, answer: Self.newGroup()).calls.map(\.operation),
      ["CreateSecurityGroup", "DescribeSecurityGroups"])
  }

  func testTakesTheIPv6EgressOfANewGroupAwayUnlessItIsDeclared() {
    let both: Document = [
      ["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"], ["IpProtocol": "-1", "CidrIpv6": "::/0"],
    ]
    let cases: [(reason: String, egress: Document?, changes: [String])] = [
      ("declared", both, []),
      (
        "not declared", nil,
        [
          #"RevokeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":["#
            + #"{"IpProtocol":"-1","Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]}"#
        ]
      ),
      (
        "no egress at all", [],
        [
          #"RevokeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":["#
            + #"{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]},"#
            + #"{"IpProtocol":"-1","Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]}"#
        ]
      ),
    ]
    for (reason, egress, changes) in cases {
      var desired: Document = ["GroupName": "web", "GroupDescription": "Web", "VpcId": "vpc-1"]
      if let egress { desired = desired.with(["SecurityGroupEgress": egress]) }
      let rehearsal = Rehearsal(kind, .creating(desired), answer: Self.newGroup(hasIPv6: true))
      XCTAssertEqual(Array(rehearsal.changes.dropFirst()), changes, reason)
    }
  }

  func testReadsBackWhatItCreated() {
    var cloud = FakeRules()
    let desired: Document = [
      "GroupName": "web", "GroupDescription": "Web servers", "VpcId": "vpc-1",
      "SecurityGroupIngress": [
        ["IpProtocol": "6", "FromPort": 80, "ToPort": 90, "CidrIp": "10.1.2.3/8"],
        [
          "IpProtocol": "17", "FromPort": 53, "ToPort": 53, "CidrIpv6": "2001:DB8::/32",
          "Description": "DNS",
        ], ["IpProtocol": "1", "FromPort": -1, "ToPort": -1, "SourcePrefixListId": "pl-1"],
        ["IpProtocol": "-1", "FromPort": 0, "ToPort": 0, "SourceSecurityGroupId": "sg-1"],
        [
          "IpProtocol": "50", "SourceSecurityGroupId": "sg-3",
          "SourceSecurityGroupOwnerId": "444455556666",
        ],
      ],
      "SecurityGroupEgress": [
        ["IpProtocol": "-1", "CidrIpv6": "::/0"],
        ["IpProtocol": "icmpv6", "DestinationPrefixListId": "pl-1"],
        ["IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "DestinationSecurityGroupId": "sg-2"],
      ],
    ]
    XCTAssertEqual(Rehearsal(kind, .creating(desired)) { cloud.answer($0) }.id, "sg-1")
    let observation = ObservationRehearsal(kind, .rehearsal()) { cloud.answer($0) }
    XCTAssertEqual(plannedChanges(kind, desired, shown: observation.observed), [], "no false drift")
    let seen = observation["sg-1"]
    let canonical = kind.facts.canonical
    let wanted = canonical(desired)
    let shown = canonical(seen?.properties ?? [:])
    for property in ["GroupName", "GroupDescription", "VpcId"] {
      XCTAssertEqual(shown[property], wanted[property], "\(property) does not read back")
    }
    for property in ["SecurityGroupIngress", "SecurityGroupEgress"] {
      XCTAssertEqual(
        Set(shown[property]?.list ?? []), Set(wanted[property]?.list ?? []),
        "\(property) does not read back")
    }
    XCTAssertEqual(seen?.tags, Step.ourTags)
  }

  // MARK: Updating and deleting

  func testAddsBeforeItRemovesAndRewritesDescriptionsInPlace() {
    let observed: Document = [
      "SecurityGroupIngress": [
        ["IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"],
        [
          "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8",
          "Description": "office",
        ],
        [
          "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8",
          "Description": "gone",
        ], ["IpProtocol": "-1", "SourceSecurityGroupId": "sg-2"],
      ]
    ]
    let desired: Document = [
      "SecurityGroupIngress": [
        [
          "IpProtocol": "6", "FromPort": 443, "ToPort": 443, "CidrIp": "10.9.9.9/8",
          "Description": "headquarters",
        ], ["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"],
        [
          "IpProtocol": "-1", "SourceSecurityGroupId": "sg-2",
          "SourceSecurityGroupOwnerId": "111122223333",
        ], ["IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "CidrIp": "0.0.0.0/0"],
      ]
    ]
    let step = Step.updating(
      "sg-1", from: observed, to: desired, changed: ["SecurityGroupIngress"])
    XCTAssertEqual(
      Rehearsal(kind, step).changes,
      [
        #"AuthorizeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"FromPort":8080,"IpProtocol":"tcp","IpRanges":[{"CidrIp":"0.0.0.0/0"}],"#
          + #""ToPort":8080}]}"#,
        #"UpdateSecurityGroupRuleDescriptionsIngress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"FromPort":443,"IpProtocol":"tcp","IpRanges":[{"CidrIp":"10.0.0.0/8","#
          + #""Description":"headquarters"}],"ToPort":443},"#
          + #"{"FromPort":22,"IpProtocol":"tcp","IpRanges":[{"CidrIp":"10.0.0.0/8"}],"#
          + #""ToPort":22}]}"#,
        #"RevokeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"FromPort":80,"IpProtocol":"tcp","IpRanges":[{"CidrIp":"0.0.0.0/0"}],"#
          + #""ToPort":80}]}"#,
      ], "equal rules, however they are written, are left alone")
  }

  func testGoesBackToAWSsRulesWhereNoneAreDesired() {
    let observed: Document = [
      "SecurityGroupIngress": [["IpProtocol": "-1", "CidrIp": "10.0.0.0/8", "Description": "x"]],
      "SecurityGroupEgress": [],
    ]
    let step = Step.updating(
      "sg-1", from: observed, changed: ["SecurityGroupIngress", "SecurityGroupEgress"])
    XCTAssertEqual(
      Rehearsal(kind, step).changes,
      [
        #"AuthorizeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}"#,
        #"RevokeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":["#
          + #"{"IpProtocol":"-1","IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]}"#,
      ])
  }

  func testLeavesADirectionAloneThatDoesNotChange() {
    let step = Step.updating(
      "sg-1", from: ["SecurityGroupEgress": [], "SecurityGroupIngress": []],
      to: ["SecurityGroupIngress": [["IpProtocol": "-1", "CidrIp": "10.0.0.0/8"]]],
      changed: ["SecurityGroupIngress"])
    XCTAssertEqual(
      Rehearsal(kind, step).calls.map(\.operation), ["AuthorizeSecurityGroupIngress"])
  }

  func testSendsRulesOneByOneWhereSomeAreDoneAlready() {
    let rule: (Int) -> Document = { port in
      [
        "IpProtocol": "tcp", "FromPort": .integer(port), "ToPort": .integer(port),
        "CidrIp": "0.0.0.0/0",
      ]
    }
    let step = Step.updating(
      "sg-1", from: ["SecurityGroupIngress": [rule(1), rule(2)]],
      to: ["SecurityGroupIngress": [rule(3), rule(4)]], changed: ["SecurityGroupIngress"])
    let rehearsal = Rehearsal(kind, step) { call in
      (call.input["IpPermissions"]?.list ?? []).count > 1 ? .absent : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map { "\($0.operation) \($0.input["IpPermissions"]?.list?.count ?? 0)" },
      [
        "AuthorizeSecurityGroupIngress 2", "AuthorizeSecurityGroupIngress 1",
        "AuthorizeSecurityGroupIngress 1", "DescribeSecurityGroupRules 0",
        "RevokeSecurityGroupIngress 2", "RevokeSecurityGroupIngress 1",
        "RevokeSecurityGroupIngress 1",
      ], "a call takes effect for all its rules or for none")
    XCTAssertEqual(
      rehearsal.calls.first?.absentCodes,
      ["InvalidPermission.Duplicate", "RulesPerSecurityGroupLimitExceeded"])
    XCTAssertEqual(rehearsal.calls.last?.absentCodes, ["InvalidPermission.NotFound"])
    XCTAssertEqual(rehearsal.id, "sg-1")
  }

  private static func listed(_ id: String, port: Int, cidr: String = "0.0.0.0/0") -> Document {
    [
      "SecurityGroupRuleId": .string(id), "GroupId": "sg-1", "IsEgress": false,
      "IpProtocol": "tcp", "FromPort": .integer(port), "ToPort": .integer(port),
      "CidrIpv4": .string(cidr),
    ]
  }

  private static func rule(_ port: Int, cidr: String = "0.0.0.0/0") -> Document {
    [
      "IpProtocol": "tcp", "FromPort": .integer(port), "ToPort": .integer(port),
      "CidrIp": .string(cidr),
    ]
  }

  func testRevokesByTheIdsOfRulesAndUntilTheyAreGone() throws {
    let step = Step.updating(
      "sg-1", from: ["SecurityGroupIngress": [Self.rule(22), Self.rule(23), Self.rule(80)]],
      to: ["SecurityGroupIngress": [Self.rule(80)]], changed: ["SecurityGroupIngress"])
    let page: Document = [
      "SecurityGroupRules": [Self.listed("sgr-22", port: 22), Self.listed("sgr-80", port: 80)],
      "NextToken": "2",
    ]
    // One of the two goes by somebody else's hand, and EC2 revokes neither.
    for goesMeanwhile in [false, true] {
      var isThere = true
      let rehearsal = Rehearsal(kind, step) { call in
        guard call.operation == "DescribeSecurityGroupRules" else {
          defer { isThere = false }
          return isThere && goesMeanwhile ? .absent : .success(["Return": true])
        }
        let last: Document =
          isThere ? ["SecurityGroupRules": [Self.listed("sgr-23", port: 23)]] : [:]
        return .success(call.input["NextToken"] == nil ? page : last)
      }
      let both = #"RevokeSecurityGroupIngress {"GroupId":"sg-1","SecurityGroupRuleIds":["#
      XCTAssertEqual(
        rehearsal.changes,
        [both + #""sgr-22","sgr-23"]}"#] + (goesMeanwhile ? [both + #""sgr-22"]}"#] : []))
      XCTAssertEqual(rehearsal.id, "sg-1")
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testARevokeThatRevokesNothingIsNoSuccess() {
    let step = Step.updating(
      "sg-1", from: ["SecurityGroupIngress": [Self.rule(22)]], changed: ["SecurityGroupIngress"])
    let rehearsal = Rehearsal(kind, step) { call in
      call.isRead
        ? .success(["SecurityGroupRules": [Self.listed("sgr-22", port: 22)]])
        : .success(["Return": false])
    }
    XCTAssertEqual(rehearsal.failure, "sg-1 still has the rules sgr-22")
  }

  func testTakesRulesAwayFirstWhereThereIsNoRoomForMore() {
    let step = Step.updating(
      "sg-1", from: ["SecurityGroupIngress": [Self.rule(1), Self.rule(2)]],
      to: ["SecurityGroupIngress": [Self.rule(3), Self.rule(4)]],
      changed: ["SecurityGroupIngress"])
    var isFull = true
    let rehearsal = Rehearsal(kind, step) { call in
      if call.operation.hasPrefix("Revoke") { isFull = false }
      if call.isRead {
        return .success([
          "SecurityGroupRules": [Self.listed("a", port: 1), Self.listed("b", port: 2)]
        ])
      }
      return isFull ? .absent : .success(["Return": true])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      Array(repeating: "AuthorizeSecurityGroupIngress", count: 3) + [
        "DescribeSecurityGroupRules", "RevokeSecurityGroupIngress",
        "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupIngress",
      ])
    XCTAssertEqual(
      rehearsal.calls.last?.absentCodes, ["InvalidPermission.Duplicate"],
      "what does not fit then either is a failure")
  }

  func testTheSameRuleInOtherWordsIsOneRule() {
    let twice: Document = [
      Self.rule(80, cidr: "10.0.0.0/24"),
      ["IpProtocol": "6", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.5/24"],
      Self.rule(80, cidr: "10.0.0.0/24").with(["Description": "another"]),
    ]
    XCTAssertEqual(
      kind.facts.canonical(["SecurityGroupIngress": twice]),
      ["SecurityGroupIngress": [Self.rule(80, cidr: "10.0.0.0/24")]])
    let shown = Observed(
      type: kind.type, id: "sg-1", scope: .rehearsal,
      properties: [
        "Id": "sg-1", "GroupName": "web",
        "SecurityGroupIngress": [Self.rule(80, cidr: "10.0.0.0/24")],
        "SecurityGroupEgress": [["IpProtocol": "-1", "CidrIp": "0.0.0.0/0"]],
      ], tags: Step.ourTags)
    XCTAssertEqual(
      plannedChanges(
        kind, ["GroupName": "web", "SecurityGroupIngress": twice], shown: [shown]), [])
    let made = Rehearsal(
      kind,
      .updating("sg-1", to: ["SecurityGroupIngress": twice], changed: ["SecurityGroupIngress"]))
    XCTAssertEqual(made.calls.map { $0.input["IpPermissions"]?.list?.count }, [1])
  }

  func testExpectsNoRuleOfEC2sWhereARuleOfItsOwnLetsTrafficOut() {
    let claim: (String) -> [Claim] = { [Claim(type: "AWS::EC2::\($0)", properties: [:])] }
    XCTAssertEqual(
      kind.undeclared(beside: claim("SecurityGroupEgress")), ["SecurityGroupEgress": []])
    XCTAssertEqual(kind.undeclared(beside: claim("SecurityGroupIngress")), [:])
    XCTAssertEqual(kind.undeclared(beside: []), [:])
  }

  func testChangesTagsAndDeletes() {
    let step = Step.updating("sg-1", changed: [], tags: [:], removedTags: ["b"], changesTags: true)
    XCTAssertEqual(
      Rehearsal(kind, step).lines, [#"DeleteTags {"Resources":["sg-1"],"Tags":[{"Key":"b"}]}"#])
    let deletion = Rehearsal(kind, .deleting("sg-1")) { _ in .absent }
    XCTAssertEqual(deletion.lines, [#"DeleteSecurityGroup {"GroupId":"sg-1"}"#])
    XCTAssertEqual(deletion.calls.first?.absentCodes, ["InvalidGroup.NotFound"])
    XCTAssertEqual(deletion.calls.first?.transientCodes, ["DependencyViolation"])
    XCTAssertEqual(deletion.calls.first?.patience, 600)
    XCTAssertEqual(deletion.id, "sg-1")
  }

  // MARK: Scenario

  private static let creation = Step.creating([
    "GroupName": "web", "GroupDescription": "Web servers", "VpcId": "vpc-1",
    "SecurityGroupIngress": [
      [
        "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0",
        "Description": "world",
      ],
      [
        "IpProtocol": "-1", "SourceSecurityGroupId": "sg-3",
        "SourceSecurityGroupOwnerId": "444455556666",
      ],
    ],
    "SecurityGroupEgress": [
      ["IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "DestinationPrefixListId": "pl-2"]
    ],
  ])

  /// A cloud in which a new group has AWS's egress rules.
  private static func newGroup(hasIPv6: Bool = false) -> (Call) -> Reply {
    { call in
      switch call.operation {
      case "CreateSecurityGroup": return .success(["GroupId": "sg-1"])
      case "DescribeSecurityGroups":
        let ranges: Document = hasIPv6 ? [["CidrIpv6": "::/0"]] : []
        return .success([
          "SecurityGroups": [
            [
              "GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "OwnerId": "111122223333",
              "IpPermissions": [],
              "IpPermissionsEgress": [
                [
                  "IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]], "Ipv6Ranges": ranges,
                ]
              ],
            ]
          ]
        ])
      default: return .success(["Return": true])
      }
    }
  }

  private static func answer(_ call: Call) -> Reply {
    guard call.operation == "DescribeSecurityGroups" else { return .success(["Return": true]) }
    return .success([
      "SecurityGroups": [
        [
          "GroupId": "sg-1", "GroupName": "web", "Description": "Web servers", "VpcId": "vpc-1",
          "OwnerId": "111122223333",
          "SecurityGroupArn": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
          "Tags": .ourTagList,
          "IpPermissions": [
            [
              "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
              "IpRanges": [
                ["CidrIp": "0.0.0.0/0"], ["CidrIp": "10.0.0.0/8", "Description": "office"],
              ], "Ipv6Ranges": [["CidrIpv6": "::/0"]], "PrefixListIds": [["PrefixListId": "pl-1"]],
              "UserIdGroupPairs": [],
            ],
            [
              "IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [],
              "UserIdGroupPairs": [
                ["GroupId": "sg-2", "UserId": "111122223333"],
                ["GroupId": "sg-3", "UserId": "444455556666", "VpcId": "vpc-3"],
              ],
            ],
          ],
          "IpPermissionsEgress": [
            ["IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]]],
            [
              "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
              "UserIdGroupPairs": [["GroupId": "sg-4", "UserId": "111122223333"]],
            ],
            [
              "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
              "PrefixListIds": [["PrefixListId": "pl-2"]],
            ],
          ],
        ],
        ["GroupId": "sg-9", "GroupName": "default", "VpcId": "vpc-1", "OwnerId": "111122223333"],
      ]
    ])
  }

  func testEveryCallFitsTheAPIModel() throws {
    XCTAssertEqual(try modelProblems(Self.allCalls()), [])
  }

  /// Every call that the kind can make.
  static func allCalls() -> [Call] {
    let kind = SecurityGroup()
    let rules: (String) -> Document = { description in
      [["IpProtocol": "-1", "CidrIpv6": "::/0", "Description": .string(description)]]
    }
    let steps: [Step] = [
      creation,
      .updating(
        "sg-1",
        from: ["SecurityGroupIngress": rules("a"), "SecurityGroupEgress": rules("a")],
        to: ["SecurityGroupIngress": rules("b"), "SecurityGroupEgress": rules("b")],
        changed: ["SecurityGroupIngress", "SecurityGroupEgress"], removedTags: ["b"],
        changesTags: true),
      .updating(
        "sg-1", from: ["SecurityGroupIngress": rules("a")], changed: ["SecurityGroupIngress"]),
      .deleting("sg-1"),
    ]
    return ObservationRehearsal(kind, .rehearsal(), answer: answer).reads.map(\.call)
      + steps.flatMap { Rehearsal(kind, $0, answer: newGroup()).calls }
  }
}

/// One security group that keeps its rules as EC2 does: grouped by protocol and ports, own account on
/// peers of the same account.
private struct FakeRules {
  private var group: [String: Document] = ["GroupId": "sg-1", "OwnerId": "111122223333"]
  /// Rules of one peer each, by direction.
  private var rules: [String: [Document]] = [
    "Ingress": [], "Egress": [["IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]]]],
  ]

  mutating func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateSecurityGroup":
      for name in ["GroupName", "Description", "VpcId"] { group[name] = call.input[name] }
      group["Tags"] = call.input["TagSpecifications"]?[0]?["Tags"]
      return .success(["GroupId": "sg-1"])
    case "DescribeSecurityGroups":
      var shown = group
      shown["IpPermissions"] = .list(rules["Ingress"] ?? [])
      shown["IpPermissionsEgress"] = .list(rules["Egress"] ?? [])
      return .success(["SecurityGroups": [.object(shown)]])
    default:
      let direction = call.operation.hasSuffix("Ingress") ? "Ingress" : "Egress"
      let permissions = (call.input["IpPermissions"]?.list ?? []).map(asShown)
      if call.operation.hasPrefix("Authorize") {
        rules[direction, default: []] += permissions
      } else {
        rules[direction]?.removeAll(where: permissions.contains)
      }
      return .success(["Return": true])
    }
  }

  private func asShown(_ permission: Document) -> Document {
    guard let pair = permission["UserIdGroupPairs"]?[0], pair["UserId"] == nil else {
      return permission
    }
    return permission.with(["UserIdGroupPairs": [pair.with(["UserId": "111122223333"])]])
  }
}
