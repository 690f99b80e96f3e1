import Foundation
import XCTest

@testable import DesiredState

/// Reading from disk and from git.
final class DesiredFilesTests: XCTestCase {
  private var directory = ""

  override func setUpWithError() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("desired-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = url.resolvingSymlinksInPath().path
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(atPath: directory)
  }

  private func write(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(directory)/\(path)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @discardableResult
  private func git(_ arguments: String...) throws -> String {
    let identity = [
      "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c",
      "core.hooksPath=/dev/null",
    ]
    let result = try GitProgram.run(["-C", directory] + identity + arguments)
    XCTAssertEqual(result.status, 0, "git \(arguments.joined(separator: " ")): \(result.errors)")
    return result.line
  }

  private func assertError(
    _ expected: DesiredStateError, file: StaticString = #filePath, line: UInt = #line,
    _ body: () throws -> Void
  ) {
    XCTAssertThrowsError(try body(), file: file, line: line) {
      XCTAssertEqual($0 as? DesiredStateError, expected, file: file, line: line)
    }
  }

  func testADirectoryThatIsAbsentOrEmptyIsAnError() throws {
    let absent = "\(directory)/none"
    assertError(.absent(directory: absent)) { _ = try DesiredFiles.read(directory: absent) }
    assertError(.empty(directory: directory)) { _ = try DesiredFiles.read(directory: directory) }
    try write("other.txt", "x")
    assertError(.empty(directory: directory)) { _ = try DesiredFiles.read(directory: directory) }
    try write("file", "x")
    assertError(.absent(directory: "\(directory)/file")) {
      _ = try DesiredFiles.read(directory: "\(directory)/file")
    }
  }

  func testOnlyFilesOfTheDesiredStateAreRead() throws {
    for path in [
      "fleet.jsonc", "README.md", "clients/a-prod.jsonc", "clients/.a.swp", "clients/old/b.jsonc",
      "blueprints/base.jsonc", "other/x.jsonc",
    ] { try write(path, path) }
    let files = try DesiredFiles.read(directory: directory)
    XCTAssertEqual(
      files.contents.mapValues { String(decoding: $0, as: UTF8.self) },
      [
        "fleet.jsonc": "fleet.jsonc", "clients/a-prod.jsonc": "clients/a-prod.jsonc",
        "clients/old/b.jsonc": "clients/old/b.jsonc",
        "blueprints/base.jsonc": "blueprints/base.jsonc",
      ])
    XCTAssertNil(files.revision)
  }

  func testOutsideOfARepository() throws {
    try write("clients/a-prod.jsonc", "{}")
    XCTAssertNil(try GitRepository.containing(directory))
    assertError(.notInRepository(directory: directory)) {
      _ = try DesiredFiles.read(directory: directory, revision: "HEAD")
    }
  }

  func testRevisionsAreReadAsTheyWere() throws {
    try git("init", "-q", "-b", "main")
    let repository = try XCTUnwrap(try GitRepository.containing("\(directory)/state/gone"))
    XCTAssertEqual(repository.root, directory)
    XCTAssertNil(try repository.head(), "there is no commit yet")
    try write("state/fleet.jsonc", "one")
    try write("state/blueprints/base.jsonc", "old blueprint")
    try write("state/clients/übung-prod.jsonc", "{}")
    try write("elsewhere/fleet.jsonc", "not ours")
    try git("add", "-A")
    try git("commit", "-q", "-m", "one")
    try git("tag", "v1")
    let first = try XCTUnwrap(try repository.head())
    XCTAssertFalse(try repository.isDirty("\(directory)/state"))

    try write("elsewhere/x", "x")
    XCTAssertFalse(
      try repository.isDirty("\(directory)/state"), "other directories do not count")
    try write("state/clients/new-prod.jsonc", "{}")
    XCTAssertTrue(try repository.isDirty("\(directory)/state"), "new files count")
    try write("state/fleet.jsonc", "two")
    try write("state/blueprints/base.jsonc", "new blueprint")
    try write(
      "state/clients/pin-prod.jsonc",
      #"{ "blueprint": { "name": "base", "revision": "v1" } }"#)
    try write(
      "state/clients/lost-prod.jsonc",
      #"{ "blueprint": { "name": "base", "revision": "v9" } }"#)
    try write(
      "state/clients/none-prod.jsonc",
      #"{ "blueprint": { "name": "none", "revision": "v1" } }"#)

    let old = try DesiredFiles.read(directory: "\(directory)/state", revision: "v1")
    XCTAssertEqual(old.revision, first)
    XCTAssertEqual(
      old.contents.mapValues { String(decoding: $0, as: UTF8.self) },
      [
        "fleet.jsonc": "one", "blueprints/base.jsonc": "old blueprint",
        "clients/übung-prod.jsonc": "{}",
      ])
    XCTAssertEqual(
      old.displayPath("fleet.jsonc"), "\(directory)/state/fleet.jsonc@\(first.prefix(12))")

    let new = try DesiredFiles.read(directory: "\(directory)/state")
    XCTAssertEqual(new.contents["blueprints/base.jsonc"], Array("new blueprint".utf8))
    XCTAssertEqual(
      new.pinned[PinnedBlueprint(name: "base", revision: "v1")],
      .success(Array("old blueprint".utf8)), "a pin gives the blueprint of its revision")
    XCTAssertEqual(
      new.pinned[PinnedBlueprint(name: "none", revision: "v1")],
      .failure(.notAtRevision(path: "blueprints/none.jsonc", revision: "v1")))
    guard
      case .failure(.unknownRevision("v9", _))? =
        new.pinned[PinnedBlueprint(name: "base", revision: "v9")]
    else { return XCTFail("an unknown revision must be told") }
    XCTAssertThrowsError(try DesiredFiles.read(directory: "\(directory)/state", revision: "v9")) {
      XCTAssertTrue("\($0)".hasPrefix("git knows no revision v9: "), "\($0)")
    }
    XCTAssertThrowsError(
      try DesiredFiles.read(directory: "\(directory)/state", revision: "--all"),
      "a revision is never an option")
  }

  func testADirectoryThatIsGoneCanBeReadAtItsRevision() throws {
    try git("init", "-q", "-b", "main")
    try write("state/fleet.jsonc", "one")
    try git("add", "-A")
    try git("commit", "-q", "-m", "one")
    try FileManager.default.removeItem(atPath: "\(directory)/state")
    let files = try DesiredFiles.read(directory: "\(directory)/state", revision: "HEAD")
    XCTAssertEqual(files.contents, ["fleet.jsonc": Array("one".utf8)])
    assertError(.absent(directory: "\(directory)/state")) {
      _ = try DesiredFiles.read(directory: "\(directory)/state")
    }
  }

  func testManyFilesTakeSeveralBatches() throws {
    try git("init", "-q", "-b", "main")
    try write("fleet.jsonc", "")
    for index in 0..<1200 { try write("clients/c\(index)-prod.jsonc", "{ \"n\": \(index) }\n") }
    try git("add", "-A")
    try git("commit", "-q", "-m", "many")
    let files = try DesiredFiles.read(directory: directory, revision: "HEAD")
    XCTAssertEqual(files.contents.count, 1201)
    XCTAssertEqual(files.contents["clients/c777-prod.jsonc"], Array("{ \"n\": 777 }\n".utf8))
  }
}
