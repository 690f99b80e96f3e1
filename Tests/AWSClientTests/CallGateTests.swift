import Document
import XCTest

@testable import AWSClient

/// What a call tells its caller: that it waits, and that it is about to leave.
final class CallGateTests: XCTestCase {
  private final class Gate: CallGate {
    let told = Locked<[String]>([])
    /// How often it is asked whether the call is still wanted until it is not.
    let patience: Locked<Int>
    let leaves: Bool

    init(patience: Int = .max, leaves: Bool = true) {
      self.patience = Locked(patience)
      self.leaves = leaves
    }

    var isWanted: Bool {
      patience.access { patience in
        patience -= 1
        return patience >= 0
      }
    }

    func pause() async { told.access { $0.append("pause") } }
    func resume() async { told.access { $0.append("resume") } }

    func mayLeave() -> Bool {
      told.access { $0.append("leave") }
      return leaves
    }
  }

  private static let zones = "<ListHostedZonesResponse><HostedZones/></ListHostedZonesResponse>"

  private func list(_ test: ClientInTest, _ gate: Gate) async -> AWSError? {
    do throws(AWSError) {
      _ = try await test.client.send(
        "route53", "ListHostedZones", [:], region: "us-east-1", gate: gate)
      return nil
    } catch {
      return error
    }
  }

  func testACallThatGoesAtOnceDoesNotPause() async throws {
    let gate = Gate()
    let failure = await list(try ClientInTest([.reply(200, Self.zones)]), gate)
    XCTAssertNil(failure)
    XCTAssertEqual(gate.told.access { $0 }, ["leave"])
  }

  func testACallPausesUntilItsTurnAndBeforeItIsRepeated() async throws {
    let throttled =
      "<ErrorResponse><Error><Code>Throttling</Code><Message>m</Message></Error></ErrorResponse>"
    let test = try ClientInTest(
      [.reply(400, throttled)] + Array(repeating: .reply(200, Self.zones), count: 5))
    let repeated = Gate()
    let first = await list(test, repeated)
    XCTAssertNil(first)
    XCTAssertEqual(repeated.told.access { $0 }.prefix(4), ["leave", "pause", "resume", "leave"])
    var last = Gate()
    for _ in 0..<4 {
      last = Gate()
      _ = await list(test, last)
    }
    XCTAssertEqual(
      last.told.access { $0 }, ["pause", "resume", "leave"], "the bucket of five a second is empty")
  }

  func testACallThatIsNotWantedAnyMoreIsNotSent() async throws {
    let test = try ClientInTest(Array(repeating: .reply(200, Self.zones), count: 4))
    for _ in 0..<4 { _ = await list(test, Gate()) }
    for gate in [Gate(patience: 0), Gate(leaves: false)] {
      let failure = await list(test, gate)
      XCTAssertEqual(failure, .cancelled)
      XCTAssertEqual(gate.told.access { $0.filter { $0 == "pause" }.count }, 1)
      XCTAssertEqual(gate.told.access { $0.filter { $0 == "resume" }.count }, 1)
    }
    XCTAssertEqual(test.transport.sent.count, 4)
  }
}
