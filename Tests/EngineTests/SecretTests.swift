import Document
import Foundation
import Journal
import TrueupCore
import XCTest

@testable import Engine

final class SecretTests: XCTestCase {
  private static let canary = "canary-7f3a"
  private static func token(_ stack: String = "acme-prod") -> Value {
    .secret(SecretReference(stack: stack, parameter: "Token"))
  }

  private func desired(note: String) -> Desired {
    ToyFleet.acme(
      ToyFleet.host("Host", password: Self.token(), note: note),
      ToyFleet.host(
        "Joined", password: .call(.join, [.string(""), .list(of: [.string("p-"), Self.token()])])))
  }

  func testASecretReachesAWSAndNothingElse() async throws {
    let bench = try Bench()
    let environment = ["TOKEN": Self.canary]
    var told: [String] = []
    let first = try await bench.apply(
      desired(note: "a"), by: bench.engine(environment: environment))
    told.append("\(first)")
    let passwords = await bench.cloud.things.compactMap { $0.properties["Password"]?.string }
    XCTAssertEqual(passwords.sorted(), [Self.canary, "p-\(Self.canary)"].sorted())

    var faults = InMemoryCloud.Faults()
    faults.denied = ["ModifyHost"]
    faults.echoes = true
    await bench.cloud.set(faults)
    let changed = ["TOKEN": Self.canary + "-new"]
    let failing = try await bench.apply(
      desired(note: "b"), by: bench.engine(environment: changed))
    XCTAssertEqual(failing.plan.changes.map(\.outcome?.result), [.failed, .failed])
    told.append("\(failing)")
    let planned = try await bench.plan(
      desired(note: "b"), by: bench.engine(environment: changed))
    told.append("\(planned.plan.stacks)")
    told.append("\(bench.events.access { $0 })")
    told.append(try bench.journalText())
    for (place, text) in zip(["apply", "failure", "plan", "events", "journal"], told) {
      // A step of the plan holds what was observed, for the kinds alone; it is not told to anybody.
      let told = text.components(separatedBy: "steps: [").first ?? ""
      XCTAssertFalse(told.contains(Self.canary), "\(place) tells the secret")
    }
  }

  func testASecretTagThatIsNoLongerDesiredIsTakenOffAndNotTold() async throws {
    let bench = try Bench()
    var host = ToyFleet.host("Host")
    host.tags["Token"] = Self.token()
    let engine = try bench.engine(environment: ["TOKEN": Self.canary])
    try await bench.apply(ToyFleet.acme(host), by: engine)
    let planned = try await bench.plan(ToyFleet.acme(host), by: engine)
    XCTAssertEqual(planned.lines, [], "an unchanged secret is in sync")
    host.tags["Token"] = nil
    let removal = try await bench.apply(ToyFleet.acme(host), by: engine)
    XCTAssertEqual(
      removal.plan.changes.flatMap(\.differences),
      [
        Difference(
          path: "/Tags/Token", desired: nil, observed: .secret(nil),
          lastApplied: .secret(nil), effect: .update, cause: .pending)
      ])
    let tags = await bench.cloud.things.map(\.tags["Token"])
    XCTAssertEqual(tags, [nil])
    let journal = try bench.journalText()
    XCTAssertFalse(journal.contains(Self.canary), "the journal tells it")
  }

  func testAGeneratedSecretIsMadeOnceAndThenLeftAlone() async throws {
    let bench = try Bench()
    var desired = ToyFleet.acme(ToyFleet.host("Host", password: Self.token()))
    desired.stacks[0].secretSources = ["Token": .generate(length: 24)]
    _ = try await bench.apply(desired)
    let made = await bench.cloud.things.compactMap { $0.properties["Password"]?.string }
    XCTAssertEqual(made.map(\.count), [24])
    let planned = try await bench.plan(desired)
    XCTAssertEqual(planned.lines, [], "what exists is not generated anew")
    let journal = try bench.journalText()
    XCTAssertFalse(journal.contains(made.first ?? "nothing was made"), "the journal tells it")
  }

  func testAMissingSourceFailsTheStackThatHasToWriteItBeforeAnythingOfItIsDone() async throws {
    let bench = try Bench()
    let fleet = ToyFleet.desired(
      ToyFleet.stack(
        "acme", [ToyFleet.host("Secret", password: Self.token()), ToyFleet.host("Plain")]),
      ToyFleet.stack("beta", [ToyFleet.host("Plain")]))
    let report = try await bench.apply(fleet)
    XCTAssertEqual(report.lines, ["create beta-prod/Plain new succeeded"])
    XCTAssertEqual(
      report.plan.stacks.map(\.error),
      [
        "Secret needs the parameter Token: the environment variable TOKEN is not set here, or empty",
        nil,
      ])
    let inventory = await bench.inventory()
    XCTAssertEqual(inventory, ["Plain"], "nothing was sent for the stack")
  }

  func testAChangeThatDoesNotTouchTheSecretNeedsNoSource() async throws {
    let bench = try Bench()
    try await bench.apply(
      desired(note: "a"), by: bench.engine(environment: ["TOKEN": Self.canary]))
    let report = try await bench.apply(desired(note: "b"))
    XCTAssertEqual(report.lines, ["update acme-prod/Host pending succeeded"])
    let passwords = await bench.cloud.things.compactMap { $0.properties["Password"]?.string }
    XCTAssertEqual(passwords.sorted(), [Self.canary, "p-\(Self.canary)"].sorted())
  }

  func testSourcesOfSecrets() throws {
    let directory = NSTemporaryDirectory() + "secrets-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { XCTAssertNoThrow(try FileManager.default.removeItem(atPath: directory)) }
    try "from a file\n".write(
      toFile: directory + "/token", atomically: true, encoding: .utf8)
    var stack = ToyFleet.stack("acme", [])
    stack.manifest.file = directory + "/acme-prod.jsonc"
    stack.secretSources = [
      "A": .environment(variable: "A"), "B": .file(path: "token"),
      "C": .file(path: directory + "/token"), "D": .file(path: "absent"),
      "E": .environment(variable: "absent"), "F": .generate(length: 20),
    ]
    let values = SecretValues(ToyFleet.desired(stack), environment: ["A": "from A"])
    func value(_ name: String) -> String? {
      values.value(of: SecretReference(stack: "acme-prod", parameter: name))
    }
    XCTAssertEqual(value("A"), "from A")
    XCTAssertEqual(value("B"), "from a file", "relative to the manifest, without the last newline")
    XCTAssertEqual(value("C"), "from a file")
    for name in ["D", "E", "F", "G"] { XCTAssertNil(value(name), name) }
  }
}
