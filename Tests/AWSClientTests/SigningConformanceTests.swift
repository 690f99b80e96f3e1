import Foundation
import XCTest

@testable import AWSClient

/// AWS's Signature Version 4 test suite, read in place.
final class SigningConformanceTests: XCTestCase {
  func testEveryCaseOfTheSuiteSignsAsItSays() throws {
    guard let root = ProcessInfo.processInfo.environment["AWS_CONFORMANCE_DIR"] else {
      throw XCTSkip(
        "AWS_CONFORMANCE_DIR is not set: the Signature Version 4 suite was not run.")
    }
    let suite = URL(fileURLWithPath: root).appendingPathComponent("sigv4")
    let files = FileManager.default.enumerator(at: suite, includingPropertiesForKeys: nil)
    let requests = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "req" }
    XCTAssertGreaterThanOrEqual(requests.count, 30, "the suite is not complete at \(suite.path)")
    for file in requests { try check(file) }
  }

  private func check(_ file: URL) throws {
    let name = file.deletingPathExtension().lastPathComponent
    func text(_ kind: String) throws -> String {
      let url = file.deletingPathExtension().appendingPathExtension(kind)
      return try String(contentsOf: url, encoding: .utf8).replacingOccurrences(
        of: "\r\n", with: "\n")
    }
    let canonical = try text("creq")
    let request = try XCTUnwrap(Self.request(try text("req")), "\(name): the request is not read")
    // `post-sts-header-after` adds the token once it is signed: then the token is not signed.
    let token = canonical.split(separator: "\n")
      .first { $0.hasPrefix("x-amz-security-token:") }
      .map { String($0.dropFirst("x-amz-security-token:".count)) }
    let credentials = Credentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: token)
    let signed = SigV4Signer(region: "us-east-1", service: "service")
      .steps(request, credentials: credentials, date: 1_440_938_160)
    XCTAssertEqual(signed.canonicalRequest, canonical, "\(name): the canonical request differs")
    XCTAssertEqual(signed.stringToSign, try text("sts"), "\(name): the string to sign differs")
    XCTAssertEqual(signed.authorization, try text("authz"), "\(name): the authorization differs")
    XCTAssertEqual(
      signed.request.header("authorization"), signed.authorization,
      "\(name): the signed request carries the authorization")
  }

  private static func request(_ text: String) -> HTTPRequest? {
    let parts = text.components(separatedBy: "\n\n")
    var lines = (parts.first ?? "").split(separator: "\n").map(String.init)
    guard !lines.isEmpty else { return nil }
    let first = lines.removeFirst()
    guard let space = first.firstIndex(of: " "), first.hasSuffix(" HTTP/1.1") else { return nil }
    let target = first[first.index(after: space)...].dropLast(" HTTP/1.1".count)
    let pieces = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var headers: [HTTPRequest.Header] = []
    for line in lines {
      if line.hasPrefix(" "), let last = headers.indices.last {
        headers[last].value += "\n" + line
      } else if let colon = line.firstIndex(of: ":") {
        headers.append(.init(String(line[..<colon]), String(line[line.index(after: colon)...])))
      }
    }
    let query = pieces.count < 2 ? [] : pieces[1].split(separator: "&").map(item)
    let host = headers.first { $0.name == "Host" }?.value ?? ""
    return HTTPRequest(
      method: String(first[..<space]), host: host, path: String(pieces[0]), query: query,
      headers: headers, body: Array((parts.count > 1 ? parts[1] : "").utf8))
  }

  private static func item(_ text: Substring) -> HTTPRequest.QueryItem {
    let pair = text.split(separator: "=", maxSplits: 1).map {
      $0.removingPercentEncoding ?? String($0)
    }
    return .init(pair.first ?? "", pair.count > 1 ? pair[1] : nil)
  }
}

extension HTTPRequest {
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
