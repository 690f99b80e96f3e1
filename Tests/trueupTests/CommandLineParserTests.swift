import DesiredState
import XCTest

@testable import trueup

final class CommandLineParserTests: XCTestCase {
  private func invocation(
    _ line: String, environment: [String: String] = [:]
  ) throws -> Invocation {
    let result = try CommandLineParser(environment: environment).parse(words(line))
    guard case .run(let invocation) = result else {
      throw HelpInsteadOfRun(line: line)
    }
    return invocation
  }

  private struct HelpInsteadOfRun: Error { var line: String }

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  func testOptionsAreReadInEverySpelling() throws {
    for line in [
      "plan --client acme --client beta --desired x --parallelism 4",
      "plan --client=acme --parallelism=4 --client=beta --desired=x",
    ] {
      let plan = try invocation(line)
      XCTAssertEqual(plan.command, .plan)
      XCTAssertEqual(plan.strings("--client"), ["acme", "beta"], line)
      XCTAssertEqual(plan.string("--desired"), "x", line)
      XCTAssertEqual(plan.integer("--parallelism"), 4, line)
    }
  }

  func testWhatIsNotGivenHasItsDefault() throws {
    let apply = try invocation("apply")
    XCTAssertEqual(apply.string("--desired"), "desired-state")
    XCTAssertEqual(apply.string("--format"), "text")
    XCTAssertEqual(apply.integer("--parallelism"), 10)
    XCTAssertEqual(apply.strings("--client"), [])
    XCTAssertFalse(apply.has("--yes"), "nothing is confirmed by default")
    XCTAssertFalse(apply.has("--no-wait"), "readiness is waited for by default")
    XCTAssertNil(apply.integer("--allow-deletes"), "fleet.jsonc sets the budget by default")
    XCTAssertTrue(try invocation("apply --yes").has("--yes"))
    XCTAssertTrue(try invocation("plan --format json").isJSON)
  }

  func testTheJournalComesFromTheEnvironmentUnlessTheOptionIsGiven() throws {
    let environment = ["TRUEUP_JOURNAL": "/tmp/a.db"]
    XCTAssertEqual(
      try invocation("plan", environment: environment).string("--journal"), "/tmp/a.db")
    XCTAssertEqual(
      try invocation("plan --journal b.db", environment: environment).string("--journal"), "b.db")
    XCTAssertNil(
      try invocation("plan", environment: ["TRUEUP_JOURNAL": ""]).string("--journal"),
      "an empty variable counts as not set")
  }

  func testArgumentsWithoutDashesStandAnywhere() throws {
    XCTAssertEqual(
      try invocation("destroy acme-dev --yes beta-dev").positionals, ["acme-dev", "beta-dev"])
    XCTAssertEqual(try invocation("history acme-prod/Vpc --limit 3").positionals, ["acme-prod/Vpc"])
    XCTAssertEqual(try invocation("outputs -- --odd").positionals, ["--odd"])
  }

  func testHelpIsGivenForTheProgramAndForEachCommand() throws {
    let parser = CommandLineParser()
    for line in ["--help", "-h", "help"] {
      XCTAssertEqual(try parser.parse(words(line)), .help(nil), line)
    }
    for command in CommandDefinition.all {
      let name = command.name.rawValue
      for line in ["\(name) --help", "\(name) -h", "\(name) --wrong --help", "help \(name)"] {
        XCTAssertEqual(try parser.parse(words(line)), .help(command.name), line)
      }
    }
  }

  func testEveryMistakeIsNamedWithTheWayOut() {
    let cases: [(line: String, message: String)] = [
      ("", "no command was given; trueup --help lists them"),
      ("aply", #"there is no command "aply"; did you mean "apply"?"#),
      ("plna", #"there is no command "plna"; did you mean "plan"?"#),
      ("frobnicate", #"there is no command "frobnicate"; trueup --help lists them"#),
      ("--client acme plan", "the command comes before its options: trueup plan --client"),
      (
        "plan --cleint acme",
        #"trueup plan has no option "--cleint"; did you mean "--client"?"#
      ),
      (
        "version --everything",
        #"trueup version has no option "--everything"; trueup version --help lists them"#
      ),
      ("plan -x", #"trueup plan has no option "-x"; trueup plan --help lists them"#),
      ("plan --desired", "--desired needs a value: --desired DIR"),
      ("plan --desired --format json", "--desired needs a value: --desired DIR"),
      ("plan --client=", "--client needs a value: --client NAME"),
      ("apply --yes=no", "--yes takes no value"),
      ("plan --desired a --desired b", "--desired was given twice"),
      ("plan --parallelism 0", #"--parallelism needs a whole number from 1 to 64, not "0""#),
      ("plan --parallelism 65", #"--parallelism needs a whole number from 1 to 64, not "65""#),
      ("plan --parallelism ten", #"--parallelism needs a whole number from 1 to 64, not "ten""#),
      (
        "apply --allow-deletes -1",
        #"--allow-deletes needs a whole number of at least 0, not "-1""#
      ),
      (
        "plan --format jsn",
        #"--format cannot be "jsn": --format text|json|markdown|html|dot|mermaid; did you mean "json"?"#
      ),
      ("validate acme", #"trueup validate does not take "acme"; see trueup validate --help"#),
      ("history a b", #"trueup history does not take "b"; see trueup history --help"#),
      ("help aply", #"there is no command "aply"; did you mean "apply"?"#),
    ]
    for (line, message) in cases {
      XCTAssertThrowsError(try CommandLineParser().parse(words(line)), line) { error in
        XCTAssertEqual("\(error)", message, "for: trueup \(line)")
      }
    }
  }

  func testTheOptionsThatNarrowedARunCanBeWrittenAgain() throws {
    XCTAssertEqual(try invocation("plan --format json").narrowingOptions, [])
    var plan = try invocation("plan --client acme --environment prod --desired /tmp/x")
    XCTAssertEqual(
      plan.narrowingOptions, ["--desired /tmp/x", "--client acme", "--environment prod"])
    XCTAssertEqual(
      try invocation("plan --allow-orphans --client acme").narrowingOptions,
      ["--client acme", "--allow-orphans"])
    plan.values["--client"] = ["it's"]
    XCTAssertTrue(plan.narrowingOptions.contains(#"--client 'it'\''s'"#), "quoted for a shell")
  }
}
