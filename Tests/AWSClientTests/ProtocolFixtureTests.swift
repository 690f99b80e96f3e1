import Document
import Foundation
import XCTest

@testable import AWSClient

/// How we speak with real services beside how botocore does, which `Scripts/contracts/fixtures.py`
/// records: every selected operation with every member of its input and output.
final class ProtocolFixtureTests: XCTestCase {
  func testRequestsAreWhatBotocoreSends() throws {
    let fixtures = try fixtures("requests.json")
    XCTAssertGreaterThan(fixtures.count, 200, "there should be hundreds of recorded requests")
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
      // The first label of a host may name a bucket or an account.
      let label = expected["host"]?.string.map { $0.split(separator: ".")[0] } ?? ""
      let isLabelled = ["Bucket", "AccountId"].contains { name in
        fixture["input"]?[name]?.string == String(label) && endpoint == nil
      }
      XCTAssertEqual(request.host, isLabelled ? "\(label).\(host)" : host, "the host of \(place)")
      compareBodies(request, expected, model, place)
    }
  }

  func testRepliesAreReadAsBotocoreReadsThem() throws {
    let fixtures = try fixtures("replies.json")
    XCTAssertGreaterThan(fixtures.count, 80, "there should be dozens of recorded replies")
    for fixture in fixtures {
      let model = try ServiceModel.embedded(try XCTUnwrap(fixture["service"]?.string))
      let operation = try model.operation(try XCTUnwrap(fixture["operation"]?.string))
      let headers = (fixture["headers"]?.object ?? [:]).map { name, value in
        HTTPRequest.Header(name, value.string ?? "")
      }
      let response = HTTPResponse(
        status: 200, headers: headers, body: Array((fixture["body"]?.string ?? "").utf8))
      let output = try model.reply(operation, response).get()
      let expected = fixture["output"] ?? .null
      XCTAssertTrue(
        WireComparison.same(expected, output),
        "\(operation.name) gives \(output.json()), not \(expected.json())")
    }
  }

  private func fixtures(_ name: String) throws -> [Document] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)")
    return try JSON.read(Array(Data(contentsOf: file))).list ?? []
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
    // A list in a header may have a space after its commas (RFC 9110, section 5.6.1), as ours has.
    ours = ours.mapValues { $0.replacingOccurrences(of: ", ", with: ",") }
    theirs = theirs.mapValues { $0.replacingOccurrences(of: ", ", with: ",") }
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
