import Foundation
import XCTest

/// `plan --out FILE` and `apply FILE`: exactly what was reviewed, or nothing.
final class SavedPlanTests: FaultTestCase {
  private let queue = """
        "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 30 } }
    """
  private let topic = """
        "Topic": { "Type": "AWS::SNS::Topic", "Properties": { "DisplayName": "one" } }
    """

  private func save(_ workspace: Workspace, _ options: String...) throws {
    let planned = try workspace.start(["plan", "--out", "review.plan"] + options).finish()
    XCTAssertEqual(planned.code, 2, planned.everything)
    try endpoint.forgetCalls()
  }

  private func assertRefused(
    _ workspace: Workspace, _ reasons: String..., options: [String] = [], exits code: Int = 3,
    line: UInt = #line
  ) throws {
    let refused = try workspace.start(["apply", "review.plan", "--yes"] + options).finish()
    XCTAssertEqual(refused.code, code, refused.everything, line: line)
    for reason in reasons {
      XCTAssert(
        refused.errors.contains(reason), "\(reason) should be said:\n\(refused.everything)",
        line: line)
    }
    XCTAssertEqual(try mutations(), [], "nothing is written", line: line)
  }

  func testWhatWasReviewedIsAppliedOnce() throws {
    let workspace = try roomy([queue, topic].joined(separator: ",\n"))
    let planned = try workspace.trueup("plan", "--out", "review.plan")
    XCTAssert(planned.output.contains("Apply it with:  trueup apply review.plan"), planned.output)
    let applied = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertInSync(workspace)
    try endpoint.forgetCalls()
    try assertRefused(workspace, "was applied already, by run", "plan again")
    try endpoint.aws("sqs", "delete_queue", ["QueueUrl": queueURL()])
    try endpoint.aws("sns", "delete_topic", ["TopicArn": topicARN()])
    try assertRefused(workspace, "was applied already", line: #line)
  }

  func testWhatMovedIsToldAndNothingIsDone() throws {
    let workspace = try roomy([queue, topic].joined(separator: ",\n"))
    try converge(workspace)
    try rewrite(workspace, [queue, topic].joined(separator: ",\n").replacing("30", with: "60"))

    try save(workspace)
    try endpoint.aws(
      "sqs", "set_queue_attributes",
      ["QueueUrl": queueURL(), "Attributes": ["DelaySeconds": "7"]])
    try assertRefused(workspace, "acme-prod/Queue /DelaySeconds: AWS has moved")

    try save(workspace)
    try workspace.edit(blueprint, "60", "90")
    try workspace.commit("Longer")
    try assertRefused(workspace, "acme-prod/Queue /VisibilityTimeout: what is desired has moved")

    try save(workspace)
    try workspace.edit("desired-state/fleet.jsonc", "\"deletes\": 50", "\"deletes\": 49")
    try workspace.commit("Another limit")
    try assertRefused(workspace, "deletions allowed per stack: 50 when planned, 49 now")

    try save(workspace)
    try assertRefused(
      workspace, "deletions allowed per stack", options: ["--allow-deletes", "3"])

    try save(workspace)
    try endpoint.aws(
      "sqs", "set_queue_attributes",
      ["QueueUrl": queueURL(), "Attributes": ["VisibilityTimeout": "90", "DelaySeconds": "0"]])
    try assertRefused(workspace, "acme-prod/Queue: was to be updated, and needs nothing any more")
  }

  func testAPlanGoesToAnotherMachine() throws {
    let workspace = try roomy([queue, topic].joined(separator: ",\n"))
    try converge(workspace)
    try rewrite(workspace, [queue, topic].joined(separator: ",\n").replacing("30", with: "60"))
    try save(workspace)
    let other = try Workspace(try endpoint)
    try other.remove(".git")
    try other.git("clone", "--quiet", "file://" + workspace.root.path, "clone")
    try other.write("clone/review.plan", try workspace.read("review.plan"))
    func apply(_ file: String) throws -> Program.Finished {
      try other.start(
        ["apply", "clone/" + file, "--yes", "--desired", "clone/desired-state"]
      ).finish()
    }
    try endpoint.aws(
      "sqs", "set_queue_attributes",
      ["QueueUrl": queueURL(), "Attributes": ["DelaySeconds": "7"]])
    try endpoint.forgetCalls()
    let moved = try apply("review.plan")
    XCTAssertEqual(moved.code, 3, moved.everything)
    XCTAssert(
      moved.errors.contains("acme-prod/Queue /DelaySeconds: AWS has moved"), moved.everything)
    XCTAssertEqual(try mutations(), [])
    try endpoint.aws(
      "sqs", "set_queue_attributes",
      ["QueueUrl": queueURL(), "Attributes": ["DelaySeconds": "0"]])
    let applied = try apply("review.plan")
    XCTAssertEqual(
      applied.code, 0, "without the journal that it was planned with:\n" + applied.everything)
    XCTAssertEqual(try other.trueup("plan", "--desired", "clone/desired-state").code, 0)
    try endpoint.forgetCalls()
    try assertRefused(workspace, "needs nothing any more")
  }

  func testWhatItDoesNotTouchMayMove() throws {
    let workspace = try roomy([queue, topic].joined(separator: ",\n"))
    try converge(workspace)
    try workspace.edit(blueprint, "30", "60")
    try workspace.commit("Longer")
    try save(workspace)
    try endpoint.aws(
      "sns", "set_topic_attributes",
      ["TopicArn": topicARN(), "AttributeName": "DisplayName", "AttributeValue": "two"])
    try workspace.write("README.md", "Another commit.\n")
    try workspace.commit("Nothing of it")
    let applied = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    XCTAssert(
      applied.output.contains("does not have it: acme-prod/Topic"),
      "what is left alone is said:\n\(applied.output)")
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).actions, ["update acme-prod/Topic"])
  }

  func testANewStackOrASecretNeedsItsOwnReview() throws {
    let workspace = try roomy(
      """
          "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": { "SecretString": { "Ref": "Token" } }
          }
      """)
    let text = try workspace.read(blueprint)
    try workspace.write(
      blueprint,
      text.replacing(
        "\"Parameters\": {",
        with: "\"Parameters\": { \"Token\": { \"Type\": \"String\", \"NoEcho\": true },"))
    try manifest(workspace, #""secrets": { "Token": { "env": "ACME_TOKEN" } }"#)
    let canary = "canary-5ecret-value"
    workspace.environment["ACME_TOKEN"] = canary
    try save(workspace)
    XCTAssertFalse(try workspace.read("review.plan").contains(canary), "the file tells the secret")
    workspace.environment["ACME_TOKEN"] = "canary-another-value"
    try assertRefused(workspace, "the secret acme-prod/Token has another value")
    workspace.environment["ACME_TOKEN"] = canary
    let applied = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
  }

  func testAFileThatIsNoPlanIsAClearError() throws {
    let workspace = try roomy(queue)
    try save(workspace)
    let good = try workspace.read("review.plan")
    let cases: [(text: String, says: String)] = [
      ("", "review.plan"), ("{", "no plan"), ("[]", "no plan"), ("\u{0}\u{1}binary", "no plan"),
      (String(repeating: "[", count: 100_000), "no plan"),
      (good.replacing("\"formatVersion\": 1", with: "\"formatVersion\": 2"), "formatVersion"),
      (good.replacing("\"action\": \"create\"", with: "\"action\": \"drop\""), "steps/0/action"),
      (good.replacing("\"resource\": \"Queue\"", with: "\"resource\": 5"), "steps/0/resource"),
      (
        good.replacing("\"resource\": \"Queue\"", with: "\"resource\": \"\\u001b[2J\""),
        "control characters"
      ),
      (good.replacing("\"terms\"", with: "\"more\": 1, \"terms\""), "more"),
    ]
    for (text, says) in cases {
      XCTAssertNotEqual(text, good, "the case for \(says) changes nothing")
      try workspace.write("review.plan", text)
      try assertRefused(workspace, says, exits: 1)
    }
    try workspace.write("review.plan", good.replacing("\"version\": \"", with: "\"version\": \"9"))
    try assertRefused(workspace, "was made by trueup 9", "plan again")
    try workspace.write(
      "review.plan", good.replacing("\"project\": \"", with: "\"project\": \"x"))
    try assertRefused(workspace, "is a plan of the project x")
    try workspace.remove("review.plan")
    try assertRefused(workspace, "there is no file review.plan", exits: 1)
    try FileManager.default.createDirectory(
      at: workspace.root.appendingPathComponent("review.plan"), withIntermediateDirectories: true)
    try assertRefused(workspace, "it is not a file", exits: 1)
  }

  func testAFileGrantsNothingAndNarrowsOnly() throws {
    let workspace = try roomy(queue)
    try addBeta(workspace, queue)
    try save(workspace, "acme-prod")
    for options in [["--client", "acme"], ["--revision", "HEAD"]] {
      try assertRefused(workspace, "stands in review.plan already", options: options, exits: 1)
    }
    let applied = try workspace.trueup("apply", "review.plan", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).actions, ["create beta-prod/Queue"])
    for options in [["--destroy", "acme-prod"], ["--snapshot", "snapshots"]] {
      let refused = try workspace.start(["plan", "--out", "other.plan"] + options).finish()
      XCTAssertEqual(refused.code, 1, refused.everything)
      XCTAssert(refused.errors.contains("--out"), refused.errors)
    }
  }

  private func queueURL() throws -> String {
    let urls = try endpoint.aws("sqs", "list_queues", [:])["QueueUrls"].array
    return try XCTUnwrap(urls.first?.string)
  }

  private func topicARN() throws -> String {
    let topics = try endpoint.aws("sns", "list_topics", [:])["Topics"].array
    return try XCTUnwrap(topics.first?["TopicArn"].string)
  }
}
