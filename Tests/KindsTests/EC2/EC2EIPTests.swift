import Document
import Kinds
import TrueupCore
import XCTest

final class EC2EIPTests: XCTestCase {
  private let kind = EIP()

  private static let ours: Document = [
    "PublicIp": "203.0.113.8", "AllocationId": "eipalloc-1", "Domain": "vpc",
    "NetworkBorderGroup": "eu-west-1", "PublicIpv4Pool": "amazon", "InstanceId": "i-1",
    "AssociationId": "eipassoc-1", "NetworkInterfaceId": "eni-1", "Tags": .ourTagList,
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "AllocateAddress":
      .success([
        "PublicIp": "203.0.113.8", "AllocationId": "eipalloc-1", "Domain": "vpc",
        "NetworkBorderGroup": "eu-west-1", "PublicIpv4Pool": "amazon",
      ])
    case "DescribeAddresses": .success(["Addresses": [ours]])
    default: .success([:])
    }
  }

  private func step(_ action: Step.Action, _ desired: Document, changed: Set<String> = []) -> Step {
    var step = Step.updating(
      "203.0.113.8", from: ["AllocationId": "eipalloc-1", "InstanceId": "i-1"], to: desired,
      changed: changed, changesTags: action == .update)
    step.action = action
    return step
  }

  func testShowsAnAddressByTheAddressAsRefDoes() throws {
    let observation = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeAddresses {}"])
    XCTAssertNil(observation.reads.first?.pageSize, "DescribeAddresses has no pages")
    XCTAssertEqual(observation.reads.first?.isEssential, true)
    XCTAssertEqual(observation["203.0.113.8"]?.properties["AllocationId"], "eipalloc-1")
    XCTAssertEqual(observation["203.0.113.8"]?.tags, Step.ourTags)
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testAllocatesWithTagsAndAssociatesWithTheInstance() throws {
    let rehearsal = Rehearsal(kind, .creating(["InstanceId": "i-1"]), answer: Self.answer)
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"AllocateAddress {"Domain":"vpc","TagSpecifications":[{"ResourceType":"elastic-ip","#
          + #""Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
          + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}]}"#,
        #"AssociateAddress {"AllocationId":"eipalloc-1","AllowReassociation":true,"#
          + #""InstanceId":"i-1"}"#,
      ])
    XCTAssertEqual(rehearsal.id, "203.0.113.8")
    XCTAssertEqual(rehearsal.attributes?["AllocationId"], "eipalloc-1")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testMovesToAnotherInstanceAndBackToNone() {
    let moved = Rehearsal(
      kind, step(.update, ["InstanceId": "i-2"], changed: ["InstanceId"]), answer: Self.answer)
    XCTAssertEqual(
      moved.changes.first,
      #"AssociateAddress {"AllocationId":"eipalloc-1","AllowReassociation":true,"#
        + #""InstanceId":"i-2"}"#)
    XCTAssertEqual(
      moved.calls.last?.input["Resources"], ["eipalloc-1"], "tags are of the allocation")
    let reset = Rehearsal(kind, step(.update, [:], changed: ["InstanceId"]), answer: Self.answer)
    XCTAssertEqual(reset.changes.first, #"DisassociateAddress {"AssociationId":"eipassoc-1"}"#)
  }

  func testReleasesAnAddressOnceItIsFree() {
    let rehearsal = Rehearsal(kind, step(.delete, [:]), answer: Self.answer)
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"DisassociateAddress {"AssociationId":"eipassoc-1"}"#,
        #"ReleaseAddress {"AllocationId":"eipalloc-1"}"#,
      ])
    let release = rehearsal.calls.last
    XCTAssertEqual(release?.absentCodes, ["InvalidAllocationID.NotFound"])
    XCTAssertEqual(
      release?.transientCodes, ["InvalidIPAddress.InUse", "AuthFailure"],
      "EC2 answers so for minutes after a NAT gateway is gone")
  }
}
