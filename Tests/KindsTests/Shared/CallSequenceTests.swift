import Document
import TrueupCore
import XCTest

@testable import Kinds

final class CallSequenceTests: XCTestCase {
  private let first = Call("ec2", "CreateVpc", [:])
  private let second = Call("ec2", "ModifyVpcAttribute", [:])
  private let read = Call("ec2", "DescribeVpcs", [:])

  func testAsksForOneCallAtATimeAndEndsWithTheBodysWord() {
    func next(_ replies: [Reply]) -> Next {
      CallSequence.next(replies) { (calls) throws(CallSequence.Pause) in
        let id = try calls.make(first).output?["Id"]?.string ?? ""
        try calls.make(second)
        return .done(id: id, attributes: [:])
      }
    }
    XCTAssertEqual(next([]), .call(first))
    XCTAssertEqual(next([.success(["Id": "a"])]), .call(second))
    XCTAssertEqual(
      next([.success(["Id": "a"]), .absent]), .done(id: "a", attributes: [:]),
      "a call that found it done already counts as done")
  }

  func testWaitsUntilTheReadShowsWhatIsWaitedFor() {
    func next(_ states: [String]) -> Next {
      CallSequence.next(states.map { .success(["State": .string($0)]) }) {
        (calls) throws(CallSequence.Pause) in
        let shown = try calls.wait(read, every: 2, limit: 60, until: "it is there") {
          switch $0["State"]?.string {
          case "there": .ready
          case "broken": .failed("it broke")
          default: .waiting
          }
        }
        try calls.make(second)
        return .done(id: shown["State"]?.string ?? "", attributes: [:])
      }
    }
    let waiting = Next.wait(read, every: 2, limit: 60, until: "it is there")
    let cases: [(reason: String, states: [String], next: Next)] = [
      ("the first read is a call", [], .call(read)),
      ("a read that shows nothing yet is repeated", ["coming"], waiting),
      ("and again", ["coming", "coming"], waiting),
      ("then the body goes on", ["coming", "there"], .call(second)),
      ("with what the read showed", ["there", ""], .done(id: "there", attributes: [:])),
      ("what will not get better fails", ["coming", "broken"], .failed("it broke")),
    ]
    for (reason, states, expected) in cases { XCTAssertEqual(next(states), expected, reason) }
  }
}
