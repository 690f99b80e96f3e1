import XCTest

@testable import AWSClient

final class SigningTimestampTests: XCTestCase {
  func testTimestampsGoOverTheWireInUTC() {
    let table: [(Double, String)] = [
      (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"),
      (951_782_399.9, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
      (4_107_542_400, "21000301T000000Z"),
    ]
    for (date, text) in table {
      XCTAssertEqual(
        SigV4Signer.timestamp(date), text, "\(date) s after 1970 is \(text) in a signature")
    }
  }
}
