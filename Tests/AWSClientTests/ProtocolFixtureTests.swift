import Document
import Foundation
import XCTest

@testable import AWSClient

/// Our requests for real services beside those of botocore, which `Tests/contracts/fixtures.py`
/// records in `Fixtures/requests.json`.
final class ProtocolFixtureTests: XCTestCase {
  func testRequestsAreWhatBotocoreSends() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/requests.json")
    let fixtures = try JSON.read(Array(Data(contentsOf: file))).list ?? []
    XCTAssertGreaterThan(fixtures.count, 50, "there should be dozens of recorded requests")
    for fixture in fixtures {
      let service = try XCTUnwrap(fixture["service"]?.string)
      let name = try XCTUnwrap(fixture["operation"]?.string)
      let expected = try XCTUnwrap(fixture["request"])
      let model = try ServiceModel.embedded(service)
      let operation = try model.operation(name)
      let endpoint = fixture["endpoint"]?.string
      let host = endpoint.flatMap { URL(string: $0)?.host } ?? "\(service).example.com"
      let request = try model.request(
        operation, input: fixture["input"] ?? [:],
        target: .init(host: host, bucketAddressing: endpoint == nil ? .virtualHost : .path),
        idempotencyToken: { "00000000-0000-4000-8000-000000000000" })
      let place = "\(service):\(name) \(fixture["input"]?.json() ?? "") at \(endpoint ?? "AWS")"

      XCTAssertEqual(request.method, expected["method"]?.string, "the method of \(place)")
      XCTAssertEqual(request.path, expected["path"]?.string, "the path of \(place)")
      XCTAssertEqual(
        WireComparison.pairs(request.encodedQuery),
        WireComparison.pairs(expected["query"]?.string ?? ""), "the query of \(place)")
      let bucket = expected["host"]?.string.map { $0.split(separator: ".")[0] } ?? ""
      let isVirtual = service == "s3" && bucket != "s3" && endpoint == nil
      XCTAssertEqual(request.host, isVirtual ? "\(bucket).\(host)" : host, "the host of \(place)")
      compareBodies(request, expected, model, place)
    }
  }

  private func compareBodies(
    _ request: HTTPRequest, _ expected: Document, _ model: ServiceModel, _ place: String
  ) {
    let body = Array((expected["body"]?.string ?? "").utf8)
    XCTAssertTrue(
      WireComparison.sameBody(body, request.body, model.wireProtocol),
      "the body of \(place) is \(String(decoding: request.body, as: UTF8.self)), "
        + "not \(String(decoding: body, as: UTF8.self))")
    var ours: [String: String] = [:]
    for header in request.headers { ours[header.name.lowercased()] = header.value }
    var theirs = (expected["headers"]?.object ?? [:]).compactMapValues(\.string)
    // botocore sends no content type to S3, and names the encoding of forms.
    let type = theirs.removeValue(forKey: "content-type")?.split(separator: ";").first
    if let type { XCTAssertEqual(ours["content-type"], String(type), "the type of \(place)") }
    ours["content-type"] = nil
    // botocore writes <Prefix />, we <Prefix></Prefix>: each checksum is that of its own body.
    let checksum = "x-amz-checksum-crc32"
    XCTAssertEqual(ours[checksum] == nil, theirs[checksum] == nil, "the checksum of \(place)")
    if let value = theirs.removeValue(forKey: checksum) {
      XCTAssertEqual(value, base64CRC32(body), "the checksum that botocore sends for \(place)")
      XCTAssertEqual(ours[checksum], base64CRC32(request.body), "our checksum of \(place)")
      ours[checksum] = nil
    }
    XCTAssertEqual(ours, theirs, "the headers of \(place)")
  }

  private func base64CRC32(_ body: [UInt8]) -> String {
    let value = CRC32.checksum(body)
    return Base64.encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
  }
}
