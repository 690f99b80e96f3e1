import Foundation

/// The test endpoint (`Scripts/endpoint/`), started once per test process, and an SDK client beside it
/// that plays everybody who changes AWS behind Trueup's back.
///
/// It ends with the test process, because it reads from a pipe of it.
final class Endpoint: Sendable {
  let port: Int
  private let process: Process
  private let requests: FileHandle
  private let replies: FileHandle
  private let lock = NSLock()

  private static let started = Result { try Endpoint() }

  /// The endpoint of this test process, emptied.
  static func emptied() throws -> Endpoint {
    let endpoint = try started.get()
    try endpoint.control("POST reset")
    return endpoint
  }

  var url: String { "http://127.0.0.1:\(port)" }

  private init() throws {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = try Paths.tool("python")
    process.arguments = [
      Paths.repository.appendingPathComponent("Scripts/endpoint/shell.py").path
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    self.process = process
    requests = input.fileHandleForWriting
    replies = output.fileHandleForReading
    let first = try Endpoint.line(from: output.fileHandleForReading)
    guard let port = try JSON(parsing: first)["port"].int else {
      throw HarnessError("the endpoint did not say its port: \(first)")
    }
    self.port = port
  }

  /// What an SDK client gets for an operation, all pages of it; operations are spelled as in boto3.
  ///
  /// - Parameter find: JMESPaths by name; then what they find is all that is returned, by name.
  @discardableResult
  func aws(
    _ service: String, _ operation: String, _ params: [String: Any] = [:],
    account: String = "123456789012", region: String = "us-east-1", find: [String: String] = [:]
  ) throws -> JSON {
    let reply = try ask([
      "service": service, "operation": operation, "params": params, "account": account,
      "region": region, "find": find,
    ])
    if let code = reply["error"].string {
      throw HarnessError("\(service) \(operation): \(code): \(reply["message"].string ?? "")")
    }
    return reply
  }

  /// Sets members of the endpoint's configuration (`control.py` names them).
  func configure(_ members: [String: Any]) throws {
    try control("POST config", members)
  }

  /// The calls of the program under test since the last `forgetCalls`, in order.
  func calls() throws -> [JSON] {
    try control("GET calls").array.filter { $0["accessKey"].string?.hasSuffix("HAND") == false }
  }

  func forgetCalls() throws {
    try control("DELETE calls")
  }

  /// What was wrong with the requests so far, as sentences.
  func violations() throws -> [String] {
    try control("GET violations").array.map {
      "\($0["call"].string ?? "?"): \($0["what"].string ?? "?")"
    }
  }

  @discardableResult
  func control(_ line: String, _ body: [String: Any] = [:]) throws -> JSON {
    let reply = try ask(["control": line, "body": line.hasPrefix("POST") ? body : NSNull()])
    if let error = reply["error"].string { throw HarnessError("\(line): \(error)") }
    return reply
  }

  private func ask(_ request: [String: Any]) throws -> JSON {
    lock.lock()
    defer { lock.unlock() }
    var line = try JSONSerialization.data(withJSONObject: request)
    line.append(0x0A)
    try requests.write(contentsOf: line)
    return try JSON(parsing: try Endpoint.line(from: replies))
  }

  private static func line(from handle: FileHandle) throws -> String {
    var line = Data()
    while line.last != 0x0A {
      let chunk = handle.availableData
      guard !chunk.isEmpty else {
        throw HarnessError("the endpoint ended; run `make setup` and look at its errors above")
      }
      line.append(chunk)
    }
    return String(decoding: line, as: UTF8.self)
  }
}
