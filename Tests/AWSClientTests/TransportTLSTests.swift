import Foundation
import XCTest

@testable import AWSClient

/// Against `openssl s_server` with a certificate made for the test.
final class TransportTLSTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    addTeardownBlock { [folder] in try FileManager.default.removeItem(at: folder) }
  }

  private func openssl(_ arguments: [String], output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = Pipe()
    try process.run()
    return process
  }

  /// The port of a server whose certificate is for `localhost`.
  private func serve() throws -> Int {
    let request = try openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
      "subjectAltName=DNS:localhost",
    ])
    request.waitUntilExit()
    XCTAssertEqual(request.terminationStatus, 0, "openssl makes a certificate")
    let pipe = Pipe()
    let server = try openssl(
      ["s_server", "-accept", "0", "-cert", "cert.pem", "-key", "key.pem", "-www"], output: pipe)
    addTeardownBlock {
      // A child of one of Swift's worker threads inherits their mask, which blocks SIGTERM.
      kill(server.processIdentifier, SIGKILL)
      server.waitUntilExit()
    }
    // It prints `ACCEPT [::]:40123`.
    var said = ""
    while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
      let piece = pipe.fileHandleForReading.availableData
      if piece.isEmpty { break }
      said += String(decoding: piece, as: UTF8.self)
    }
    let line = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
    return try XCTUnwrap(
      line?.split(separator: ":").last.flatMap { Int($0) }, "s_server says its port: \(said)")
  }

  func testCertificatesAreVerified() async throws {
    let port = try serve()
    let request = HTTPRequest(method: "GET", host: "localhost:\(port)")
    let bundle = folder.appendingPathComponent("cert.pem").path

    let distrusted = await failure(CurlTransport(), request)
    XCTAssertEqual(distrusted?.reason, .tls, "a certificate that nobody vouches for is refused")
    XCTAssertEqual(distrusted?.requestMayHaveBeenSent, false, "nothing is sent to it")

    let trusting = CurlTransport(certificateAuthorities: bundle)
    let reply = try await trusting.send(request)
    XCTAssertEqual(reply.status, 200, "a bundle of our own vouches for it")

    var elsewhere = request
    elsewhere.host = "127.0.0.1:\(port)"
    let misnamed = await failure(trusting, elsewhere)
    XCTAssertEqual(misnamed?.reason, .tls, "a certificate for another name is refused")
  }
}
