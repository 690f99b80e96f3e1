import Foundation
import XCTest

@testable import AWSClient

/// How sending fails; a reply is a failure of the test.
func failure(
  _ transport: CurlTransport, _ request: HTTPRequest, file: StaticString = #filePath,
  line: UInt = #line
) async -> TransportError? {
  do throws(TransportError) {
    let reply = try await transport.send(request)
    XCTFail("expected a transport error, got status \(reply.status)", file: file, line: line)
    return nil
  } catch {
    return error
  }
}

final class TransportTests: XCTestCase {
  private func serve(
    _ answer: @escaping @Sendable (TransportServer.Request, Int) -> TransportServer.Answer
  ) throws -> TransportServer {
    let server = try TransportServer(answer)
    addTeardownBlock { server.stop() }
    return server
  }

  private func get(_ server: TransportServer, _ path: String = "/") -> HTTPRequest {
    HTTPRequest(method: "GET", scheme: "http", host: server.host, path: path)
  }

  private func post(_ server: TransportServer, _ body: [UInt8] = Array("x".utf8)) -> HTTPRequest {
    HTTPRequest(method: "POST", scheme: "http", host: server.host, body: body)
  }

  func testConnectionsAreReused() async throws {
    let server = try serve { _, _ in .bytes(TransportServer.reply(Array("ok".utf8))) }
    let transport = CurlTransport()
    for _ in 0..<10 {
      let reply = try await transport.send(get(server))
      XCTAssertEqual(reply.body, Array("ok".utf8), "each reply is complete")
    }
    XCTAssertEqual(server.connections, 1, "ten requests in turn share one connection")
  }

