import XCTest

/// `plan`, `drift` and `history` in every form that `--format` names.
final class ReportCommandTests: EndToEndTestCase {
  func testEveryFormatComesCleanAndWithTheSameExitCode() throws {
    let workspace = try workspace(Fixtures.network, parameters: #""VpcCidr": "10.1.0.0/16""#)
    let formats: [(name: String, beginning: String)] = [
      ("markdown", "<!-- trueup:plan -->\n### Trueup plan: "), ("html", "<!DOCTYPE html>\n"),
      ("dot", "digraph trueup {\n"), ("mermaid", "flowchart RL\n"), ("json", "{\n"),
    ]
    for (format, beginning) in formats {
      let planned = try workspace.trueup("plan", "--format", format)
      XCTAssertEqual(planned.code, 2, "plan --format \(format):\n\(planned.everything)")
      XCTAssert(planned.output.hasPrefix(beginning), "\(format):\n\(planned.output.prefix(200))")
      XCTAssertEqual(planned.errors, "", "plan --format \(format)")
    }
    try converge(workspace)
    try endpoint.aws(
      "ec2", "create_tags",
      ["Resources": [physicalID("Vpc")], "Tags": [["Key": "Client", "Value": "nobody"]]])
    let drift = try workspace.trueup("drift", "--format", "markdown")
    XCTAssertEqual(drift.code, 2, drift.everything)
    XCTAssert(
      drift.output.hasPrefix("<!-- trueup:drift -->\n### Trueup drift: 1 finding in acme-prod\n"),
      drift.output)
    XCTAssert(drift.output.contains("-     /Tags/Client: nobody\n"), drift.output)
    let page = try workspace.trueup("drift", "--format", "html").output
    for part in ["<svg role=\"img\"", "Latest runs", "nobody", "class=\"node update\""] {
      XCTAssert(page.contains(part), "the page should have \(part):\n\(page.suffix(3000))")
    }
  }

  func testAPageHasATreeWhereGraphvizIsMissing() throws {
    let workspace = try workspace(Fixtures.network, parameters: #""VpcCidr": "10.1.0.0/16""#)
    try workspace.write("bin/git", "#!/bin/sh\nPATH=/usr/bin:/bin exec git \"$@\"\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: workspace.root.appendingPathComponent("bin/git").path)
    workspace.environment["PATH"] = workspace.root.appendingPathComponent("bin").path
    let page = try workspace.trueup("plan", "--format", "html")
    XCTAssertEqual(page.code, 2, page.everything)
    XCTAssert(page.output.contains("<ul class=\"tree\">"), page.everything)
    XCTAssertFalse(page.output.contains("<svg"), "nothing could have drawn it")
  }

  func testAHistoryHasPagesAndNoGraph() throws {
    let workspace = try workspace(Fixtures.network, parameters: #""VpcCidr": "10.1.0.0/16""#)
    try converge(workspace)
    let comment = try workspace.trueup("history", "--format", "markdown")
    XCTAssert(comment.output.hasPrefix("<!-- trueup:history -->\n"), comment.everything)
    XCTAssert(comment.output.contains("`acme-prod/Vpc` | create | new | succeeded"), comment.output)
    let page = try workspace.trueup("history", "--format", "html")
    XCTAssert(page.output.contains("<strong>acme-prod/Vpc</strong>"), page.everything)
    for format in ["dot", "mermaid"] {
      let refused = try workspace.trueup("history", "--format", format)
      XCTAssertEqual(refused.code, 1)
      XCTAssert(
        refused.errors.contains(
          "--format cannot be \"\(format)\": --format text|json|markdown|html"), refused.everything)
    }
  }
}
