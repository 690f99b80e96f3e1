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
}
