import XCTest

/// The GitHub Actions that users copy.
final class WorkflowTests: XCTestCase {
  func testTheWorkflowsAreAsGitHubAndWeWantThem() throws {
    let checked = try Program.run(
      Paths.tool("python"), ["Scripts/checks/workflows.py", "deploy/github-actions"],
      in: Paths.repository, environment: [:])
    XCTAssertEqual(checked.code, 0, checked.everything)
  }

  func testTheCheckFindsWhatIsWrong() throws {
    let cases: [(old: String, new: String, finding: String)] = [
      ("runs-on: ubuntu-latest", "run-on: ubuntu-latest", "trueup-apply.yml"),
      ("timeout-minutes: 120\n", "\n", "has no limit of time"),
      ("permissions: {}\n", "permissions: { contents: write }\n", "more than read"),
      ("id-token: write", "id-token: none", "goes with configure-aws-credentials"),
      ("actions/checkout@v4", "actions/checkout@main", "is not pinned"),
      ("fetch-depth: 0", "fetch-depth: 1", "needs fetch-depth: 0"),
      ("trueup apply --yes", "trueup apply --yes ${{ github.actor }}", "an expression in a script"),
      ("BOT_TOKEN:", "AWS_SECRET_ACCESS_KEY:", "a long-lived key"),
      ("${{ vars.TRUEUP_VERSION }}", "${{ vars.TRUEUP_VERSION }", "is not closed"),
      (
        "  push:\n    branches: [main]", "  pull_request_target:\n    branches: [main]",
        "foreign code"
      ),
    ]
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("trueup-workflows-\(UUID().uuidString)")
    try FileManager.default.copyItem(
      at: Paths.repository.appendingPathComponent("deploy/github-actions"), to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let apply = folder.appendingPathComponent("workflows/trueup-apply.yml")
    let right = try String(contentsOf: apply, encoding: .utf8)
    for (old, new, finding) in cases {
      XCTAssert(right.contains(old), "the workflow has no \(old)")
      try right.replacing(old, with: new).write(to: apply, atomically: true, encoding: .utf8)
      let checked = try Program.run(
        Paths.tool("python"), ["Scripts/checks/workflows.py", folder.path], in: Paths.repository,
        environment: [:])
      XCTAssertEqual(checked.code, 1, "this should be found: \(new)")
      XCTAssert(checked.errors.contains(finding), "\(new) should be \(finding): \(checked.errors)")
    }
  }
}
