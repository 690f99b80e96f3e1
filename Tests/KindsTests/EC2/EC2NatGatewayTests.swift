import Document
import Kinds
import TrueupCore
import XCTest

final class EC2NatGatewayTests: XCTestCase {
  private let kind = NatGateway()

  private static let ours: Document = [
    "NatGatewayId": "nat-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "State": "available",
    "ConnectivityType": "public", "AvailabilityMode": "zonal", "CreateTime": 1_700_000_000,
    "Tags": .ourTagList,
    "NatGatewayAddresses": [
      [
        "AllocationId": "eipalloc-2", "PrivateIp": "10.0.1.9", "PublicIp": "203.0.113.9",
        "NetworkInterfaceId": "eni-1", "AssociationId": "eipassoc-2", "IsPrimary": false,
        "Status": "succeeded",
      ],
      [
        "AllocationId": "eipalloc-1", "PrivateIp": "10.0.1.8", "PublicIp": "203.0.113.8",
        "NetworkInterfaceId": "eni-1", "AssociationId": "eipassoc-1", "IsPrimary": true,
        "Status": "succeeded",
      ],
    ],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "CreateNatGateway":
      .success(["NatGateway": ["NatGatewayId": "nat-1", "State": "pending"]])
    case "DescribeNatGateways": .success(["NatGateways": [ours]])
    default: .success([:])
    }
  }

  private func run(_ step: Step, _ states: [Document]) -> Rehearsal {
    var left = states
    return Rehearsal(kind, step) { call in
      guard call.operation == "DescribeNatGateways", !left.isEmpty else { return Self.answer(call) }
      return .success(["NatGateways": [Self.ours.with(left.removeFirst().object ?? [:])]])
    }
  }

  func testShowsThePrimaryAddressAndTheOthersApart() {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"DescribeNatGateways {"Filter":[{"Name":"state","#
          + #""Values":["pending","available","deleting"]}]}"#
      ])
    XCTAssertEqual(observation.reads.first?.isEssential, true, "denied, nothing can be told")
    XCTAssertEqual(
      observation["nat-1"]?.properties,
      [
        "NatGatewayId": "nat-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
        "ConnectivityType": "public", "AvailabilityMode": "zonal", "AllocationId": "eipalloc-1",
        "PrivateIpAddress": "10.0.1.8", "EniId": "eni-1", "SecondaryAllocationIds": ["eipalloc-2"],
        "SecondaryPrivateIpAddresses": ["10.0.1.9"], "SecondaryPrivateIpAddressCount": 1,
      ])
    XCTAssertEqual(observation["nat-1"]?.tags, Step.ourTags)
  }

  func testDoesNotTakeAFailedGatewayForOneThatIsThere() {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success(["NatGateways": [Self.ours.with(["State": "failed"])]])
    }
    XCTAssertEqual(observation.observed, [])
  }

  func testCreatesWithTagsAndATokenAndWaitsUntilItWorks() throws {
    let step = Step.creating(["SubnetId": "subnet-1", "AllocationId": "eipalloc-1"])
    let rehearsal = run(step, [["State": "pending"], ["State": "available"]])
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"CreateNatGateway {"AllocationId":"eipalloc-1","ClientToken":"","SubnetId":"subnet-1","#
          + #""TagSpecifications":[{"ResourceType":"natgateway","#
          + #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}]}"#
      ])
    XCTAssertEqual(rehearsal.waits, ["nat-1 is available"])
    XCTAssertEqual(rehearsal.id, "nat-1")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testFailsWithEC2sReason() {
    let failed: Document = [
      "State": "failed", "FailureCode": "Gateway.NotAttached",
      "FailureMessage": "Network vpc-1 has no Internet gateway attached",
    ]
    XCTAssertEqual(
      run(.creating(["SubnetId": "subnet-1"]), [["State": "pending"], failed]).failure,
      "nat-1 failed: Network vpc-1 has no Internet gateway attached (Gateway.NotAttached)")
  }

  func testAddsNewAddressesBeforeItTakesOldOnesAway() throws {
    let step = Step.updating(
      "nat-1", to: ["AllocationId": "eipalloc-1", "SecondaryAllocationIds": ["eipalloc-3"]],
      changed: ["SecondaryAllocationIds"])
    let rehearsal = run(step, [])
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"AssociateNatGatewayAddress {"AllocationIds":["eipalloc-3"],"NatGatewayId":"nat-1"}"#,
        #"DisassociateNatGatewayAddress {"AssociationIds":["eipassoc-2"],"NatGatewayId":"nat-1"}"#,
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testGoesOnWithTheAddressesThatAreThereAndResetsThem() {
    let there = Step.updating(
      "nat-1", to: ["SecondaryAllocationIds": ["eipalloc-2"]], changed: ["SecondaryAllocationIds"])
    XCTAssertEqual(run(there, []).changes, [], "what an earlier run associated stays")
    let reset = Step.updating("nat-1", changed: ["SecondaryAllocationIds"])
    XCTAssertEqual(
      run(reset, []).changes,
      [#"DisassociateNatGatewayAddress {"AssociationIds":["eipassoc-2"],"NatGatewayId":"nat-1"}"#])
  }

  func testAssignsAndTakesAwayPrivateAddresses() throws {
    let counted = Step.updating(
      "nat-1", to: ["ConnectivityType": "private", "SecondaryPrivateIpAddressCount": 2],
      changed: ["SecondaryPrivateIpAddressCount"])
    XCTAssertEqual(
      run(counted, []).changes,
      [
        #"AssignPrivateNatGatewayAddress {"NatGatewayId":"nat-1","PrivateIpAddressCount":1}"#
      ])
    let named = Step.updating(
      "nat-1",
      to: ["ConnectivityType": "private", "SecondaryPrivateIpAddresses": ["10.0.1.20"]],
      changed: ["SecondaryPrivateIpAddresses"])
    let rehearsal = run(named, [])
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"AssignPrivateNatGatewayAddress {"NatGatewayId":"nat-1","#
          + #""PrivateIpAddresses":["10.0.1.20"]}"#,
        #"UnassignPrivateNatGatewayAddress {"NatGatewayId":"nat-1","#
          + #""PrivateIpAddresses":["10.0.1.9"]}"#,
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testDeletesAndWaitsUntilItsAddressesAreFree() {
    let rehearsal = run(.deleting("nat-1"), [["State": "deleting"], ["State": "deleted"]])
    XCTAssertEqual(rehearsal.changes, [#"DeleteNatGateway {"NatGatewayId":"nat-1"}"#])
    XCTAssertEqual(rehearsal.waits, ["nat-1 is deleted"])
    XCTAssertEqual(rehearsal.calls[0].absentCodes, ["NatGatewayNotFound"])
    XCTAssertEqual(Rehearsal(kind, .deleting("nat-1")) { _ in .absent }.calls.count, 1)
  }

  func testReplacesForWhatIsFixedWhenItIsMade() {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    for property in ["SubnetId", "AllocationId", "PrivateIpAddress"] {
      let desired = Document.object(["SubnetId": "subnet-1", "AllocationId": "eipalloc-1"])
        .with([property: "10.0.1.77"])
      XCTAssertEqual(
        plannedChanges(kind, desired, shown: observation.observed),
        ["replace /\(property) (replace)"])
    }
  }
}
