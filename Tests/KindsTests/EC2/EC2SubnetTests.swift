import Document
import Kinds
import TrueupCore
import XCTest

final class EC2SubnetTests: XCTestCase {
  private let kind = Subnet()

  // MARK: Observing

  func testReadsAllSubnetsWithOneCall() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["CidrBlock", "MapPublicIpOnLaunch"]), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeSubnets {}"])
    XCTAssertEqual(observation.reads.first?.pageSize, 1000)
    XCTAssertEqual(observation.reads.first?.isEssential, true)
  }

  func testReadsNetworkACLsOnlyWhenSomethingRefersToAnAssociation() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["NetworkAclAssociationId"]), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeSubnets {}", "DescribeNetworkAcls {}"])
    XCTAssertEqual(
      observation["subnet-1"]?.properties["NetworkAclAssociationId"], "aclassoc-1")
  }

  func testDecodesASubnetInRegistryTerms() throws {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    let subnet = observation["subnet-1"]
    XCTAssertEqual(
      subnet?.properties,
      [
        "SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24",
        "AvailabilityZone": "eu-west-1a", "AvailabilityZoneId": "euw1-az1",
        "Ipv6CidrBlock": "2001:db8:0:1::/64", "Ipv6CidrBlocks": ["2001:db8:0:1::/64"],
        "Ipv6Native": false, "MapPublicIpOnLaunch": true, "AssignIpv6AddressOnCreation": false,
        "EnableDns64": false,
        "PrivateDnsNameOptionsOnLaunch": [
          "HostnameType": "ip-name", "EnableResourceNameDnsARecord": false,
          "EnableResourceNameDnsAAAARecord": false,
        ],
        "BlockPublicAccessStates": ["InternetGatewayBlockMode": "off"],
      ], "what is volatile or not of the registry is left out")
    XCTAssertEqual(subnet?.tags, Step.ourTags)
    XCTAssertEqual(
      subnet?.unread["/NetworkAclAssociationId"],
      "not read: no desired resource declares or refers to it")
    XCTAssertEqual(observation["subnet-2"]?.tags, [:], "others' subnets are seen, too")
    XCTAssertEqual(observation["subnet-2"]?.transition, "pending")
  }

  func testShowsOrExplainsEveryPropertyOfTheRegistry() throws {
    let observation = ObservationRehearsal(
      kind, .rehearsal(properties: ["NetworkAclAssociationId"])
    ) { call in
      call.operation == "DescribeSubnets"
        ? .success([
          "Subnets": [Self.ours.with(["OutpostArn": "arn:o", "EnableLniAtDeviceIndex": 1])]
        ]) : Self.answer(call)
    }
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  // MARK: Creating

  func testCreatesASubnetAndSetsOneAttributePerCall() {
    let rehearsal = Rehearsal(kind, Self.creation, answer: Self.answer)
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"CreateSubnet {"AvailabilityZone":"eu-west-1a","CidrBlock":"10.0.1.0/24","#
          + #""Ipv6CidrBlock":"2001:db8:0:1::/64","TagSpecifications":[{"ResourceType":"subnet","#
          + #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}],"VpcId":"vpc-1"}"#,
        #"DescribeSubnets {"SubnetIds":["subnet-1"]}"#,
        #"ModifySubnetAttribute {"AssignIpv6AddressOnCreation":{"Value":true},"#
          + #""SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"PrivateDnsHostnameTypeOnLaunch":"resource-name","#
          + #""SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"EnableResourceNameDnsARecordOnLaunch":{"Value":true},"#
          + #""SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"EnableDns64":{"Value":true},"SubnetId":"subnet-1"}"#,
      ], "what the new subnet already shows (public addresses) is not set again")
    XCTAssertEqual(rehearsal.calls[0].transientCodes, ["InvalidVpcID.NotFound"])
    XCTAssertEqual(rehearsal.attributes?["AvailabilityZone"], "eu-west-1a")
    XCTAssertEqual(rehearsal.id, "subnet-1")
  }

  func testWaitsForTheIPv6RangeAndFailsWithEC2sReason() {
    func run(_ states: [String]) -> Rehearsal {
      var left = states
      return Rehearsal(kind, Self.creation) { call in
        guard call.operation == "DescribeSubnets" else { return Self.answer(call) }
        return .success(["Subnets": [Self.ours.with(Self.range(left.removeFirst()))]])
      }
    }
    let waited = run(["associating", "associating", "associated"])
    XCTAssertEqual(waited.waits, Array(repeating: "subnet subnet-1 is available", count: 2))
    XCTAssertEqual(waited.id, "subnet-1")
    XCTAssertEqual(
      run(["associating", "failed"]).failure,
      "the IPv6 range of subnet subnet-1 failed: no such pool")
  }

  func testTellsTheNetworkACLAssociationThatOthersReferTo() {
    let rehearsal = Rehearsal(
      kind,
      .creating(
        ["VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"], needed: ["NetworkAclAssociationId"]),
      answer: Self.answer)
    XCTAssertEqual(
      rehearsal.lines.last,
      #"DescribeNetworkAcls {"Filters":[{"Name":"association.subnet-id","Values":["subnet-1"]}]}"#)
    XCTAssertEqual(rehearsal.attributes?["NetworkAclAssociationId"], "aclassoc-1")
  }

  func testReadsBackWhatItCreated() {
    var subnet: [String: Document] = [:]
    func cloud(_ call: Call) -> Reply {
      switch call.operation {
      case "CreateSubnet":
        subnet = call.input.object ?? [:]
        subnet["TagSpecifications"] = nil
        subnet["Tags"] = call.input["TagSpecifications"]?[0]?["Tags"]
        subnet["SubnetId"] = "subnet-9"
        subnet["State"] = "available"
        subnet["Ipv6CidrBlockAssociationSet"] = [
          [
            "AssociationId": "subnet-cidr-assoc-1",
            "Ipv6CidrBlock": subnet.removeValue(forKey: "Ipv6CidrBlock") ?? .null,
            "Ipv6CidrBlockState": ["State": "associated"],
          ]
        ]
        return .success(["Subnet": .object(subnet)])
      case "ModifySubnetAttribute":
        let input = call.input
        XCTAssertEqual(input.object?.count, 2, "one attribute per call: \(input.json())")
        for name in ["MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64"] {
          if let value = input[name]?["Value"] { subnet[name] = value }
        }
        var options = subnet["PrivateDnsNameOptionsOnLaunch"]?.object ?? [:]
        options["HostnameType"] = input["PrivateDnsHostnameTypeOnLaunch"] ?? options["HostnameType"]
        for name in ["EnableResourceNameDnsARecord", "EnableResourceNameDnsAAAARecord"] {
          options[name] = input[name + "OnLaunch"]?["Value"] ?? options[name]
        }
        subnet["PrivateDnsNameOptionsOnLaunch"] = .object(options)
        subnet["EnableLniAtDeviceIndex"] =
          input["EnableLniAtDeviceIndex"] ?? subnet["EnableLniAtDeviceIndex"]
        return .success([:])
      case "DescribeSubnets": return .success(["Subnets": [.object(subnet)]])
      default: return .success([:])
      }
    }
    let desired: Document = [
      "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "AvailabilityZoneId": "euw1-az2",
      "OutpostArn": "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1",
      "Ipv6CidrBlock": "2001:db8:0:1::/64", "MapPublicIpOnLaunch": true,
      "AssignIpv6AddressOnCreation": true, "EnableDns64": true, "EnableLniAtDeviceIndex": 1,
      "PrivateDnsNameOptionsOnLaunch": [
        "HostnameType": "resource-name", "EnableResourceNameDnsARecord": true,
        "EnableResourceNameDnsAAAARecord": true,
      ],
    ]
    XCTAssertEqual(Rehearsal(kind, .creating(desired), answer: cloud).id, "subnet-9")
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: cloud)
    XCTAssertEqual(plannedChanges(kind, desired, shown: observation.observed), [], "no false drift")
    let seen = observation["subnet-9"]
    for (property, value) in desired.object ?? [:] {
      XCTAssertEqual(seen?.properties[property], value, "\(property) does not read back")
    }
    XCTAssertEqual(seen?.tags, Step.ourTags)
  }

  // MARK: Updating and deleting

  func testResetsWhatIsNoLongerDesired() {
    let observed: Document = [
      "MapPublicIpOnLaunch": true, "EnableDns64": false, "EnableLniAtDeviceIndex": 1,
      "PrivateDnsNameOptionsOnLaunch": [
        "HostnameType": "resource-name", "EnableResourceNameDnsARecord": false,
      ],
    ]
    let step = Step.updating(
      "subnet-1", from: observed,
      changed: [
        "MapPublicIpOnLaunch", "EnableDns64", "EnableLniAtDeviceIndex",
        "PrivateDnsNameOptionsOnLaunch",
      ])
    XCTAssertEqual(
      Rehearsal(kind, step).lines,
      [
        #"ModifySubnetAttribute {"MapPublicIpOnLaunch":{"Value":false},"SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"PrivateDnsHostnameTypeOnLaunch":"ip-name","#
          + #""SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"DisableLniAtDeviceIndex":{"Value":true},"SubnetId":"subnet-1"}"#,
      ], "what has AWS's default already is not set")
  }

  func testLeavesASubnetWithIPv6OnlyItsOwnDefaults() {
    let observed: Document = [
      "Ipv6Native": true, "AssignIpv6AddressOnCreation": true,
      "PrivateDnsNameOptionsOnLaunch": ["HostnameType": "resource-name"],
    ]
    let step = Step.updating(
      "subnet-1", from: observed,
      changed: ["AssignIpv6AddressOnCreation", "PrivateDnsNameOptionsOnLaunch"])
    XCTAssertEqual(Rehearsal(kind, step).lines, [])
  }

  func testChangesTheIPv6RangeBetweenSwitchingOffAndSwitchingOn() {
    var states = ["old", "none", "new"]
    let step = Step.updating(
      "subnet-1", from: ["EnableDns64": true, "Ipv6CidrBlock": "2001:db8:0:1::/64"],
      to: [
        "EnableDns64": false, "Ipv6CidrBlock": "2001:DB8:0:2::/64",
        "AssignIpv6AddressOnCreation": true,
      ], changed: ["EnableDns64", "Ipv6CidrBlock", "AssignIpv6AddressOnCreation"])
    let rehearsal = Rehearsal(kind, step) { call in
      guard call.operation == "DescribeSubnets" else { return .success([:]) }
      switch states.removeFirst() {
      case "old": return .success(["Subnets": [Self.ours]])
      case "none":
        return .success(["Subnets": [Self.ours.with(["Ipv6CidrBlockAssociationSet": []])]])
      default:
        return .success([
          "Subnets": [Self.ours.with(Self.range("associated", of: "2001:db8:0:2::/64"))]
        ])
      }
    }
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"ModifySubnetAttribute {"EnableDns64":{"Value":false},"SubnetId":"subnet-1"}"#,
        #"DisassociateSubnetCidrBlock {"AssociationId":"subnet-cidr-assoc-1"}"#,
        #"AssociateSubnetCidrBlock {"Ipv6CidrBlock":"2001:DB8:0:2::/64","SubnetId":"subnet-1"}"#,
        #"ModifySubnetAttribute {"AssignIpv6AddressOnCreation":{"Value":true},"#
          + #""SubnetId":"subnet-1"}"#,
      ])
    XCTAssertEqual(rehearsal.attributes?["Ipv6CidrBlocks"], ["2001:db8:0:2::/64"])
  }

  func testTakesTheIPv6RangeAwayWhenItIsNoLongerDesired() {
    var shown: Document = Self.ours
    let rehearsal = Rehearsal(kind, .updating("subnet-1", changed: ["Ipv6CidrBlock"])) { call in
      if call.operation == "DisassociateSubnetCidrBlock" {
        shown = shown.with(Self.range("disassociated"))
      }
      return .success(["Subnets": [shown]])
    }
    XCTAssertEqual(
      rehearsal.changes,
      [#"DisassociateSubnetCidrBlock {"AssociationId":"subnet-cidr-assoc-1"}"#])
    XCTAssertEqual(rehearsal.attributes?["Ipv6CidrBlocks"], [])
  }

  func testChangesTagsAndDeletes() {
    let step = Step.updating("subnet-1", changed: [], tags: ["a": "1"], changesTags: true)
    XCTAssertEqual(
      Rehearsal(kind, step).lines,
      [#"CreateTags {"Resources":["subnet-1"],"Tags":[{"Key":"a","Value":"1"}]}"#])
    let deletion = Rehearsal(kind, .deleting("subnet-1")) { _ in .absent }
    XCTAssertEqual(deletion.lines, [#"DeleteSubnet {"SubnetId":"subnet-1"}"#])
    XCTAssertEqual(deletion.calls.first?.absentCodes, ["InvalidSubnetID.NotFound"])
    XCTAssertEqual(deletion.calls.first?.transientCodes, ["DependencyViolation"])
    XCTAssertEqual(deletion.id, "subnet-1")
  }

  // MARK: Scenario

  private static let creation = Step.creating([
    "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1a",
    "Ipv6CidrBlock": "2001:db8:0:1::/64", "MapPublicIpOnLaunch": true,
    "AssignIpv6AddressOnCreation": true, "EnableDns64": true,
    "PrivateDnsNameOptionsOnLaunch": [
      "HostnameType": "resource-name", "EnableResourceNameDnsARecord": true,
    ],
  ])

  private static func range(
    _ state: Document, of block: Document = "2001:db8:0:1::/64"
  ) -> [String: Document] {
    let id: Document = block == "2001:db8:0:1::/64" ? "subnet-cidr-assoc-1" : "subnet-cidr-assoc-2"
    return [
      "Ipv6CidrBlockAssociationSet": [
        [
          "AssociationId": id, "Ipv6CidrBlock": block,
          "Ipv6CidrBlockState": ["State": state, "StatusMessage": "no such pool"],
        ]
      ]
    ]
  }

  private static func range(_ state: String) -> [String: Document] { range(.string(state)) }

  private static let ours: Document = [
    "SubnetId": "subnet-1", "VpcId": "vpc-1", "State": "available", "CidrBlock": "10.0.1.0/24",
    "AvailabilityZone": "eu-west-1a", "AvailabilityZoneId": "euw1-az1",
    "AvailableIpAddressCount": 251, "DefaultForAz": false, "MapPublicIpOnLaunch": true,
    "MapCustomerOwnedIpOnLaunch": false, "OwnerId": "111122223333",
    "AssignIpv6AddressOnCreation": false, "EnableDns64": false, "Ipv6Native": false,
    "SubnetArn": "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
    "PrivateDnsNameOptionsOnLaunch": [
      "HostnameType": "ip-name", "EnableResourceNameDnsARecord": false,
      "EnableResourceNameDnsAAAARecord": false,
    ],
    "BlockPublicAccessStates": ["InternetGatewayBlockMode": "off"],
    "Ipv6CidrBlockAssociationSet": [
      [
        "AssociationId": "subnet-cidr-assoc-1", "Ipv6CidrBlock": "2001:db8:0:1::/64",
        "Ipv6CidrBlockState": ["State": "associated"],
      ]
    ], "Tags": .ourTagList,
  ]

  private static let others: Document = [
    "SubnetId": "subnet-2", "VpcId": "vpc-2", "State": "pending", "CidrBlock": "10.0.1.0/24",
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateSubnet": .success(["Subnet": ours])
    case "DescribeSubnets": .success(["Subnets": [ours, others]])
    case "DescribeNetworkAcls":
      .success([
        "NetworkAcls": [
          ["NetworkAclId": "acl-2", "Associations": []],
          [
            "NetworkAclId": "acl-1",
            "Associations": [
              [
                "NetworkAclAssociationId": "aclassoc-1", "NetworkAclId": "acl-1",
                "SubnetId": "subnet-1",
              ]
            ],
          ],
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
    let kind = Subnet()
    let needed: Set<String> = ["NetworkAclAssociationId"]
    let everything: Document = [
      "VpcId": "vpc-1", "Ipv4IpamPoolId": "ipam-pool-1", "Ipv4NetmaskLength": 24,
      "Ipv6IpamPoolId": "ipam-pool-2", "Ipv6NetmaskLength": 64, "AvailabilityZoneId": "euw1-az1",
      "OutpostArn": "arn:o", "Ipv6Native": false, "MapPublicIpOnLaunch": false,
      "EnableLniAtDeviceIndex": 1, "EnableDns64": true, "AssignIpv6AddressOnCreation": true,
      "PrivateDnsNameOptionsOnLaunch": [
        "HostnameType": "resource-name", "EnableResourceNameDnsARecord": true,
        "EnableResourceNameDnsAAAARecord": true,
      ],
    ]
    let steps: [Step] = [
      creation, .creating(everything, needed: needed),
      .updating(
        "subnet-1", from: ["EnableLniAtDeviceIndex": 1], changed: ["EnableLniAtDeviceIndex"],
        removedTags: ["b"], changesTags: true),
    ]
    var shown: Document = ours
    let ranges = Rehearsal(
      kind,
      .updating("subnet-1", to: ["Ipv6CidrBlock": "2001:db8:0:2::/64"], changed: ["Ipv6CidrBlock"])
    ) { call in
      switch call.operation {
      case "DisassociateSubnetCidrBlock": shown = shown.with(range("disassociated"))
      case "AssociateSubnetCidrBlock":
        shown = shown.with(range("associated", of: "2001:db8:0:2::/64"))
      default: break
      }
      return .success(["Subnets": [shown]])
    }
    return ObservationRehearsal(kind, .rehearsal(properties: needed), answer: answer).reads.map(
      \.call)
      + steps.flatMap { Rehearsal(kind, $0, answer: answer).calls } + ranges.calls
      + Rehearsal(kind, .deleting("subnet-1")).calls
  }
}
