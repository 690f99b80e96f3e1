import Foundation
import XCTest

@testable import AWSClient

/// Requests of the sort that AWS's suite lacks, against `Fixtures/signatures.json`, which
/// `Scripts/contracts/signatures.py` has botocore sign.
final class SigningBotocoreTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      var name: String
      var service: String
      var method: String
      var host: String
      var path: String
      var query: [[String]]
      var headers: [[String]]
      var body: String
      var sessionToken: String?
      var authorization: String
    }

    var date: Double
    var accessKeyID: String
    var secretAccessKey: String
    var region: String
    var cases: [Case]
  }

  func testEveryRequestSignsAsBotocoreSignsIt() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/signatures.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    XCTAssertFalse(fixture.cases.isEmpty, "the fixture holds no case")
    for one in fixture.cases {
      let request = HTTPRequest(
        method: one.method, host: one.host, path: one.path,
        query: one.query.map { .init($0[0], $0[1]) },
        headers: one.headers.map { .init($0[0], $0[1]) }, body: Array(one.body.utf8))
      let credentials = Credentials(
        accessKeyID: fixture.accessKeyID, secretAccessKey: fixture.secretAccessKey,
        sessionToken: one.sessionToken)
      let signer = SigV4Signer(
        region: fixture.region, service: one.service,
        options: one.service == "s3" ? .s3 : .standard)
      let signed = signer.steps(request, credentials: credentials, date: fixture.date)
      XCTAssertEqual(
        signed.authorization, one.authorization,
        "\(one.name) is signed otherwise than by botocore:\n\(signed.canonicalRequest)")
    }
  }

  func testASignedRequestCanBeSignedAgain() {
    let request = HTTPRequest(method: "GET", host: "h")
    let credentials = Credentials(
      accessKeyID: "A", secretAccessKey: "B", sessionToken: "C")
    let signer = SigV4Signer(region: "r", service: "s", options: .s3)
    let once = signer.sign(request, credentials: credentials, date: 1)
    XCTAssertEqual(
      signer.sign(once, credentials: credentials, date: 1), once,
      "a repeated request carries each header once")
  }
}
