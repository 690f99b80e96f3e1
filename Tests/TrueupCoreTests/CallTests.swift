import Document
import TrueupCore
import XCTest

final class CallTests: XCTestCase {
  func testAMistakeInAPolicyIsNotWaitedOut() {
    let call = Call(
      "iam", "CreateRole", [:], transientCodes: ["MalformedPolicyDocument", "NoSuchEntity"])
    func isTransient(_ code: String?, _ message: String) -> Bool {
      call.isTransient(
        CallFailure(
          reason: .refused, service: "iam", operation: "CreateRole", code: code, message: message))
    }
    XCTAssertTrue(isTransient("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\""))
    XCTAssertFalse(isTransient("MalformedPolicyDocument", "Syntax errors in policy."))
    XCTAssertTrue(isTransient("NoSuchEntity", "whatever"))
    XCTAssertFalse(isTransient("LimitExceeded", "principal"))
    XCTAssertFalse(isTransient(nil, "principal"))
  }

  func testAReadIsOneWhetherOrNotItIsEssential() {
    let call = Call("route53", "ListHostedZones", [:])
    let read = Read(call, pageSize: 100)
    var replies = Replies()
    replies[read] = .absent
    XCTAssertEqual(replies[Read(call, pageSize: 100, isEssential: true)], .absent)
    XCTAssertEqual(Set([read, Read(call, pageSize: 100, isEssential: true)]).count, 1)
    XCTAssertNotEqual(read, Read(call, pageSize: 50))
  }

  func testACallThatTakesOneIdAsksForAllByNamingNone() {
    let batch = CallBatch("Groups", by: "GroupId", marker: "Marker")
    let call = Call("elasticache", "DescribeGroups", ["GroupId": "a"], batch: batch)
    XCTAssertEqual(batch.ids(of: call), ["a"])
    XCTAssertEqual(batch.call(call, for: ["a", "b"]).input, [:])
    let all: Document = ["Groups": [["GroupId": "a"], ["GroupId": "c"]], "Marker": "more"]
    XCTAssertEqual(
      batch.part(of: .success(all), for: ["a"]),
      .success(["Groups": [["GroupId": "a"]], "Marker": "more"]))
    XCTAssertNil(
      batch.part(of: .success(all), for: ["b"]), "it may stand on the next page")
    XCTAssertEqual(
      batch.part(of: .success(all.setting("Marker", nil)), for: ["b"]), .success(["Groups": []]))
  }

  func testACodeThatSaysTooLittlePassesByItsMessage() {
    let call = Call(
      "ecs", "CreateService", [:], transientCodes: ["Busy"],
      transientMessages: ["InvalidParameterException": ["still Draining", "assume"]])
    func isTransient(_ code: String, _ message: String) -> Bool {
      call.isTransient(
        CallFailure(
          reason: .refused, service: "ecs", operation: "CreateService", code: code,
          message: message))
    }
    XCTAssertTrue(isTransient("InvalidParameterException", "a service that is still Draining."))
    XCTAssertFalse(isTransient("InvalidParameterException", "no such family"))
    XCTAssertFalse(isTransient("ClientException", "still Draining"))
    XCTAssertTrue(isTransient("Busy", "whatever"))
  }
}
