import DesiredState
import Engine
import TrueupCore
import XCTest

@testable import trueup

final class AdoptArgumentsTests: XCTestCase {
  private func pair(_ stack: String, _ resource: String, _ id: String? = nil) -> Adoption.Pair {
    Adoption.Pair(address: Address(stack: stack, resource: resource), id: id)
  }

  func testAddressesIDsAndStacksAreToldApart() throws {
    let cases: [(words: String, arguments: AdoptArguments)] = [
      ("acme-prod", .stacks(["acme-prod"])),
      ("acme-prod beta-dev", .stacks(["acme-prod", "beta-dev"])),
      ("acme-prod/Vpc", .resources([pair("acme-prod", "Vpc")])),
      ("acme-prod/Vpc vpc-1", .resources([pair("acme-prod", "Vpc", "vpc-1")])),
      (
        "acme-prod/Vpc vpc-1 acme-prod/Logs beta-dev/Vpc vpc-2",
        .resources([
          pair("acme-prod", "Vpc", "vpc-1"), pair("acme-prod", "Logs"),
          pair("beta-dev", "Vpc", "vpc-2"),
        ])
      ),
      (
        "acme-prod/Logs /aws/lambda/x acme-prod/Role arn:aws:iam::1:role/a-b/c",
        .resources([
          pair("acme-prod", "Logs", "/aws/lambda/x"),
          pair("acme-prod", "Role", "arn:aws:iam::1:role/a-b/c"),
        ])
      ),
      (
        "acme-prod/Repository=team-a/web acme-prod/It a=b",
        .resources([pair("acme-prod", "Repository", "team-a/web"), pair("acme-prod", "It", "a=b")])
      ),
      ("acme-prod/Cluster acme-prod", .resources([pair("acme-prod", "Cluster", "acme-prod")])),
    ]
    for (words, arguments) in cases {
      XCTAssertEqual(
        try AdoptArguments(words.split(separator: " ").map(String.init)), arguments, words)
    }
  }

  func testWhatIsNoAddressIsNamed() {
    for words in [
      ["acme-prod", "acme-prod/Vpc"], ["acme-prod/Vpc", "vpc-1", "vpc-2"], ["/Vpc"],
      ["acme-prod/"], ["acme-prod/Vpc/x"], ["x=y"],
    ] {
      XCTAssertThrowsError(try AdoptArguments(words), "\(words)") { error in
        XCTAssertEqual(
          (error as? EarlyEnd)?.message.hasSuffix(
            "is not an address: STACK/RESOURCE, such as acme-prod/Vpc"), true, "\(error)")
      }
    }
  }

  func testOptionsReachTheEngine() throws {
    let runner = CommandRunner(terminal: Terminal(environment: [:]), environment: [:])
    let state = LoadedState(
      desired: Desired(project: "p", accounts: [], stacks: []), revision: "abc", isDirty: false,
      warnings: [])
    for name in ["plan", "apply", "reconcile", "adopt acme-prod"] {
      for option in [nil, "--allow-orphans"] {
        let words = name.split(separator: " ").map(String.init) + [option].compactMap(\.self)
        guard case .run(let invocation) = try CommandLineParser().parse(words) else {
          return XCTFail("\(words)")
        }
        let request = try runner.request(
          .apply, invocation: invocation, state: state, selected: nil)
        XCTAssertEqual(request.allowsOrphans, option != nil, "\(words)")
        XCTAssertEqual(request.takesOver, [], "\(words)")
      }
    }
    XCTAssertThrowsError(
      try CommandLineParser().parse(["destroy", "acme-prod", "--allow-orphans"]))
    XCTAssertThrowsError(
      try CommandLineParser().parse(["adopt", "acme-prod", "--allow-dirty"]),
      "a work tree with changes has no revision to write")
  }
}
