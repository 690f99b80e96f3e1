import Foundation
import XCTest

/// Two histories of one fleet: what one of them does not know it neither replaces nor deletes.
final class HistoryFaultTests: FaultTestCase {
  private func vpc(_ range: String, _ more: String = "") -> String {
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": {
      "CidrBlock": "\(range)", "EnableDnsSupport": \(more.isEmpty ? "true" : more) } }
    """
  }

  private var ranges: [String] {
    get throws {
      try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array
        .filter { $0["Tags"].tags["trueup:stack"] != nil }
        .compactMap { $0["CidrBlock"].string }.sorted()
    }
  }

  /// A replacement that only an unknown revision asks for is blocked until the stack is adopted.
  private func assertBlockedUntilAdopted(_ workspace: Workspace, _ told: String) throws {
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.actions, ["blocked acme-prod/Vpc"], "\(told): \(planned.json)")
    XCTAssert(
      planned.change("Vpc")?.json["reason"].string?.contains("trueup adopt acme-prod") == true,
      "\(told): \(planned.json)")
    try endpoint.forgetCalls()
    _ = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(try mutations(), [], told)
    let adopted = try workspace.trueup("adopt", "acme-prod", "--yes")
    XCTAssertEqual(adopted.code, 0, "\(told): \(adopted.everything)")
    try forgetJournal(workspace)
    _ = try workspace.trueup("apply", "--yes")
    try assertSettled(workspace)
    XCTAssertEqual(try ranges, ["10.2.0.0/16"], told)
  }

  func testASecondRepositoryReplacesNothing() throws {
    let first = try roomy(vpc("10.1.0.0/16"))
    try converge(first)
    let second = try roomy(vpc("10.2.0.0/16"))
    try second.git("commit", "--quiet", "--allow-empty", "--message", "Another history")
    try assertBlockedUntilAdopted(second, "another repository")
  }

  func testASecondRepositoryUpdatesInPlaceWithANotice() throws {
    let first = try roomy(vpc("10.1.0.0/16"))
    try converge(first)
    let second = try workspace(vpc("10.1.0.0/16", "false"))
    let planned = try report(second, "plan", exits: 2)
    XCTAssertEqual(planned.actions, ["update acme-prod/Vpc"])
    XCTAssertEqual(planned.change("Vpc")?.cause, "unknown")
    try converge(second)
  }

  func testASecondRepositoryDeletesNothing() throws {
    let first = try roomy(vpc("10.1.0.0/16") + "," + Fixtures.logs)
    try converge(first)
    let second = try workspace(vpc("10.1.0.0/16"))
    try endpoint.forgetCalls()
    let planned = try Report(try second.trueup("plan", "--format", "json"))
    XCTAssertEqual(planned.actions.filter { $0.hasPrefix("delete") }, [], "\(planned.json)")
    _ = try second.trueup("apply", "--yes")
    XCTAssertEqual(try mutations().filter { $0.hasPrefix("Delete") }, [])
  }

  func testARewrittenHistoryReplacesOnlyWhatTheJournalKnows() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(vpc("10.1.0.0/16"))
      try converge(workspace)
      try workspace.git("commit", "--quiet", "--amend", "--message", "Rewritten")
      try workspace.git("reflog", "expire", "--expire=now", "--all")
      try workspace.git("gc", "--quiet", "--prune=now")
      if !hasJournal { try forgetJournal(workspace) }
      XCTAssertEqual(try workspace.trueup("plan").code, 0)
      try rewrite(workspace, vpc("10.2.0.0/16"))
      if hasJournal {
        XCTAssertEqual(
          try report(workspace, "plan", exits: 2).actions, ["replace acme-prod/Vpc"])
        try converge(workspace)
      } else {
        try assertBlockedUntilAdopted(workspace, "rewritten")
      }
    }
  }

  func testASquashedBranchReplacesOnlyWhatTheJournalKnows() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(vpc("10.0.0.0/16"))
      try workspace.git("checkout", "--quiet", "-b", "feature")
      try rewrite(workspace, vpc("10.1.0.0/16"))
      try converge(workspace)
      try workspace.git("checkout", "--quiet", "main")
      try workspace.git("merge", "--quiet", "--squash", "feature")
      try workspace.git("commit", "--quiet", "--message", "Squashed")
      try workspace.git("branch", "--quiet", "-D", "feature")
      try workspace.git("reflog", "expire", "--expire=now", "--all")
      try workspace.git("gc", "--quiet", "--prune=now")
      if !hasJournal { try forgetJournal(workspace) }
      XCTAssertEqual(try workspace.trueup("plan").code, 0)
      try rewrite(workspace, vpc("10.2.0.0/16"))
      if hasJournal {
        try converge(workspace)
        XCTAssertEqual(try ranges, ["10.2.0.0/16"])
      } else {
        try assertBlockedUntilAdopted(workspace, "squashed")
      }
    }
  }
}
