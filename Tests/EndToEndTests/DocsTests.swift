import Foundation
import XCTest

/// The documentation is true: what it shows happens, and what it names exists.
final class DocsTests: EndToEndTestCase {
  /// The pages under `docs/`, and those at the top that name commands and files as well.
  private func pages() throws -> [DocsPage] {
    try DocsPage.all() + ["README.md", "CONTRIBUTING.md"].map(DocsPage.init)
  }

  override func setUpWithError() throws {
    try super.setUpWithError()
    continueAfterFailure = true
  }

  func testEveryCommandDoesWhatItsPageShows() throws {
    var run = 0
    for page in try DocsPage.all() {
      let endpoint = try Endpoint.emptied()
      try endpoint.configure(["verify": true])
      let problems = try DocsSession(page: page, endpoint: endpoint).problems()
      XCTAssert(problems.isEmpty, problems.joined(separator: "\n\n"))
      XCTAssertEqual(try endpoint.violations(), [], "\(page.path): requests fit AWS's models")
      run += try page.blocks.filter { $0.language == "console" && !$0.words.contains("norun") }
        .map { try page.commands(of: $0).count }.reduce(0, +)
    }
    XCTAssertGreaterThan(run, 60, "the pages were read")
  }

  func testCommandsStandInConsoleBlocks() throws {
    for page in try DocsPage.all() {
      for block in page.blocks where block.language != "console" {
        let isShell = ["sh", "bash", "zsh", "shell", "shell-session"].contains(block.language)
        XCTAssertFalse(
          isShell || block.lines.contains { $0.hasPrefix("$ ") },
          "\(page.path):\(block.line): commands stand in a block `console`, which is run, or "
            + "`console norun`")
      }
    }
  }

  func testEveryCommandAndOptionThatIsNamedExists() throws {
    let mentions = try CommandMentions(try Workspace(try endpoint))
    for page in try pages() {
      for (number, text) in page.codeSpans {
        XCTAssertEqual(try mentions.problems(inSpan: text), [], "\(page.path):\(number)")
      }
      for block in page.blocks {
        for (index, text) in block.lines.enumerated() {
          XCTAssertEqual(
            try mentions.problems(in: text), [], "\(page.path):\(block.line + index)")
        }
      }
    }
    for path in try DocsPage.files(under: "deploy") {
      for (index, line) in try DocsPage.text(path).components(separatedBy: "\n").enumerated() {
        let isComment = line.drop { $0 == " " }.hasPrefix("#")
        XCTAssertEqual(
          isComment ? [] : try mentions.problems(in: line), [], "\(path):\(index + 1)")
      }
    }
  }

  func testTheReadmeListsEveryCommand() throws {
    let readme = try DocsPage.text("README.md")
    for command in try CommandMentions(try Workspace(try endpoint)).commands {
      XCTAssert(readme.contains("\n| `\(command)` |"), "README.md does not list \(command)")
    }
  }

  func testEveryMakeTargetAndFileThatIsNamedExists() throws {
    let targets = Set(
      try CommandMentions.matches(#"(?m)^[a-z-]+(?=:)"#, DocsPage.text("Makefile")))
    for page in try pages() {
      for (number, text) in page.code {
        for target in try CommandMentions.matches(#"(?<=\bmake )[a-z][a-z-]*"#, text) {
          XCTAssert(targets.contains(target), "\(page.path):\(number): there is no make \(target)")
        }
        for path in try CommandMentions.matches(
          #"^(Sources|Tests|Scripts|deploy|snapshots)/[\w./+-]+$"#, text)
        {
          XCTAssert(exists(path), "\(page.path):\(number): there is no \(path)")
        }
      }
    }
  }

  func testEveryLinkLeadsSomewhere() throws {
    for page in try pages() {
      let folder = (page.path as NSString).deletingLastPathComponent
      for (number, text) in page.prose {
        for link in try CommandMentions.matches(#"(?<=\]\()[^)\s]+(?=\))"#, text)
        where !link.hasPrefix("http") {
          let parts = link.components(separatedBy: "#")
          let target = NSString(string: "/\(folder)/\(parts[0])").standardizingPath.dropFirst()
          let path = parts[0].isEmpty ? page.path : String(target)
          XCTAssert(exists(path), "\(page.path):\(number): there is no \(path)")
          guard parts.count > 1, path.hasSuffix(".md"), exists(path) else { continue }
          XCTAssert(
            try DocsPage(path).anchors.contains(parts[1]),
            "\(page.path):\(number): \(path) has no heading #\(parts[1])")
        }
      }
    }
  }

  func testTheIndexNamesEveryPage() throws {
    let index = try DocsPage.text("docs/README.md")
    for page in try DocsPage.all() where page.path != "docs/README.md" {
      let path = page.path.dropFirst("docs/".count)
      XCTAssert(index.contains("(\(path))"), "docs/README.md does not name \(path)")
    }
  }

  func testExcerptsAreTheCodeAsItIs() throws {
    for page in try DocsPage.all() {
      for block in page.blocks {
        guard let path = block.value("from") else { continue }
        XCTAssert(
          try DocsPage.text(path).contains(block.text),
          "\(page.path):\(block.line): \(path) does not hold this text")
      }
    }
  }

  func testTheKindsAreUpToDate() throws {
    let kinds = try Workspace(try endpoint).trueup("kinds", "--format", "markdown").output
    XCTAssertEqual(try DocsPage.text("docs/kinds.md"), kinds, "run `make docs`")
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Paths.repository.appendingPathComponent(path).path)
  }
}
