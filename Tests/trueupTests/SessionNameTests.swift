import Engine
import XCTest

@testable import trueup

final class SessionNameTests: XCTestCase {
  func testSessionsAreNamedAsSTSTakesThem() {
    let long = String(repeating: "x", count: 64)
    let cases: [(project: String?, client: String?, expected: String, reason: String)] = [
      (nil, nil, "trueup", "facts that are asked before the project is known"),
      ("shop", nil, "trueup-shop", "what is read for all"),
      ("shop", "acme", "trueup-shop-acme", "the changes of one client"),
      (long, "acme", "trueup-acme", "the client is what matters"),
      ("shop", long, "trueup-" + String(long.prefix(57)), "cut to 64 characters"),
      (long, nil, "trueup-" + String(long.prefix(57)), "cut to 64 characters"),
    ]
    for (project, client, expected, reason) in cases {
      let name = AWSCloud.sessionName(project: project, client: client)
      XCTAssertEqual(name, expected, reason)
      XCTAssertLessThanOrEqual(name.count, 64, reason)
    }
  }
}
