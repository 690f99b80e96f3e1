import Reports
import TrueupCore
import XCTest

@testable import trueup

/// A kind that is only listed.
private struct ListedKind: Kind {
  let type = "AWS::EC2::VPC"
  let facts = TypeFacts(
    Identity(ref: "VpcId"))

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("it is only listed") }
}

final class ProgramTests: XCTestCase {
  private let program = Program(
    catalog: Catalog([ListedKind()]), createOnly: { _ in ["/CidrBlock"] }, environment: [:],
    style: .plain)

  private func output(_ arguments: String...) -> String {
    guard case .finished(let output, "", 0) = program.start(arguments) else { return "" }
    return output
  }

  func testVersionAndKindsNeedNothing() {
    XCTAssertEqual(output("version"), "trueup \(Version.current)\n")
    XCTAssertEqual(output("--version"), output("version"))
    XCTAssertEqual(output("kinds"), "AWS::EC2::VPC\n  replaced by   /CidrBlock\n1 type\n")
    XCTAssertTrue(output("kinds", "--format", "json").hasPrefix("{\n  \"formatVersion\": 1,"))
  }

  func testAMistakeExitsWith1AndGoesToStandardError() {
    XCTAssertEqual(
      program.start(["plam"]),
      .finished(
        output: "", error: "trueup: there is no command \"plam\"; did you mean \"plan\"?\n",
        exitCode: 1))
  }

  func testCommandsThatDoSomethingAreHandedOn() {
    for name in CommandName.allCases where name != .version && name != .kinds {
      let positional = CommandDefinition.all.first { $0.name == name }?.positional
      let positionals = Array(
        repeating: "acme-dev", count: positional.map { max(1, $0.count.lowerBound) } ?? 0)
      guard case .command(let invocation) = program.start([name.rawValue] + positionals) else {
        XCTFail("\(name) should be handed on")
        continue
      }
      XCTAssertEqual(invocation.command, name)
    }
  }

  func testEveryCommandHasAHelpTextWithUsageOptionsAndExample() {
    XCTAssertEqual(CommandDefinition.all.map(\.name), CommandName.allCases)
    for command in CommandDefinition.all {
      let text = output(command.name.rawValue, "--help")
      for part in ["Usage: trueup \(command.name.rawValue)", "Options:", "Example:\n  trueup "]
        + command.options.map(\.listing)
      {
        XCTAssertTrue(text.contains(part), "the help of \(command.name) should say \(part)")
      }
      for line in text.split(separator: "\n") {
        XCTAssertLessThanOrEqual(line.count, 120, "too long for a terminal: \(line)")
        XCTAssertFalse(line.hasSuffix(" "), "trailing space: \(line)")
      }
      XCTAssertTrue(
        output("--help").contains("  \(command.name.rawValue) "),
        "the program's help should list \(command.name)")
    }
  }

  func testTheExamplesOfTheHelpTextsAreValid() throws {
    for command in CommandDefinition.all {
      let words = command.example.split(separator: " ").map(String.init)
      XCTAssertEqual(words.first, "trueup")
      guard case .run(let invocation) = try CommandLineParser().parse(Array(words.dropFirst()))
      else {
        XCTFail("the example of \(command.name) should run: \(command.example)")
        continue
      }
      XCTAssertEqual(invocation.command, command.name)
    }
  }
}
