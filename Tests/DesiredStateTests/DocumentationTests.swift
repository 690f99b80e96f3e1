import Foundation
import XCTest

@testable import DesiredState

/// The references under `docs/` name everything that a manifest and a template may say.
final class DocumentationTests: XCTestCase {
  func testTheManifestsPageNamesEveryMemberOfAManifest() throws {
    try assertNames(Manifest.members, in: "manifests.md")
  }

  func testTheBlueprintsPageNamesEverySectionFunctionAndParameterType() throws {
    try assertNames(
      Blueprint.sections + StackCompiler.functionNames
        + ParameterType.names.filter { !$0.contains("<") },
      in: "blueprints.md")
    let constraints = TemplateParameter.members.filter { !["Type", "Description"].contains($0) }
    try assertNames(constraints, in: "blueprints.md")
  }

  private func assertNames(
    _ names: [String], in page: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs")
    let text = String(
      decoding: try Data(contentsOf: docs.appendingPathComponent(page)), as: UTF8.self)
    for name in names {
      XCTAssert(
        text.contains("`\(name)`"), "docs/\(page) does not name `\(name)`", file: file, line: line)
    }
  }
}
