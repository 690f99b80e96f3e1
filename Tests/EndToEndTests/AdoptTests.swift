import Foundation
import XCTest

/// `trueup adopt`, and what is refused before anything is compared with AWS.
final class AdoptTests: EndToEndTestCase {
  private let acme = "desired-state/clients/acme-prod.jsonc"
  private let fleet = "desired-state/fleet.jsonc"

  func testAdoptionsAreWrittenAndNothingIsCalled() throws {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    try endpoint.forgetCalls()
    let before = try workspace.read(acme)
    let adopted = try workspace.trueup(
      "adopt", "acme-prod/Vpc", "vpc-0123456789abcdef0", "acme-prod/Logs", "--format", "json")
    XCTAssertEqual(adopted.code, 0, adopted.everything)
    let said = try JSON(parsing: adopted.output)
    let resources = said["manifests"][0]["resources"].array
    XCTAssertEqual(resources.map { $0["resource"].string }, ["Vpc", "Logs"], "\(said)")
    XCTAssertEqual(resources.map { $0["id"].string }, ["vpc-0123456789abcdef0", nil], "\(said)")
    XCTAssertEqual(
      said["next"].array.compactMap(\.string),
      [
        "git add \(acme)", "git commit -m \"Adopt acme-prod/Vpc, acme-prod/Logs\"",
        "trueup plan --client acme --environment prod",
        "trueup apply --client acme --environment prod",
      ])
    let after = try workspace.read(acme)
    let entry = ",\n  \"adopt\": { \"Vpc\": \"vpc-0123456789abcdef0\", \"Logs\": true }"
    XCTAssertEqual(after.replacingOccurrences(of: entry, with: ""), before, after)
    XCTAssertEqual(try workspace.trueup("validate").code, 0)
    let again = try workspace.trueup("adopt", "acme-prod/Vpc")
    XCTAssert(again.output.contains("says so already"), again.everything)
    XCTAssert(again.output.contains("vpc-0123456789abcdef0"), again.everything)
    XCTAssertEqual(try workspace.read(acme), after)

    let cases: [(words: [String], message: String)] = [
      (["acme-prd/Vpc"], "did you mean \"acme-prod\""),
      (["acme-prod/Vpv", "vpc-1"], "did you mean \"Vpc\""),
      (["acme-prod/Vpc", "vpc-1", "vpc-2"], "is not an address"), (["acme-prdo"], "acme-prod"),
    ]
    for (words, message) in cases {
      let finished = try workspace.start(["adopt"] + words + ["--yes"]).finish()
      XCTAssertEqual(finished.code, 1, finished.everything)
      XCTAssert(finished.errors.contains(message), finished.everything)
    }
    XCTAssertEqual(try workspace.read(acme), after, "a mistake writes nothing")
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  func testAStackIsTakenOverFromACommitAndWhenSaid() throws {
    let workspace = try workspace(Fixtures.logs)
    try endpoint.forgetCalls()
    let unsaid = try workspace.trueup("adopt", "acme-prod")
    XCTAssertEqual(unsaid.code, 3, unsaid.everything)
    XCTAssert(unsaid.errors.contains("--yes"), unsaid.everything)
    try workspace.write(acme, Fixtures.manifest("acme") + "\n// changed\n")
    let dirty = try workspace.trueup("adopt", "acme-prod", "--yes")
    XCTAssertEqual(dirty.code, 3, dirty.everything)
    XCTAssert(
      dirty.errors.contains(acme) && !dirty.errors.contains("--allow-dirty"), dirty.everything)
    XCTAssertEqual(try endpoint.calls().count, 0)
    try workspace.commit("Changed")
    try report(workspace, "adopt", "acme-prod", "--yes", exits: 0)
    try assertInSync(workspace)
    let history = try JSON(parsing: try workspace.trueup("history", "--format", "json").output)
    XCTAssertEqual(history["entries"][0]["subject"].string, "Changed", "\(history)")
  }

  func testACloneWithoutItsHistoryIsAnErrorWhereThatMatters() throws {
    let origin = try workspace(Fixtures.logs)
    try origin.edit("desired-state/blueprints/base.jsonc", "30", "60")
    try origin.commit("Two months")
    try origin.git("config", "uploadpack.allowFilter", "true")
    try endpoint.forgetCalls()
    for option in ["--depth=1", "--filter=blob:none"] {
      let clone = try Workspace(try endpoint)
      try clone.remove(".git")
      try clone.git("clone", "--quiet", option, "file://" + origin.root.path, "clone")
      func run(_ words: String) throws -> Program.Finished {
        try clone.start(
          words.split(separator: " ").map(String.init)
            + ["--desired", clone.root.path + "/clone/desired-state"]
        ).finish()
      }
      for command in [
        "plan", "drift", "apply --yes", "reconcile --once", "adopt acme-prod --yes",
      ] {
        let refused = try run(command)
        XCTAssertEqual(refused.code, 1, "\(option), \(command): \(refused.everything)")
        XCTAssert(
          refused.errors.contains("fetch the whole history")
            && refused.errors.contains("fetch-depth: 0"), refused.everything)
      }
      for command in ["validate", "adopt acme-prod/Logs", "onboard nova dev --blueprint base"] {
        let finished = try run(command)
        XCTAssertEqual(finished.code, 0, "\(option), \(command): \(finished.everything)")
      }
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  func testACommitThatIsNotMergedIsNamedBeforehand() throws {
    let workspace = try workspace(Fixtures.logs)
    XCTAssertEqual(try workspace.trueup("apply", "--yes").errors, "", "there is no remote")
    try workspace.write(".gitignore", "remote.git/\n.trueup/\n")
    try workspace.commit("A remote")
    try workspace.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    try workspace.git("remote", "add", "origin", workspace.root.path + "/remote.git")
    try workspace.git("push", "--quiet", "origin", "main")
    XCTAssertEqual(try workspace.trueup("apply", "--yes").errors, "", "it is merged")
    try workspace.git("checkout", "--quiet", "-b", "feature")
    try workspace.edit("desired-state/blueprints/base.jsonc", "30", "60")
    try workspace.commit("Two months")
    let applied = try workspace.trueup("apply", "--yes", "--client", "acme")
    XCTAssertEqual(applied.code, 0, applied.everything)
    XCTAssert(
      applied.errors.contains("is not on origin/main")
        && applied.errors.contains("trueup adopt acme-prod"), applied.everything)
    XCTAssertEqual(try workspace.trueup("plan").errors, "", "a plan changes nothing")
  }

  func testARenamedProjectIsRefusedUntilItIsSaid() throws {
    let workspace = try workspace(Fixtures.logs)
    try converge(workspace)
    try workspace.edit(fleet, "\"project\": \"cosyworld\"", "\"project\": \"cosyworlds\"")
    try workspace.commit("A letter")
    try endpoint.forgetCalls()
    for command in [["plan"], ["drift"], ["apply", "--yes"], ["reconcile", "--once"]] {
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 3, "\(command): \(refused.everything)")
      XCTAssert(
        refused.errors.contains("\"was\": \"cosyworld\""), "\(command): \(refused.everything)")
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
    try workspace.edit(fleet, "\"cosyworlds\",", "\"cosyworlds\", \"was\": \"cosyworld\",")
    try workspace.commit("And what it was")
    XCTAssertEqual(try workspace.trueup("plan").code, 2, "there is something to rename")
  }

  func testTwoDirectoriesOfOneRepositoryAreTwoFleets() throws {
    let workspace = try workspace(Fixtures.logs)
    for file in [fleet, acme, "desired-state/blueprints/base.jsonc"] {
      try workspace.write(
        file.replacingOccurrences(of: "desired-state", with: "second"),
        try workspace.read(file).replacingOccurrences(of: "cosyworld", with: "cosyworlds"))
    }
    try workspace.commit("A second fleet with the same client")
    for _ in 0..<2 {
      for directory in ["desired-state", "second"] {
        let applied = try workspace.trueup("apply", "--yes", "--desired", directory)
        XCTAssertEqual(applied.code, 0, "\(directory): \(applied.everything)")
        let planned = try workspace.trueup("plan", "--desired", directory)
        XCTAssertEqual(planned.code, 0, "\(directory): \(planned.everything)")
      }
    }
    let groups = try endpoint.aws("logs", "describe_log_groups")["logGroups"].array
    XCTAssertEqual(groups.count, 2)
  }
}
