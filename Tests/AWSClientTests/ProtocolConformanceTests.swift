import AWSClient
import Document
import Foundation
import XCTest

/// AWS's protocol tests, every case of the five protocols, read from `AWS_CONFORMANCE_DIR`.
final class ProtocolConformanceTests: XCTestCase {
  private static let files = [
    "ec2", "query", "json", "json_1_0", "rest-json", "rest-xml",
  ]

  /// Cases that we do not pass, and why that is right.
  private static let exceptions: [String: String] = {
    var exceptions = [
      "output/RestJsonDeserializesDenseSetMapAndSkipsNull":
        "botocore's models do not say which maps may hold nulls, and those of sparse maps count"
    ]
    let compressed = [
      "SDKAppliedContentEncoding_ec2Query",
      "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query",
      "SDKAppliedContentEncoding_awsQuery",
      "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery",
      "SDKAppliedContentEncoding_awsJson1_1",
      "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1",
      "SDKAppliedContentEncoding_awsJson1_0",
      "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0",
      "SDKAppliedContentEncoding_restJson1", "SDKAppendedGzipAfterProvidedEncoding_restJson1",
      "SDKAppliedContentEncoding_restXml", "SDKAppendedGzipAfterProvidedEncoding_restXml",
    ]
    for id in compressed {
      exceptions["input/\(id)"] =
        "request bodies are not compressed: the generator refuses operations that ask for it"
    }
    return exceptions
  }()

  func testEveryInputGivesTheRequestThatAWSExpects() throws {
    try run("input") { try self.problems(ofInput: $0) }
  }

  func testEveryReplyGivesTheOutputOrErrorThatAWSExpects() throws {
    try run("output") { self.problems(ofOutput: $0) }
  }

  private func run(_ kind: String, _ check: (ProtocolCase) throws -> [String]) throws {
    guard let directory = ProcessInfo.processInfo.environment["AWS_CONFORMANCE_DIR"] else {
      throw XCTSkip(
        "AWS_CONFORMANCE_DIR is not set, so AWS's protocol tests were not run; point it at them")
    }
    for name in Self.files {
      let file = "\(kind)/\(name).json"
      let cases = try ProtocolCase.cases(of: file, in: directory)
      XCTAssertGreaterThan(cases.count, 20, "\(file) should hold dozens of cases")
      for test in cases {
        let problems = try check(test)
        if let reason = Self.exceptions["\(kind)/\(test.id)"] {
          XCTAssertFalse(
            problems.isEmpty,
            "\(test.id) of \(file) passes: take it from the exceptions (\(reason))")
        } else {
          XCTAssertTrue(
            problems.isEmpty, "\(test.id) of \(file): \(problems.joined(separator: "; "))")
        }
      }
    }
  }

  // MARK: Requests

  private func problems(ofInput test: ProtocolCase) throws -> [String] {
    let expected = test.source["serialized"] ?? [:]
    let endpoint = try XCTUnwrap(URL(string: test.endpoint))
    let target = RequestTarget(host: endpoint.host ?? "", basePath: endpoint.path)
    let request: HTTPRequest
    do throws(AWSError) {
      request = try test.model.request(
        test.operation, input: test.source["params"] ?? [:], target: target,
        idempotencyToken: { "00000000-0000-4000-8000-000000000000" })
    } catch {
      return ["no request, but \(error)"]
    }
    var problems = headerProblems(expected, request)
    func compare(_ what: String, _ expected: String?, _ actual: String) {
      if let expected, expected != actual {
        problems.append("\(what) is \(actual), not \(expected)")
      }
    }
    compare("the method", expected["method"]?.string, request.method)
    let uri = (expected["uri"]?.string ?? "/").split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    compare("the path", String(uri[0]), request.path)
    compare(
      "the query",
      WireComparison.pairs(uri.count > 1 ? String(uri[1]) : "").joined(separator: "&"),
      WireComparison.pairs(request.encodedQuery).joined(separator: "&"))
    compare(
      "the host", expected["host"]?.string.map { String($0.split(separator: "/")[0]) },
      request.host)
    if let body = expected["body"]?.string,
      !WireComparison.sameBody(Array(body.utf8), request.body, test.model.wireProtocol)
    {
      compare("the body", body, String(decoding: request.body, as: UTF8.self))
    }
    return problems
  }

  private func headerProblems(_ expected: Document, _ request: HTTPRequest) -> [String] {
    var problems: [String] = []
    func header(_ name: String) -> String? {
      request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
    for (name, value) in expected["headers"]?.object ?? [:] where header(name) != value.string {
      problems.append("\(name) is \(header(name) ?? "missing"), not \(value.string ?? "")")
    }
    for name in expected["forbidHeaders"]?.list ?? [] where header(name.string ?? "") != nil {
      problems.append("\(name.string ?? "") must not be there")
    }
    // Content-Length is libcurl's.
    for name in expected["requireHeaders"]?.list ?? [] where name != "Content-Length" {
      if header(name.string ?? "") == nil { problems.append("\(name.string ?? "") is missing") }
    }
    return problems
  }

  // MARK: Replies

  private func problems(ofOutput test: ProtocolCase) -> [String] {
    let source = test.source["response"] ?? [:]
    let headers = (source["headers"]?.object ?? [:]).map { name, value in
      HTTPRequest.Header(name, value.string ?? "")
    }
    let response = HTTPResponse(
      status: source["status_code"]?.integer ?? 200, headers: headers,
      body: Array((source["body"]?.string ?? "").utf8))
    switch test.model.reply(test.operation, response) {
    case .success(let output):
      guard let expected = test.source["result"] else { return ["gives an output, no error"] }
      if WireComparison.same(expected, output) { return [] }
      return ["gives \(output.json()), not \(expected.json())"]
    case .failure(.service(let error)):
      guard let code = test.source["errorCode"]?.string else { return ["gives \(error)"] }
      var problems: [String] = []
      if error.code != code { problems.append("the code is \(error.code), not \(code)") }
      if let message = test.source["errorMessage"]?.string, message != error.message {
        problems.append("the message is \(error.message), not \(message)")
      }
      for (name, value) in test.source["error"]?.object ?? [:]
      where !(error.details[name].map { WireComparison.same(value, $0) } ?? false) {
        problems.append("\(name) is \(error.details[name]?.json() ?? "missing")")
      }
      return problems
    case .failure(let error): return ["gives \(error)"]
    }
  }
}
