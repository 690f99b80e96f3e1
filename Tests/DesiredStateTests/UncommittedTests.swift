import Foundation
import XCTest

@testable import DesiredState

/// Committed means committed: what git does not look at counts as well.
final class UncommittedTests: XCTestCase {
  private func directory() throws -> GitDirectory {
    let directory = try GitDirectory()
    try directory.commit([
      "state/fleet.jsonc": "{}", "state/clients/acme-prod.jsonc": "{}",
      "state/blueprints/base.jsonc": "{}", "other/base.jsonc": "{}",
    ])
    return directory
  }

  private func found(_ directory: GitDirectory) throws -> [String] {
    let repository = try XCTUnwrap(try GitRepository.containing("\(directory.path)/state"))
    return try repository.uncommitted(in: "\(directory.path)/state").map {
      "\($0.path) \($0.reason.rawValue)"
    }
  }

  func testWhatIsAsCommittedIsClean() throws {
    let directory = try directory()
    try directory.write("other/more.jsonc", "{}")
    try directory.write("state/.cache/x.jsonc", "{}")
    try directory.commit(["state/clients/notes.md": "x", ".gitignore": "*.swp\n"])
    try directory.write("state/clients/a.swp", "ignored, and never read")
    XCTAssertEqual(try found(directory), [])
  }

  func testEachWayOfHidingIsFound() throws {
    let manifest = "state/clients/acme-prod.jsonc"
    let cases: [(reason: String, change: (GitDirectory) throws -> Void, found: [String])] = [
      ("a change", { try $0.write(manifest, "{ }") }, ["\(manifest) changed"]),
      (
        "a new file", { try $0.write("state/clients/b-dev.jsonc", "{}") },
        ["state/clients/b-dev.jsonc changed"]
      ),
      (
        "ignored",
        {
          try $0.commit([".gitignore": "b-dev.jsonc\n"])
          try $0.write("state/clients/b-dev.jsonc", "{}")
        }, ["state/clients/b-dev.jsonc unknown"]
      ),
      (
        "excluded in this clone alone",
        {
          try $0.write(".git/info/exclude", "*.jsonc\n")
          try $0.write("state/blueprints/c.jsonc", "{}")
        }, ["state/blueprints/c.jsonc unknown"]
      ),
      (
        "assumed to be unchanged",
        {
          try $0.git("update-index", "--assume-unchanged", manifest)
          try $0.write(manifest, "{ \"x\": 1 }")
        }, ["\(manifest) unwatched"]
      ),
      (
        "skipped", { try $0.git("update-index", "--skip-worktree", manifest) },
        ["\(manifest) unwatched"]
      ),
      (
        "a link out of the repository",
        {
          let outside = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
          try Data("{}".utf8).write(to: outside)
          try FileManager.default.createSymbolicLink(
            atPath: "\($0.path)/state/clients/b-dev.jsonc", withDestinationPath: outside.path)
          try $0.commit()
        }, ["state/clients/b-dev.jsonc link"]
      ),
      (
        "a folder that is a link",
        {
          try FileManager.default.createSymbolicLink(
            atPath: "\($0.path)/state/blueprints/shared", withDestinationPath: "\($0.path)/other")
          try $0.commit()
        }, ["state/blueprints/shared/base.jsonc link"]
      ),
    ]
    for (reason, change, expected) in cases {
      let directory = try directory()
      try change(directory)
      XCTAssertEqual(try found(directory), expected, reason)
      for file in try XCTUnwrap(try GitRepository.containing(directory.path)).uncommitted(
        in: "\(directory.path)/state")
      {
        XCTAssertFalse(file.remedy.isEmpty, reason)
      }
    }
  }

  func testADamagedRepositoryIsNoMissingOne() throws {
    for damage in ["garbage\n", ""] {
      let directory = try directory()
      try directory.write(".git/HEAD", damage)
      XCTAssertThrowsError(try GitRepository.containing("\(directory.path)/state")) { error in
        XCTAssertEqual(error as? DesiredStateError, .damagedRepository(root: directory.path))
        XCTAssert("\(error)".contains("fresh clone"), "\(error)")
      }
    }
    // One within another one: git would take that for its own.
    let outer = try directory()
    try outer.git("init", "-q", "inner")
    try outer.write("inner/state/fleet.jsonc", "{}")
    try outer.write("inner/.git/HEAD", "garbage\n")
    XCTAssertThrowsError(try GitRepository.containing("\(outer.path)/inner/state")) { error in
      XCTAssertEqual(error as? DesiredStateError, .damagedRepository(root: "\(outer.path)/inner"))
    }
    let outside = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
    XCTAssertNil(try GitRepository.containing(outside.path), "there is none at all")
  }

  func testALinkOutOfTheRepositoryOnTheWayIsFound() throws {
    let (directory, other) = (try directory(), try self.directory())
    let link = "\(directory.path)/linked"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "\(other.path)/state")
    XCTAssertEqual(try GitRepository.linkOut(onTheWayTo: link), link)
    XCTAssertEqual(try GitRepository.linkOut(onTheWayTo: "\(link)/clients"), link)
    XCTAssertNil(try GitRepository.linkOut(onTheWayTo: "\(directory.path)/state"))
    let inside = "\(directory.path)/inside"
    try FileManager.default.createSymbolicLink(
      atPath: inside, withDestinationPath: "\(directory.path)/state")
    XCTAssertNil(try GitRepository.linkOut(onTheWayTo: inside), "it stays in the repository")
  }
}
