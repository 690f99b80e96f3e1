import Foundation
import TrueupCore
import XCTest

@testable import DesiredState

/// What git tells of earlier revisions, in real repositories.
final class GitHistoryTests: XCTestCase {
  private var directory = ""

  override func setUpWithError() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url.appendingPathComponent("origin"), withIntermediateDirectories: true)
    directory = url.resolvingSymlinksInPath().path
    try git("origin", "init", "-q", "-b", "main")
    try git("origin", "config", "uploadpack.allowFilter", "true")
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(atPath: directory)
  }

  @discardableResult
  private func git(_ folder: String, _ arguments: String...) throws -> String {
    let identity = [
      "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c",
      "core.hooksPath=/dev/null", "-c", "protocol.file.allow=always",
    ]
    let result = try GitProgram.run(["-C", "\(directory)/\(folder)"] + identity + arguments)
    XCTAssertEqual(result.status, 0, "git \(arguments.joined(separator: " ")): \(result.errors)")
    return result.line
  }

  private func repository(_ folder: String) throws -> GitRepository {
    try XCTUnwrap(try GitRepository.containing("\(directory)/\(folder)"))
  }

  @discardableResult
  private func commit(_ files: [String: String], in folder: String = "origin") throws -> String {
    for (path, text) in files {
      let url = URL(fileURLWithPath: "\(directory)/\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    try git(folder, "add", "-A")
    try git(folder, "commit", "-q", "--allow-empty", "-m", "a commit")
    return try git(folder, "rev-parse", "HEAD")
  }

  private func clone(_ options: String..., to folder: String) throws {
    let arguments = ["-C", directory, "-c", "protocol.file.allow=always", "clone", "-q"]
    let result = try GitProgram.run(
      arguments + options + ["file://\(directory)/origin", folder])
    XCTAssertEqual(result.status, 0, result.errors)
  }

  func testChecksOfACommitAreReadOrRefused() throws {
    let without = try commit(["README.md": "none"])
    let named = try commit([
      "desired-state/fleet.jsonc": #"{ "checks": [{ "name": "ports", "run": ["true"] }] }"#
    ])
    let broken = try commit(["desired-state/fleet.jsonc": #"{ "checks": ["#])
    let unknown = try commit([
      "desired-state/fleet.jsonc": #"{ "checks": [{ "name": "ports" }] }"#
    ])
    let repository = try repository("origin")
    let state = "\(directory)/origin/desired-state"
    XCTAssertNil(try repository.checks(of: state, at: without), "there was no fleet")
    XCTAssertEqual(try repository.checks(of: state, at: named)?.map(\.name), ["ports"])
    let gone = String(repeating: "ab", count: 20)
    for (revision, reason) in [
      (broken, "fleet.jsonc"), (unknown, "needs \"run\""), (gone, "git knows no revision"),
    ] {
      XCTAssertThrowsError(try repository.checks(of: state, at: revision)) { error in
        XCTAssert("\(error)".contains(reason), "\(error)")
        XCTAssert("\(error)".contains("trueup apply"), "\(error)")
      }
    }
  }

  /// What cannot be read raises no limit.
  func testLimitsOfADamagedFleetFileAreTheUsualOnes() throws {
    try commit(["desired-state/fleet.jsonc": #"{ "limits": { "deletes": 7 } }"#])
    let named = try commit(["note": "1"])
    try commit(["desired-state/fleet.jsonc": #"{ "limits": { "#])
    let broken = try commit(["note": "2"])
    let repository = try repository("origin")
    func budget(_ commit: String) throws -> Budget? {
      try repository.earlierBudget(
        of: "\(directory)/origin/desired-state", since: nil, commit: commit, isDirty: false)
    }
    XCTAssertEqual(try budget(named)?.deletes, 7)
    XCTAssertEqual(try budget(broken), Budget())
  }

  func testAShallowOrPartialCloneLacksHistory() throws {
    try commit(["a": "1"])
    try commit(["a": "2"])
    let cases: [(options: [String], lacks: IncompleteHistory?)] = [
      ([], nil), (["--depth", "1"], .shallow), (["--filter=blob:none", "--no-checkout"], .partial),
      (["--depth", "9"], nil),
    ]
    for (index, (options, lacks)) in cases.enumerated() {
      let folder = "clone\(index)"
      let result = try GitProgram.run(
        ["-C", directory, "clone", "-q"] + options + ["file://\(directory)/origin", folder])
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertEqual(try repository(folder).incompleteHistory(), lacks, "\(options)")
    }
    XCTAssertThrowsError(try repository("clone1").requireWholeHistory()) { error in
      XCTAssertEqual(
        "\(error)",
        "\(directory)/clone1 is a shallow clone, but earlier revisions are needed to know what is "
          + "ours and what was applied; fetch the whole history: git fetch --unshallow; for "
          + "actions/checkout: fetch-depth: 0")
    }
    XCTAssertThrowsError(try repository("clone2").requireWholeHistory()) { error in
      XCTAssertTrue("\(error)".contains("clone it without --filter"), "\(error)")
    }
    try git("clone1", "fetch", "-q", "--unshallow")
    XCTAssertNil(try repository("clone1").incompleteHistory(), "the remedy works")
  }

  func testOnlyFullIDsOfCommitsAreKnown() throws {
    let one = try commit(["a": "1"])
    let tree = try git("origin", "rev-parse", "HEAD^{tree}")
    try git("origin", "tag", "v1")
    let absent = String(repeating: "0123456789", count: 4)
    let asked: Set = [one, tree, absent, "HEAD", "main", "v1", String(one.prefix(12)), "", "--all"]
    XCTAssertEqual(try repository("origin").known(asked), [one])
    XCTAssertEqual(try repository("origin").known([]), [])
    let many = Set((0..<2500).map { String(format: "%040x", $0) })
    XCTAssertEqual(try repository("origin").known(many.union([one])), [one])
    try git("origin", "checkout", "-q", "-b", "gone")
    let gone = try commit(["a": "2"])
    try git("origin", "checkout", "-q", "main")
    try git("origin", "branch", "-q", "-D", "gone")
    XCTAssertEqual(
      try repository("origin").known([gone]), [gone], "what git still has is known, also unmerged")
  }

  func testTheProjectIsThatOfTheSameFile() throws {
    let none = try commit(["other/fleet.jsonc": #"{ "project": "other" }"#])
    let old = try commit(["state/fleet.jsonc": "{ // ours\n  \"project\": \"shop\", }"])
    let broken = try commit(["state/fleet.jsonc": "{ \"project\": "])
    let new = try commit([
      "state/fleet.jsonc": #"{ "project": "shopp" }"#, "fleet.jsonc": #"{ "project": "top" }"#,
    ])
    let revisions: Set = [none, old, broken, new, "HEAD", String(repeating: "a", count: 40)]
    let repository = try repository("origin")
    func projects(_ folder: String) throws -> [String: String] {
      try repository.projects(of: "\(directory)/origin\(folder)", at: revisions)
    }
    XCTAssertEqual(try projects("/state"), [old: "shop", new: "shopp"])
    XCTAssertEqual(
      try projects("/other"), [none: "other", old: "other", broken: "other", new: "other"])
    XCTAssertEqual(try projects(""), [new: "top"])
    XCTAssertEqual(try projects("/elsewhere"), [:])
  }

  func testTheDefaultBranchIsTheRemotes() throws {
    let first = try commit(["a": "1"])
    XCTAssertNil(try repository("origin").defaultBranch(), "there is no remote")
    try clone(to: "work")
    let work = try repository("work")
    XCTAssertEqual(try work.defaultBranch(), "origin/main")
    XCTAssertNil(try work.defaultBranch(lacking: first))
    try git("work", "checkout", "-q", "-b", "feature")
    let feature = try commit(["a": "2"], in: "work")
    XCTAssertEqual(try work.defaultBranch(lacking: feature), "origin/main")
    try git("origin", "config", "receive.denyCurrentBranch", "ignore")
    try git("work", "push", "-q", "origin", "HEAD:main")
    XCTAssertNil(try work.defaultBranch(lacking: feature), "it was merged")
    // As actions/checkout leaves it: branches, but no HEAD of the remote.
    try git("work", "remote", "set-head", "origin", "--delete")
    XCTAssertEqual(try work.defaultBranch(), "origin/main")
    try git("work", "update-ref", "refs/remotes/origin/trunk", first)
    try git("work", "config", "init.defaultBranch", "trunk")
    XCTAssertEqual(try work.defaultBranch(lacking: feature), "origin/trunk")
    try git("work", "config", "init.defaultBranch", "nowhere")
    XCTAssertEqual(try work.defaultBranch(), "origin/main")
    try git("work", "update-ref", "-d", "refs/remotes/origin/main")
    XCTAssertNil(try work.defaultBranch(), "none of the usual branches was fetched")
  }

  func testAncestorsAreThoseThatCameBefore() throws {
    let first = try commit(["a": "1"])
    let second = try commit(["a": "2"])
    let repository = try repository("origin")
    XCTAssertTrue(try repository.isAncestor(first, of: second))
    XCTAssertTrue(try repository.isAncestor(second, of: second))
    XCTAssertFalse(try repository.isAncestor(second, of: first))
    XCTAssertFalse(try repository.isAncestor(String(repeating: "a", count: 40), of: second))
  }
}
