import Foundation
import XCTest

#if canImport(Glibc)
  import Glibc
#endif

/// What is shown before anything is changed, and what an answer leads to.
final class ApprovalTests: FaultTestCase {
  private func logs(_ days: Int) -> String {
    """
        "Logs": {
          "Type": "AWS::Logs::LogGroup",
          "Properties": { "RetentionInDays": \(days) }
        }
    """
  }

  func testApplyShowsItsPlanAndTakesNoForAnAnswer() throws {
    let workspace = try roomy(logs(30))
    for answer in ["n\n", "\n", "no\n", "yess\n", "\u{4}"] {
      let session = try TerminalSession(workspace, ["apply"])
      try session.wait(for: "[y/N] ")
      let question = "Apply 1 change in acme-prod? [y/N] "
      let plan = session.shown.components(separatedBy: question)[0]
      XCTAssert(
        session.shown.contains(question) && plan.contains("+ create   Logs"),
        "the plan should stand before the question:\n\(session.shown)")
      try session.type(answer)
      XCTAssertEqual(try session.finish(), 3, session.shown)
      XCTAssert(session.shown.contains("nothing was changed"), session.shown)
      XCTAssertEqual(try mutations(), [], "after \(answer.debugDescription)")
    }
    XCTAssert(
      try workspace.trueup("history").output.contains("Nothing was applied yet"),
      "a no is no run")
    let session = try TerminalSession(workspace, ["apply"])
    try session.wait(for: "[y/N] ")
    session.send(SIGINT)
    XCTAssertEqual(try session.finish(), 3, session.shown)
    XCTAssertEqual(try mutations(), [], "control-C is a no")
  }

  func testApplyTakesYesForAnAnswer() throws {
    let workspace = try roomy(logs(30))
    let session = try TerminalSession(workspace, ["apply"])
    try session.wait(for: "[y/N] ")
    XCTAssert(
      session.shown.range(of: #"reading AWS: \d+ of \d+ lists?"#, options: .regularExpression)
        != nil, "it should say how far the reading is:\n\(session.shown)")
    try session.type("y\n")
    XCTAssertEqual(try session.finish(), 0, session.shown)
    XCTAssert(session.shown.contains("Applied 1 change"), session.shown)
    try assertInSync(workspace)
    let idle = try TerminalSession(workspace, ["apply"])
    XCTAssertEqual(try idle.finish(), 0, "where nothing is to be done, nothing is asked")
    XCTAssertFalse(idle.shown.contains("[y/N]"), idle.shown)
  }

  func testYesAndReconcileAskNobody() throws {
    let workspace = try roomy(logs(30))
    let applied = try TerminalSession(workspace, ["apply", "--yes"])
    XCTAssertEqual(try applied.finish(), 0, applied.shown)
    try rewrite(workspace, logs(60))
    let reconciled = try TerminalSession(workspace, ["reconcile", "--once"])
    XCTAssertEqual(try reconciled.finish(), 0, reconciled.shown)
    for session in [applied, reconciled] {
      XCTAssertFalse(session.shown.contains("[y/N]"), session.shown)
    }
    try assertInSync(workspace)
  }

  func testWhereNobodyCanBeAskedItNeedsYes() throws {
    let workspace = try roomy(logs(30))
    for command in [["apply"], ["apply", "--format", "json"], ["destroy", "acme-prod"]] {
      try endpoint.forgetCalls()
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 1, refused.everything)
      XCTAssert(refused.errors.contains("--yes"), refused.everything)
      XCTAssertEqual(refused.output, "")
      XCTAssertEqual(try endpoint.calls().count, 0, "nothing is even read")
    }
    // A person is there, and the output goes elsewhere: nobody would see the question.
    for arguments in [["apply"], ["apply", "--format", "json"]] {
      let file = workspace.root.appendingPathComponent(".trueup-output")
      try Data().write(to: file)
      let session = try TerminalSession(
        workspace, arguments, redirecting: FileHandle(forWritingTo: file))
      XCTAssertEqual(try session.finish(), 1, session.shown)
      XCTAssert(session.shown.contains("--yes"), session.shown)
    }
    let programs = try TerminalSession(workspace, ["apply", "--format", "json"])
    XCTAssertEqual(try programs.finish(), 1, "JSON and a question do not go together")
    XCTAssertEqual(try mutations(), [])
  }