  func testAHundredAtOnceStayWithinTheLimit() async throws {
    let server = try serve { request, _ in
      .delayed(milliseconds: 5, TransportServer.reply(Array(request.line.utf8)))
    }
    let transport = CurlTransport(limits: TransportLimits(connections: 8))
    let replies = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for number in 0..<100 {
        let request = get(server, "/\(number)")
        group.addTask { (number, try await transport.send(request).body) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    XCTAssertEqual(replies.count, 100, "each request has a reply")
    for (number, body) in replies {
      XCTAssertEqual(
        String(decoding: body, as: UTF8.self), "GET /\(number) HTTP/1.1",
        "each reply belongs to its request")
    }
    XCTAssertLessThanOrEqual(server.connections, 8, "no more connections than allowed")
  }

  func testTheRequestGoesOverTheWireAsItIs() async throws {
    let server = try serve { _, _ in .bytes(TransportServer.reply([])) }
    let transport = CurlTransport()
    var request = post(server, [0, 1, 255, 0])
    request.path = "/a/../b/%2F//c"
    request.query = [.init("tagging", nil), .init("a b", "é&="), .init("e", "")]
    request.headers = [.init("X-One", "1"), .init("X-One", "2"), .init("X-Empty", "")]
    _ = try await transport.send(request)
    let seen = try XCTUnwrap(server.requests.first)
    XCTAssertEqual(
      seen.line, "POST /a/../b/%2F//c?tagging&a%20b=%C3%A9%26%3D&e= HTTP/1.1",
      "the path is not normalised, the query is encoded once")
    XCTAssertEqual(seen.body, [0, 1, 255, 0], "bytes of any value are sent")
    XCTAssertEqual(
      seen.headers,
      ["Host: \(server.host)", "X-One: 1", "X-One: 2", "X-Empty:", "Content-Length: 4"],
      "libcurl adds no header of its own taste")
  }

  func testMethodsWithoutABodySayThatItIsEmpty() async throws {
    let server = try serve { _, _ in .bytes(TransportServer.reply([])) }
    let transport = CurlTransport()
    for (method, length) in [("PUT", true), ("POST", true), ("DELETE", false), ("HEAD", false)] {
      _ = try await transport.send(
        HTTPRequest(method: method, scheme: "http", host: server.host))
      let seen = try XCTUnwrap(server.requests.last)
      XCTAssertEqual(seen.line, "\(method) / HTTP/1.1", "\(method) is sent as such")
      XCTAssertEqual(
        seen.headers.contains("Content-Length: 0"), length,
        "\(method) without a body \(length ? "has" : "has no") Content-Length")
    }
  }

  func testRepeatedFoldedAndInterimHeadersAreRead() async throws {
    let server = try serve { _, _ in
      .bytes(
        Array("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n".utf8)
          + TransportServer.reply(
            [], status: "204 No Content",
            headers: ["X-Twice: a", "X-Twice: b", "X-Folded: one\r\n  two", "X-Colon: a:b"]))
    }
    let reply = try await CurlTransport().send(get(server))
    XCTAssertEqual(reply.status, 204)
    XCTAssertEqual(
      reply.headers.filter { $0.name == "X-Twice" }.map(\.value), ["a", "b"],
      "a repeated header keeps its values and their order")
    XCTAssertEqual(reply.header("x-folded"), "one two", "a folded header is one value")
    XCTAssertEqual(reply.header("x-colon"), "a:b", "a value may hold colons")
    XCTAssertNil(reply.header("X-Interim"), "headers of an interim reply are not the reply's")
  }

  func testALargeBinaryBodyArrivesWhole() async throws {
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let server = try serve { request, _ in .bytes(TransportServer.reply(request.body)) }
    let reply = try await CurlTransport().send(post(server, body))
    XCTAssertEqual(reply.body, body, "what is sent comes back")
  }

  func testATooLargeReplyIsRefused() async throws {
    let server = try serve { _, _ in
      .bytes(TransportServer.reply([UInt8](repeating: 1, count: 5000)))
    }
    let transport = CurlTransport(limits: TransportLimits(replyBytes: 4999))
    let error = await failure(transport, get(server))
    XCTAssertEqual(error?.reason, .replyTooLarge, "the limit holds")
    XCTAssertEqual(error?.requestMayHaveBeenSent, true, "the request was sent all the same")
  }

  func testAnErrorStatusOrARedirectIsAReply() async throws {
    let server = try serve { _, _ in
      .bytes(
        TransportServer.reply(
          [], status: "301 Moved Permanently", headers: ["Location: http://127.0.0.1:1/"]))
    }
    let reply = try await CurlTransport().send(get(server))
    XCTAssertEqual(reply.status, 301, "redirects are not followed")
  }

  func testARefusedConnectionWasNotSent() async throws {
    let server = try serve { _, _ in .never }
    let request = get(server)
    server.stop()
    let error = await failure(CurlTransport(), request)
    XCTAssertEqual(error?.reason, .couldNotConnect)
    XCTAssertEqual(error?.requestMayHaveBeenSent, false, "nothing can have reached the endpoint")
    XCTAssertEqual(error?.endpoint, "http://\(server.host)", "the error names the endpoint")
  }

  func testAnUnknownHostWasNotSent() async throws {
    let request = HTTPRequest(method: "GET", scheme: "http", host: "no-such-host.invalid")
    let error = await failure(CurlTransport(), request)
    XCTAssertEqual(error?.reason, .couldNotResolveHost)
    XCTAssertEqual(error?.requestMayHaveBeenSent, false)
  }

  func testAServerThatNeverAnswersTimesOut() async throws {
    let server = try serve { _, _ in .never }
    let transport = CurlTransport(limits: TransportLimits(totalSeconds: 0.2))
    let start = Date()
    let error = await failure(transport, get(server))
    XCTAssertEqual(error?.reason, .timedOut)
    XCTAssertEqual(error?.requestMayHaveBeenSent, true, "the server may act upon it yet")
    XCTAssertLessThan(Date().timeIntervalSince(start), 5, "the timeout is kept")
  }

  func testWaitingForAConnectionDoesNotCountTowardsTheTimeout() async throws {
    let server = try serve { _, _ in .delayed(milliseconds: 200, TransportServer.reply([])) }
    let transport = CurlTransport(limits: TransportLimits(totalSeconds: 0.6, connections: 1))
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        let request = get(server)
        group.addTask { try await transport.send(request).status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    XCTAssertEqual(statuses, [200, 200, 200, 200, 200, 200], "each has its own 0.6 s")
  }

  func testATruncatedReplyIsALostConnection() async throws {
    let server = try serve { _, _ in
      .close(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
    }
    let error = await failure(CurlTransport(), get(server))
    XCTAssertEqual(error?.reason, .connectionLost, "half a reply is none")
    XCTAssertEqual(error?.requestMayHaveBeenSent, true)
  }

  func testARequestLostOnAKeptConnectionIsNotSentTwice() async throws {
    // libcurl would repeat it on a new connection.
    let server = try serve { _, number in
      number == 1 ? .bytes(TransportServer.reply([])) : .close([])
    }
    let transport = CurlTransport()
    _ = try await transport.send(post(server))
    let error = await failure(transport, post(server))
    XCTAssertEqual(error?.reason, .connectionLost)
    XCTAssertEqual(error?.requestMayHaveBeenSent, true, "the server had read the request")
    XCTAssertEqual(server.requests.count, 2, "the server sees the lost request once")
  }

  func testAKeptConnectionThatTheServerHasClosedIsNotUsed() async throws {
    let server = try serve { _, _ in .close(TransportServer.reply([])) }
    let transport = CurlTransport()
    for _ in 0..<5 {
      let reply = try await transport.send(post(server))
      XCTAssertEqual(reply.status, 200, "a new connection is made instead")
      try await Task.sleep(nanoseconds: 50_000_000)
    }
    XCTAssertEqual(server.connections, 5)
  }

  func testHeadersWithLineBreaksAreRefused() async throws {
    let server = try serve { _, _ in .bytes(TransportServer.reply([])) }
    var request = get(server)
    request.headers = [.init("X-A", "1\r\nX-B: 2")]
    let error = await failure(CurlTransport(), request)
    XCTAssertEqual(error?.reason, .other)
    XCTAssertEqual(error?.requestMayHaveBeenSent, false, "no header is smuggled in")
  }

  func testCancellingEndsTransfersPromptly() async throws {
    let server = try serve { _, _ in .never }
    let transport = CurlTransport(limits: TransportLimits(connections: 20))
    let request = get(server)
    let tasks = (0..<50).map { _ in
      Task { () async -> TransportError? in await failure(transport, request) }
    }
    while server.requests.count < 20 { try await Task.sleep(nanoseconds: 5_000_000) }
    let start = Date()
    for task in tasks { task.cancel() }
    var sent = 0
    for task in tasks {
      let error = await task.value
      XCTAssertEqual(error?.reason, .cancelled, "each transfer, running or waiting, is cancelled")
      sent += error?.requestMayHaveBeenSent == true ? 1 : 0
    }
    XCTAssertEqual(sent, 20, "those that were running may have been sent, those waiting were not")
    XCTAssertLessThan(Date().timeIntervalSince(start), 2, "cancellation does not wait for replies")
  }

  func testATaskCancelledBeforehandSendsNothingForLong() async throws {
    let server = try serve { _, _ in .never }
    let transport = CurlTransport()
    let request = get(server)
    let task = Task { () async -> TransportError? in
      while !Task.isCancelled { await Task.yield() }
      return await failure(transport, request)
    }
    task.cancel()
    let error = await task.value
    XCTAssertEqual(error?.reason, .cancelled)
  }

  func testShuttingDownEndsTransfersAndRefusesNewOnes() async throws {
    let server = try serve { _, _ in .never }
    let transport = CurlTransport()
    let request = get(server)
    let running = Task { () async -> TransportError? in await failure(transport, request) }
    while server.requests.isEmpty { try await Task.sleep(nanoseconds: 5_000_000) }
    transport.shutDown()
    let ended = await running.value
    XCTAssertEqual(ended?.reason, .shutDown, "a running transfer ends")
    XCTAssertEqual(ended?.requestMayHaveBeenSent, true)
    let refused = await failure(transport, request)
    XCTAssertEqual(refused?.reason, .shutDown, "a later one is refused")
    XCTAssertEqual(refused?.requestMayHaveBeenSent, false)
  }

  func testAnUnreadableCertificateBundleIsATLSError() async throws {
    let server = try serve { _, _ in .never }
    let transport = CurlTransport(certificateAuthorities: "/nonexistent/bundle.pem")
    var request = get(server)
    request.scheme = "https"
    let error = await failure(transport, request)
    XCTAssertEqual(error?.reason, .tls)
    XCTAssertEqual(error?.requestMayHaveBeenSent, false)
  }
}
