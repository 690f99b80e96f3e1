import Document
import XCTest

@testable import AWSClient

final class ProtocolWireTests: XCTestCase {
  func testTimestampsAreWrittenInEachFormat() {
    let cases: [(Double, String, String)] = [
      (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_576_540_098, "2019-12-16T23:48:18Z", "Mon, 16 Dec 2019 23:48:18 GMT"),
      (951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
      (-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
      (1.5, "1970-01-01T00:00:01.500Z", "Thu, 01 Jan 1970 00:00:01 GMT"),
    ]
    for (seconds, iso8601, rfc822) in cases {
      XCTAssertEqual(WireTimestamp.text(seconds, format: .iso8601), iso8601)
      XCTAssertEqual(WireTimestamp.text(seconds, format: .rfc822), rfc822)
      XCTAssertEqual(WireTimestamp.parse(iso8601), seconds, "\(iso8601) read back")
      XCTAssertEqual(
        WireTimestamp.parse(rfc822), seconds.rounded(.down), "\(rfc822) read back")
    }
  }

  func testTextThatIsNoTimestampIsRefused() {
    for text in [
      "", "tomorrow", "2020-13-01T00:00:00Z", "2020-01-01", "T", "nan", "Mon, x",
      "999999999999999999-01-01T00:00:00Z", "Mon, 01 Jan 99999999999 00:00:00 GMT",
    ] {
      XCTAssertNil(WireTimestamp.parse(text), "'\(text)' is no timestamp")
    }
    XCTAssertNil(WireTimestamp.seconds(1e300), "no format can write the year")
    XCTAssertEqual(WireTimestamp.parse("2019-12-16T22:48:18-01:00"), 1_576_540_098)
    XCTAssertEqual(WireTimestamp.parse("2019-12-17T00:48:18+0100"), 1_576_540_098)
  }

  func testEveryDayOfFourCenturiesIsWrittenAndReadBack() {
    for day in stride(from: -150_000, to: 150_000, by: 37) {
      let seconds = Double(day * 86_400)
      let text = WireTimestamp.text(seconds, format: .iso8601)
      XCTAssertEqual(WireTimestamp.parse(text), seconds, "day \(day) is written \(text)")
    }
  }

  func testChecksumsAreThoseOfTheirDefinitions() {
    // The check value of CRC-32 (ISO 3309), and RFC 1321's test suite.
    XCTAssertEqual(CRC32.checksum(Array("123456789".utf8)), 0xCBF4_3926)
    let digests = [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ]
    for (text, digest) in digests {
      let hex = MD5.digest(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      XCTAssertEqual(hex.joined(), digest, "MD5 of '\(text)'")
    }
  }

  func testAChecksumAlgorithmThatIsNotComputedIsRefused() throws {
    let model = try ServiceModel.embedded("s3")
    let input: Document = [
      "Bucket": "bucket", "Tagging": ["TagSet": []], "ChecksumAlgorithm": "SHA256",
    ]
    XCTAssertThrowsError(
      try model.request(
        model.operation("PutBucketTagging"), input: input, target: .init(host: "s3.example.com"),
        idempotencyToken: { "" }), "only CRC32 is computed")
  }

  func testAHostPrefixIsPutBeforeTheHostUnlessTheEndpointIsCustom() throws {
    let model = try ServiceModel(
      name: "toy",
      document: [
        "metadata": ["protocol": "rest-json"],
        "operations": [
          "Go": [
            "http": ["method": "GET", "requestUri": "/go"], "input": ["shape": "In"],
            "endpoint": ["hostPrefix": "{Account}."],
          ]
        ],
        "shapes": [
          "In": ["type": "structure", "members": [["name": "Account", "shape": "S"]]],
          "S": ["type": "string"],
        ],
      ])
    func host(_ account: Document, usesHostPrefix: Bool = true) throws -> String {
      try model.request(
        model.operation("Go"), input: ["Account": account],
        target: .init(host: "toy.example.com", usesHostPrefix: usesHostPrefix),
        idempotencyToken: { "" }
      ).host
    }
    XCTAssertEqual(try host("1234"), "1234.toy.example.com")
    XCTAssertEqual(try host("1234", usesHostPrefix: false), "toy.example.com")
    XCTAssertThrowsError(try host("evil.example.net/"), "a label must not leave the host")
  }
}
