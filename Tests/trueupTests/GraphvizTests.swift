import Foundation
import Reports
import XCTest

@testable import trueup

final class GraphvizTests: XCTestCase {
  private var directory = URL(filePath: "/")

  override func setUpWithError() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: directory)
  }

  /// A Graphviz whose `dot` is this shell script.
  private func graphviz(_ script: String) throws -> Graphviz {
    let program = directory.appending(path: "dot")
    try "#!/bin/sh\n\(script)\n".write(to: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: program.path)
    return try XCTUnwrap(Graphviz(environment: ["PATH": "/nowhere:\(directory.path)"]))
  }

  func testTheInstalledProgramDrawsEachSource() throws {
    let found = Graphviz(environment: ProcessInfo.processInfo.environment)
    let graphviz = try XCTUnwrap(found, "Graphviz is missing; make setup installs it")
    let drawings = graphviz.draw(["digraph a { x -> y }\n", "digraph b { z }\n"])
    XCTAssertEqual(drawings?.count, 2)
    XCTAssertNil(graphviz.draw(["digraph a {"]), "what is no graph gives no drawing")
    XCTAssertEqual(graphviz.draw([]), [])
  }

  func testWithoutTheProgramThereIsNoGraphviz() {
    XCTAssertNil(Graphviz(environment: ["PATH": directory.path]))
    XCTAssertNil(Graphviz(environment: [:]))
  }

  func testAProgramThatFailsHangsOrRamblesGivesNoDrawing() throws {
    XCTAssertNil(try graphviz("exit 1").draw(["digraph {}"]))
    XCTAssertNil(try graphviz("exit 0").draw(["digraph {}"]), "no output")
    XCTAssertNil(try graphviz("echo '<svg><g></svg>'").draw(["digraph {}"]))
    var slow = try graphviz("exec sleep 60")
    slow.timeout = 0.2
    let start = Date()
    XCTAssertNil(slow.draw(["digraph {}"]))
    XCTAssertLessThan(Date().timeIntervalSince(start), 20, "it should have been given up")
  }
}
