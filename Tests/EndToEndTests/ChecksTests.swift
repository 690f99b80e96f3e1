import Foundation
import XCTest

/// What an apply would refuse is told before, and what is not committed is no desired state.
final class ChecksTests: EndToEndTestCase {
  private let acme = "desired-state/clients/acme-prod.jsonc"
  private let base = "desired-state/blueprints/base.jsonc"
  private let described = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16",
      "Tags": [{ "Key": "Name", "Value": "for ${Client}" }] } }
    """

  func testWarningsStandInEveryFormatAndAreErrorsWhereAsked() throws {
    let workspace = try workspace(described)
    let validated = try workspace.trueup("validate")
    XCTAssertEqual(validated.code, 0, validated.everything)
    XCTAssert(validated.output.contains("warning: ${Client}"), validated.everything)
    for format in ["text", "json", "markdown", "html"] {
      let planned = try workspace.trueup("plan", "--format", format)
      XCTAssertEqual(planned.code, 2, planned.everything)
      XCTAssert(planned.output.contains("${Client}"), "\(format): \(planned.everything)")
      XCTAssert(planned.output.contains(base), "\(format): \(planned.everything)")
    }
    let json = try JSON(parsing: try workspace.trueup("plan", "--format", "json").output)
    XCTAssertEqual(json["warnings"][0]["file"].string, base, "\(json)")
    XCTAssertNotNil(json["warnings"][0]["line"].int, "\(json)")
    try endpoint.forgetCalls()
    for command in [["validate"], ["plan"], ["apply", "--yes"]] {
      let strict = try workspace.start(command + ["--strict"]).finish()
      XCTAssertEqual(strict.code, 1, strict.everything)
      XCTAssert(strict.errors.contains("\(base):"), strict.everything)
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
    XCTAssertFalse(try workspace.trueup("drift").output.contains("warning"), "drift is about AWS")
  }

  func testAPlanSaysWhatAnApplyRefuses() throws {
    let workspace = try workspace(described)
    try workspace.write(
      base,
      """
      { "Parameters": { "Token": { "Type": "String", "NoEcho": true } },
        "Resources": { "Stored": { "Type": "AWS::SecretsManager::Secret",
          "Properties": { "SecretString": { "Ref": "Token" } } } } }
      """)
    let unsourced = try workspace.trueup("plan")
    XCTAssertEqual(unsourced.code, 2, unsourced.everything)
    for words in [
      "Token", "has no source", "an apply is refused", "not committed: \(base)", "git commit",
    ] {
      XCTAssert(unsourced.output.contains(words), "\(words): \(unsourced.everything)")
    }
    XCTAssertEqual(try workspace.trueup("plan", "--strict").code, 1)
    try workspace.edit(
      acme, "\"client\"", "\"secrets\": { \"Token\": { \"env\": \"NOT_SET\" } }, \"client\"")
    try workspace.commit("A secret with a source")
    let missing = try workspace.trueup("plan")
    XCTAssert(missing.output.contains("NOT_SET is not set"), missing.everything)
    XCTAssertFalse(missing.output.contains("not committed"), missing.everything)
    workspace.environment["NOT_SET"] = "a-value-of-some-length"
    XCTAssertFalse(try workspace.trueup("plan").output.contains("warning"))
  }

  func testAMissingParameterOfTheAccountIsNamedInThePlan() throws {
    let workspace = try workspace(
      """
      "It": { "Type": "AWS::SNS::Topic", "Properties": {
        "DisplayName": "{{resolve:ssm:/acme/name}}" } },
      "Else": { "Type": "AWS::SNS::Topic" }
      """)
    for format in ["text", "json", "markdown", "html"] {
      let planned = try workspace.trueup("plan", "--format", format)
      XCTAssert(planned.output.contains("/acme/name"), "\(format): \(planned.everything)")
    }
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).actions,
      ["blocked acme-prod/It", "create acme-prod/Else"])
    try report(workspace, "apply", "--yes", exits: 3)
    try endpoint.aws(
      "ssm", "put_parameter", ["Name": "/acme/name", "Value": "acme", "Type": "String"])
    try converge(workspace)
  }

  func testWhatGitDoesNotKeepIsRefused() throws {
    let cases: [(reason: String, change: (Workspace) throws -> Void, says: String)] = [
      (
        "an ignored manifest",
        { workspace in
          try workspace.write(".gitignore", "beta-prod.jsonc\n.trueup/\n")
          try workspace.commit("Ignore")
          try workspace.write("desired-state/clients/beta-prod.jsonc", Fixtures.manifest("beta"))
        }, "git add --force"
      ),
      (
        "a manifest that is a link",
        { workspace in
          try workspace.write(
            "../\(workspace.root.lastPathComponent)-beta.jsonc", Fixtures.manifest("beta"))
          try FileManager.default.createSymbolicLink(
            atPath: workspace.root.path + "/desired-state/clients/beta-prod.jsonc",
            withDestinationPath: workspace.root.path + "-beta.jsonc")
          try workspace.commit("A link")
        }, "symbolic link"
      ),
      (
        "a file that git was told not to look at",
        { workspace in
          try workspace.git(
            "update-index", "--assume-unchanged", "desired-state/blueprints/base.jsonc")
          try workspace.edit("desired-state/blueprints/base.jsonc", "30", "60")
        }, "--no-assume-unchanged"
      ),
    ]
    for (reason, change, says) in cases {
      let workspace = try workspace(Fixtures.logs)
      try change(workspace)
      try endpoint.forgetCalls()
      for command in [["apply", "--yes"], ["reconcile", "--once"]] {
        let refused = try workspace.start(command).finish()
        XCTAssertEqual(refused.code, 3, "\(reason): \(refused.everything)")
        XCTAssert(refused.errors.contains(says), "\(reason): \(refused.everything)")
      }
      if says == "symbolic link" {
        // What git keeps of it is no manifest either.
        for command in [
          ["plan", "--revision", "HEAD"], ["apply", "--yes", "--revision", "HEAD"],
          ["reconcile", "--once", "--follow", "HEAD"],
        ] {
          let refused = try workspace.start(command).finish()
          XCTAssertEqual(refused.code, 1, "\(command): \(refused.everything)")
          XCTAssert(
            refused.errors.contains("beta-prod.jsonc is a symbolic link"), refused.everything)
        }
      }
      XCTAssertEqual(try endpoint.calls().count, 0, reason)
      let planned = try workspace.trueup("plan")
      XCTAssert(planned.output.contains("an apply is refused"), "\(reason): \(planned.everything)")
    }
  }

  func testADamagedRepositoryIsRefused() throws {
    let workspace = try workspace(Fixtures.logs)
    try workspace.write(".git/HEAD", "garbage\n")
    try endpoint.forgetCalls()
    for command in [
      ["plan"], ["drift"], ["apply", "--yes"], ["reconcile", "--once"],
      ["adopt", "acme-prod", "--yes"],
    ] {
      let refused = try workspace.start(command).finish()
      XCTAssertEqual(refused.code, 1, "\(command): \(refused.everything)")
      XCTAssert(refused.errors.contains("damaged"), "\(command): \(refused.everything)")
    }
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  func testManyAdoptionsAreReadFromAFileAndPreviewed() throws {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    let vpc = try XCTUnwrap(
      try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.1.0.0/16"])["Vpc"]["VpcId"].string)
    let before = try workspace.read(acme)
    try workspace.write(".gitignore", "list\n.trueup/\n")
    try workspace.write(
      "list", "# ours\nacme-prod/Vpc \(vpc)\nacme-prod/Nothing x\nVpc y\nacme-prod/Vpc z\n")
    let refused = try workspace.trueup("adopt", "--from", "list")
    XCTAssertEqual(refused.code, 1, refused.everything)
    for place in ["list:3:", "list:4:", "list:5:"] {
      XCTAssert(refused.errors.contains(place), "\(place): \(refused.everything)")
    }
    XCTAssertFalse(refused.errors.contains("list:2:"), refused.everything)
    XCTAssertEqual(try workspace.read(acme), before, "nothing is written")

    try workspace.write("list", "acme-prod/Vpc \(vpc)\nacme-prod/Logs true\n")
    let preview = try workspace.trueup("adopt", "--from", "list", "--preview")
    XCTAssert(preview.output.contains(vpc), preview.everything)
    XCTAssert(preview.output.contains("What adopting would change"), preview.everything)
    XCTAssertEqual(try workspace.read(acme), before, "a preview writes nothing")
    for answer in ["n\n", "\n"] {
      let session = try TerminalSession(workspace, ["adopt", "--from", "list"])
      try session.wait(for: "[y/N] ")
      XCTAssert(session.shown.contains("What adopting would change"), session.shown)
      XCTAssert(session.shown.contains("Write \"adopt\" into the manifest?"), session.shown)
      try session.type(answer)
      XCTAssertEqual(try session.finish(), 3, session.shown)
      XCTAssertEqual(try workspace.read(acme), before, "the answer was no")
    }
    let adopted = try workspace.trueup("adopt", "--from", "list")
    XCTAssertEqual(adopted.code, 0, adopted.everything)
    let manifest = try workspace.read(acme)
    XCTAssert(
      manifest.contains("\"adopt\": { \"Vpc\": \"\(vpc)\", \"Logs\": true }"), manifest)
    XCTAssertEqual(try workspace.trueup("adopt").code, 1, "nothing was named")
  }
}
