import XCTest

@testable import trueup

final class CompletionScriptTests: XCTestCase {
  func testTheScriptsKnowEveryCommandAndEveryOption() {
    for shell in Shell.allCases {
      let script = shell.script(CommandDefinition.all, types: ["AWS::EC2::VPC"])
      XCTAssert(script.hasSuffix("\n"), "\(shell) should end in a line break")
      XCTAssert(script.contains("AWS::EC2::VPC"), "\(shell) should offer the types")
      for command in CommandDefinition.all {
        XCTAssert(script.contains(command.name.rawValue), "\(shell) should know \(command.name)")
        for option in command.options {
          let spelling = shell == .fish ? "-l \(option.name.dropFirst(2)) " : option.name
          XCTAssert(script.contains(spelling), "\(shell) should know \(option.name)")
        }
      }
    }
  }

  func testWhatAValueIsCompletedWithFollowsFromItsDefinition() {
    let options: [(OptionDefinition, CompletedValue)] = [
      (.desired, .directories), (.journal, .files), (.client, .clients),
      (.environment, .environments), (.limit, .nothing),
      (
        OptionDefinition(name: "--as", argument: .choice(["a", "b"]), help: ""), .words(["a", "b"])
      ),
      (.revision, .nothing), (.yes, .nothing),
    ]
    for (option, value) in options {
      XCTAssertEqual(CompletedValue(option), value, option.name)
    }
    let positionals: [(String, CompletedValue)] = [
      ("STACK", .stacks), ("RUN|STACK[/RESOURCE]", .stacks), ("bash|zsh", .words(["bash", "zsh"])),
      ("TYPE[.PROPERTY...]", .types), ("CLIENT", .clients), ("SNAPSHOT", .directories),
      ("NUMBER", .nothing),
    ]
    for (placeholder, value) in positionals {
      let positional = CommandDefinition.Positional(
        placeholder: placeholder, count: 0...1, help: "")
      XCTAssertEqual(CompletedValue(positional), value, placeholder)
    }
  }

  func testTextsThatShellsWouldReadOtherwiseAreQuoted() {
    let command = CommandDefinition(
      name: .plan, summary: "Show what isn't $(so)", discussion: "",
      options: [
        OptionDefinition(name: "--it", argument: .text("X"), help: "a [b]: it's `c`")
      ], example: "")
    let scripts: [(Shell, String)] = [
      (.zsh, #"'plan:Show what isn'\''t $(so)'"#), (.zsh, #"'--it=[a \[b\]\: it'\''s `c`]:X: '"#),
      (.fish, #"-d 'Show what isn\'t $(so)'"#), (.fish, #"-d 'a [b]: it\'s `c`'"#),
    ]
    for (shell, text) in scripts {
      XCTAssert(
        shell.script([command], types: []).contains(text), "\(shell) should quote: \(text)")
    }
  }
}