  func testDestroyShowsEverythingBeforeItAsksAndAPlanPreviewsIt() throws {
    let groups = (1...12).map { number in
      "    \"Logs\(number)\": { \"Type\": \"AWS::Logs::LogGroup\", \"Properties\": {} }"
    }.joined(separator: ",\n")
    let workspace = try roomy(groups)
    try converge(workspace)
    try endpoint.forgetCalls()
    let preview = try workspace.trueup("plan", "--destroy", "acme-prod")
    XCTAssertEqual(preview.code, 2, preview.everything)
    let session = try TerminalSession(workspace, ["destroy", "acme-prod"])
    try session.wait(for: "[y/N] ")
    for number in 1...12 {
      for text in [preview.output, session.shown] {
        XCTAssert(
          text.range(of: #"Logs\#(number) "#) != nil, "Logs\(number) should stand in:\n\(text)")
      }
    }
    XCTAssert(preview.output.contains("Destroy it with:  trueup destroy acme-prod"), preview.output)
    try session.type("\n")
    XCTAssertEqual(try session.finish(), 3)
    XCTAssertEqual(try mutations(), [])
    XCTAssertEqual(
      try workspace.trueup("drift").code, 0, "a preview says nothing of how a stack stands")
    let unnamed = try workspace.trueup("plan", "--destroy")
    XCTAssertEqual(unnamed.code, 1, unnamed.everything)
    XCTAssert(unnamed.errors.contains("name the stacks"), unnamed.errors)
  }

  func testAStackMayBeNamed() throws {
    let workspace = try roomy(logs(30))
    try addBeta(workspace, logs(30))
    for command in ["plan", "drift"] {
      let report = try report(
        workspace, command, "beta-prod", exits: command == "plan" ? 2 : 0)
      XCTAssertEqual(report.json["stacks"].array.compactMap { $0["stack"].string }, ["beta-prod"])
      let both = try workspace.trueup(command, "beta-prod", "--client", "beta")
      XCTAssertEqual(both.code, 1, "one way of naming is enough")
      let unknown = try workspace.trueup(command, "beta-prdo")
      XCTAssertEqual(unknown.code, 1)
      XCTAssert(unknown.errors.contains("did you mean \"beta-prod\"?"), unknown.errors)
    }
    try report(workspace, "apply", "beta-prod", "--yes", exits: 0)
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).actions, ["create acme-prod/Logs"])
  }

  func testWhatIsNewIsShownAndWhatChangedIsRemembered() throws {
    let workspace = try roomy(
      """
          "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
              "CidrBlock": { "Ref": "VpcCidr" }, "Tags": [{ "Key": "Name", "Value": "net" }]
            }
          },
          "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.0.0/24" }
          }
      """)
    let planned = try report(workspace, "plan", exits: 2)
    let vpc = planned.change("Vpc")?.json["desired"]
    XCTAssertEqual(vpc?["CidrBlock"].string, "10.1.0.0/16")
    XCTAssertEqual(vpc?["Tags"]["Name"].string, "net")
    XCTAssertEqual(
      planned.change("Subnet")?.json["desired"]["VpcId"]["unknown"].string, "acme-prod/Vpc")
    let brief = try workspace.trueup("plan").output
    XCTAssertFalse(brief.contains("10.1.0.0/16"), brief)
    XCTAssert(brief.contains("trueup plan --details"), brief)
    let details = try workspace.trueup("plan", "--details").output
    for line in [
      "+ /CidrBlock 10.1.0.0/16", "+ /Tags/Name net", "+ /VpcId Vpc (known after it is created)",
    ] {
      XCTAssert(details.contains(line), "\(line) should stand in:\n\(details)")
    }
    for format in ["markdown", "html"] {
      let text = try workspace.trueup("plan", "--format", format).output
      XCTAssert(text.contains("10.1.0.0/16"), text)
    }
    let applied = try converge(workspace)
    let run = try XCTUnwrap(applied.json["run"].string)
    XCTAssert(
      try workspace.trueup("history", run).output.contains("+ /CidrBlock 10.1.0.0/16"))
    try workspace.edit("desired-state/blueprints/base.jsonc", "\"net\"", "\"network\"")
    try workspace.commit("Another name")
    try converge(workspace)
    let history = try workspace.trueup("history", "acme-prod/Vpc").output
    XCTAssert(history.contains("/Tags/Name net → network"), history)
    let json = try JSON(
      parsing: workspace.trueup("history", "acme-prod/Vpc", "--format", "json").output)
    let difference = json["entries"][0]["differences"][0]
    XCTAssertEqual(difference["observed"].string, "net")
    XCTAssertEqual(difference["desired"].string, "network")
    let destroyed = try report(workspace, "destroy", "acme-prod", "--yes", exits: 0)
    let last = try XCTUnwrap(destroyed.json["run"].string)
    let gone = try workspace.trueup("history", last).output
    for line in ["- /CidrBlock 10.1.0.0/16", "- /Tags/Name network"] {
      XCTAssert(gone.contains(line), "what was deleted should be told:\n\(gone)")
    }
  }
}
