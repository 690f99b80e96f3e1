import XCTest

/// A manifest goes in, AWS converges, a second run finds nothing to do.
final class FirstApplyTests: EndToEndTestCase {
  func testTheExampleClientsAreAppliedAndThenInSync() throws {
    let workspace = try Workspace(try endpoint, examples: true)

    let validated = try workspace.trueup("validate")
    XCTAssertEqual(validated.code, 0, validated.everything)
    XCTAssertEqual(try endpoint.calls().count, 0, "validate reads files and calls nothing")

    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(
      planned.summary["create"].int, 39, "eight resources for each of two clients, and a network")
    XCTAssert(planned.changes.allSatisfy { $0.cause == "new" }, "\(planned.json)")
    XCTAssertEqual(planned.json["formatVersion"].int, 1)
    XCTAssertEqual(planned.json["dirty"].bool, false)
    XCTAssert(
      try endpoint.calls().allSatisfy { $0["mutating"].bool == false }, "plan changes nothing")

    let applied = try converge(workspace)
    XCTAssert(applied.changes.allSatisfy { $0.outcome == "succeeded" }, "\(applied.json)")
    XCTAssertNotNil(applied.json["run"].string, "apply names its run")
    try assertOwnerTags("Vpc", in: ["cosyworld/acme-prod", "cosyworld/zeta-dev"])

    let drift = try workspace.trueup("drift")
    XCTAssertEqual(drift.code, 0, drift.everything)
  }

  func testOutputsAndHistoryTellWhatWasMade() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    let applied = try converge(workspace)
    let outputs = try workspace.trueup("outputs", "--client", "acme")
    XCTAssertEqual(outputs.code, 0, outputs.everything)
    let vpc = try physicalID("Vpc")
    XCTAssert(outputs.output.contains(vpc), "\(vpc) is an output:\n\(outputs.output)")
    let history = try workspace.trueup("history")
    XCTAssertEqual(history.code, 0, history.everything)
    let run = try XCTUnwrap(applied.json["run"].string)
    XCTAssert(history.output.contains(run), "the run of the apply is named:\n\(history.output)")
    for change in applied.changes {
      XCTAssert(
        history.output.contains(change.address), "\(change.address) is told:\n\(history.output)")
    }
  }

  func testOneClientCanBeAppliedAlone() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    let applied = try report(workspace, "apply", "--yes", "--client", "zeta", exits: 0)
    XCTAssert(
      applied.changes.allSatisfy { $0.address.hasPrefix("zeta-dev/") }, "\(applied.actions)")
    let rest = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(rest.summary["create"].int, 31, "the others are still to be made")
  }

  func testDestroyRemovesAStackAndKeepsWhatIsRetained() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let bucket = try physicalID("Assets")
    let refused = try workspace.trueup(
      "destroy", "--client", "acme", "--environment", "prod", "--yes")
    XCTAssertEqual(refused.code, 3, "seven deletes are over the limit:\n\(refused.everything)")
    let destroyed = try workspace.trueup(
      "destroy", "--client", "acme", "--environment", "prod", "--yes", "--allow-deletes", "20")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    let vpcs = try endpoint.aws(
      "ec2", "describe_vpcs",
      ["Filters": [["Name": "tag:trueup:stack", "Values": ["cosyworld/acme-prod"]]]])
    XCTAssertEqual(vpcs["Vpcs"].array.count, 0)
    let buckets = try endpoint.aws("s3", "list_buckets")["Buckets"].array
    XCTAssert(buckets.contains { $0["Name"].string == bucket }, "DeletionPolicy is Retain")
  }

  private func assertOwnerTags(_ resource: String, in stacks: [String]) throws {
    for stack in stacks {
      let id = try physicalID(resource, stack: stack)
      let vpc = try endpoint.aws("ec2", "describe_vpcs", ["VpcIds": [id]])["Vpcs"][0]
      let tags = vpc["Tags"].tags
      XCTAssertEqual(tags["ManagedBy"], "trueup", "\(tags)")
      XCTAssertEqual(tags["Project"], "cosyworld", "\(tags)")
      XCTAssertNotNil(tags["trueup:rev"], "a clean tree's revision is written: \(tags)")
    }
  }
}
