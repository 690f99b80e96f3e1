import Foundation
import XCTest

/// What proves that something with our tags is ours, so that it may be replaced and deleted.
final class ProofFaultTests: FaultTestCase {
  private func vpc(_ range: String, _ name: String = "Vpc", _ was: String = "") -> String {
    let metadata = was.isEmpty ? "" : #", "Metadata": { "Trueup": { "Was": "\#(was)" } }"#
    return """
      "\(name)": { "Type": "AWS::EC2::VPC",
        "Properties": { "CidrBlock": "\(range)" }\(metadata) }
      """
  }

  private var ranges: [String] {
    get throws {
      try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array
        .filter { $0["Tags"].tags["trueup:stack"] != nil }
        .compactMap { $0["CidrBlock"].string }.sorted()
    }
  }

  /// Moves the VPC to another range, with the journal and without it, and asserts that it is replaced.
  private func assertReplaced(_ workspace: Workspace, _ after: String, hasJournal: Bool) throws {
    if !hasJournal { try forgetJournal(workspace) }
    try rewrite(workspace, after)
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.changes.map(\.action), ["replace"], "journal: \(hasJournal)")
    try converge(workspace)
    XCTAssertEqual(try ranges, ["10.9.0.0/16"])
  }

  func testAValueFromSSMThatMovedIsNoReasonToDoubt() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      func put(_ range: String) throws {
        try endpoint.aws(
          "ssm", "put_parameter",
          ["Name": "/range", "Value": range, "Type": "String", "Overwrite": true])
      }
      try put("10.1.0.0/16")
      let workspace = try Workspace(try endpoint)
      try workspace.write(
        blueprint,
        """
        { "Parameters": {
            "Range": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/range" } },
          "Resources": { "Vpc": { "Type": "AWS::EC2::VPC",
            "Properties": { "CidrBlock": { "Ref": "Range" } } } } }
        """)
      try workspace.write(acme, Fixtures.manifest("acme"))
      try workspace.commit("A range from SSM")
      try converge(workspace)
      if !hasJournal { try forgetJournal(workspace) }
      try put("10.9.0.0/16")
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.actions, ["blocked acme-prod/Vpc"], "\(planned.json)")
      XCTAssert(
        planned.change("Vpc")?.json["reason"].string?.contains("pin the value") == true,
        "\(planned.json)")
      try assertReplaced(workspace, vpc("10.9.0.0/16"), hasJournal: true)
    }
  }

  func testWhatWasAdoptedByItsIDIsOursAlsoWhenThatIsNoLongerSaid() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let made = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.1.0.0/16"])
      let id = try XCTUnwrap(made["Vpc"]["VpcId"].string)
      let workspace = try roomy(vpc("10.1.0.0/16"))
      XCTAssertEqual(try workspace.trueup("adopt", "acme-prod/Vpc", id).code, 0)
      try workspace.commit("Adopt")
      try converge(workspace)
      try manifest(workspace, "")
      try assertInSync(workspace)
      try assertReplaced(workspace, vpc("10.9.0.0/16"), hasJournal: hasJournal)
    }
  }

  func testWhatWasRenamedIsOursAlsoWhenThatIsNoLongerSaid() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(vpc("10.1.0.0/16"))
      try converge(workspace)
      try rewrite(workspace, vpc("10.1.0.0/16", "Net", "Vpc"))
      if !hasJournal { try forgetJournal(workspace) }
      try converge(workspace)
      try rewrite(workspace, vpc("10.1.0.0/16", "Net"))
      try assertInSync(workspace)
      try assertReplaced(workspace, vpc("10.9.0.0/16", "Net"), hasJournal: hasJournal)
    }
  }

  func testARenameAndAMoveInOneCommitIsAReplacement() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(vpc("10.1.0.0/16"))
      try converge(workspace)
      try assertReplaced(workspace, vpc("10.9.0.0/16", "Net", "Vpc"), hasJournal: hasJournal)
    }
  }

  /// Without a revision in its tags only the journal proves it.
  func testWhatWasMadeFromADirtyTreeIsReplacedOnlyWithTheJournal() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(Fixtures.logs)
      try converge(workspace)
      try workspace.write(
        blueprint, Fixtures.blueprint(Fixtures.logs + "," + vpc("10.1.0.0/16")))
      XCTAssertEqual(try workspace.trueup("apply", "--yes", "--allow-dirty").code, 0)
      if !hasJournal { try forgetJournal(workspace) }
      try rewrite(workspace, Fixtures.logs + "," + vpc("10.9.0.0/16"))
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(
        planned.actions, [hasJournal ? "replace acme-prod/Vpc" : "blocked acme-prod/Vpc"],
        "\(planned.json)")
      _ = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(try ranges, [hasJournal ? "10.9.0.0/16" : "10.1.0.0/16"])
    }
  }

  /// A copy of ours to the last tag: without the journal nobody can tell which is which.
  func testOfTwoThatFitAlikeNeitherIsTouchedUntilOneIsChosen() throws {
    let workspace = try roomy(vpc("10.1.0.0/16"))
    try converge(workspace)
    let ours = try physicalID("Vpc")
    let shown = try endpoint.aws("ec2", "describe_vpcs", ["VpcIds": [ours]])["Vpcs"][0]["Tags"]
    let made = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.1.0.0/16"])
    let copy = try XCTUnwrap(made["Vpc"]["VpcId"].string)
    try endpoint.aws(
      "ec2", "create_tags",
      ["Resources": [copy], "Tags": shown.tags.map { ["Key": $0.key, "Value": $0.value] }])
    try forgetJournal(workspace)
    for after in ["10.1.0.0/16", "10.9.0.0/16"] {
      if after != "10.1.0.0/16" { try rewrite(workspace, vpc(after)) }
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(Set(planned.changes.map(\.action)), ["blocked"], "\(planned.json)")
      let reason = planned.json.description
      XCTAssert(
        reason.contains(ours) && reason.contains(copy)
          && reason.contains("trueup adopt acme-prod/Vpc"), reason)
      try endpoint.forgetCalls()
      _ = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(try mutations(), [])
      if after == "10.1.0.0/16" { try forgetJournal(workspace) }
    }
    try rewrite(workspace, vpc("10.1.0.0/16"))
    XCTAssertEqual(try workspace.trueup("adopt", "acme-prod/Vpc", ours).code, 0)
    try workspace.commit("Choose")
    let chosen = try Report(try workspace.trueup("plan", "--format", "json"))
    XCTAssertEqual(
      chosen.changes.filter { $0.json["id"].string == ours }.map(\.action), [], "\(chosen.json)")
    _ = try workspace.trueup("apply", "--yes")
    let left = try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array
    XCTAssert(left.contains { $0["VpcId"].string == ours })
  }
}
