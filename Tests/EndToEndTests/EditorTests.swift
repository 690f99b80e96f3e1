import XCTest

/// What editors and people who write blueprints are told.
final class EditorTests: XCTestCase {
  private func trueup(_ arguments: String..., in folder: URL = Paths.repository) throws
    -> Program.Finished
  {
    try Program.run(Paths.trueup(), arguments, in: folder, environment: [:])
  }

  private func read(_ path: String, in folder: URL = Paths.repository) -> String? {
    FileManager.default.contents(atPath: folder.appendingPathComponent(path).path)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  func testTheShippedFilesAreAsTheSchemasThatTheyNameSay() throws {
    let checked = try Program.run(
      Paths.tool("python"), ["Scripts/checks/schemas.py", "desired-state"], in: Paths.repository,
      environment: [:])
    XCTAssertEqual(checked.code, 0, checked.everything)
  }

  func testTheShippedSchemasAreWhatTheProgramPrints() throws {
    for kind in ["fleet", "manifest", "template"] {
      let printed = try trueup("schema", kind)
      XCTAssertEqual(printed.code, 0, printed.everything)
      XCTAssert(
        printed.output == read("desired-state/.schemas/\(kind).json"),
        "desired-state/.schemas/\(kind).json is old; trueup schema --write makes it anew")
    }
  }

  func testSchemasAreWrittenBesideTheFilesAndAreNoPartOfTheDesiredState() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("trueup-schemas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: Paths.repository.appendingPathComponent("desired-state"),
      to: folder.appendingPathComponent("desired-state"))
    try FileManager.default.removeItem(
      at: folder.appendingPathComponent("desired-state/.schemas"))
    let written = try trueup("schema", "--write", in: folder)
    XCTAssertEqual(
      written.output,
      """
      desired-state/.schemas/fleet.json
      desired-state/.schemas/manifest.json
      desired-state/.schemas/template.json

      """, written.errors)
    for kind in ["fleet", "manifest", "template"] {
      let path = "desired-state/.schemas/\(kind).json"
      XCTAssert(read(path, in: folder) == read(path), "\(path) should be as it is shipped")
    }
    let valid = try trueup("validate", in: folder)
    XCTAssertEqual(valid.code, 0, valid.everything)
  }

  func testMistakesOnTheCommandLineNameWhatWasMeant() throws {
    let cases: [([String], String)] = [
      (["schema"], "trueup: trueup schema needs one of fleet, manifest, template, plan\n"),
      (
        ["schema", "manifst"],
        "trueup: there is no schema \"manifst\"; did you mean \"manifest\"?\n"
      ),
      (
        ["schema", "manifest", "--blueprint", "bas"],
        "trueup: there is no blueprint \"bas\"; did you mean \"base\"?\n"
      ),
      (
        ["schema", "fleet", "--blueprint", "base"],
        "trueup: --blueprint goes with trueup schema manifest\n"
      ),
      (
        ["schema", "fleet", "--write"],
        "trueup: --write writes all schemas: leave fleet out\n"
      ),
      (
        ["explain", "AWS::EC2::Subnt"],
        "trueup: there is no type \"AWS::EC2::Subnt\"; did you mean \"AWS::EC2::Subnet\"?\n"
      ),
      (
        ["explain", "AWS::S3::Bucket.LifecycleConfiguration.Rule"],
        "trueup: AWS::S3::Bucket.LifecycleConfiguration has no property \"Rule\"; did you mean "
          + "\"Rules\"?\n"
      ),
      (
        ["explain", "AWS::S3::Bucket.Nonsense"],
        "trueup: AWS::S3::Bucket has no property \"Nonsense\"; trueup explain AWS::S3::Bucket lists "
          + "them\n"
      ),
      (
        ["completion", "bsh"],
        "trueup: there are no completions for \"bsh\"; did you mean \"bash\"?\n"
      ),
      (
        ["completion", "tcsh"],
        "trueup: there are no completions for \"tcsh\", only for bash, zsh, fish\n"
      ),
    ]
    for (arguments, message) in cases {
      let finished = try Program.run(
        Paths.trueup(), arguments, in: Paths.repository, environment: [:])
      XCTAssertEqual(finished.errors, message, "trueup \(arguments.joined(separator: " "))")
      XCTAssertEqual(finished.code, 1, "a mistake should exit with 1: \(arguments)")
      XCTAssertEqual(finished.output, "", "a mistake should print nothing else: \(arguments)")
    }
  }

  func testExplainListsTheTypesThatKindsLists() throws {
    let kinds = try trueup("kinds", "--format", "json").output
    let types = try trueup("explain").output.split(separator: "\n")
    XCTAssertFalse(types.isEmpty, "there should be types")
    for type in types {
      XCTAssert(kinds.contains("\"type\": \"\(type)\""), "kinds should list \(type)")
      let explained = try trueup("explain", String(type), "--format", "json")
      XCTAssertEqual(explained.code, 0, explained.everything)
      XCTAssert(explained.output.contains("\"name\": \"\(type)\""), "\(type) should be explained")
    }
  }

  func testWhatExplainSaysReadsWell() throws {
    let questions = [
      "AWS::EC2::Subnet", "AWS::EC2::Subnet.VpcId", "AWS::EC2::VPC.InstanceTenancy",
      "AWS::EC2::SecurityGroup.SecurityGroupIngress",
      "AWS::EC2::SecurityGroup.SecurityGroupIngress.SourceSecurityGroupName",
      "AWS::IAM::Role.Policies.PolicyDocument", "AWS::Logs::LogGroup.RetentionInDays",
      "AWS::S3::Bucket.Arn",
    ]
    let answers = try questions.map { question in
      "$ trueup explain \(question)\n" + (try trueup("explain", question).everything)
    }
    try Golden.assertMatches(answers.joined(separator: "\n"), "explain")
  }
}
