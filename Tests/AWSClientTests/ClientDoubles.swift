import Document
import XCTest

@testable import AWSClient

/// A transport that follows a script, keeps what it was sent, and fails the test at the script's end.
final class ScriptedTransport: Transport {
  enum Step: Sendable {
    case reply(Int, String, headers: [String: String] = [:])
    case fail(TransportError.Reason, sent: Bool)
    /// Nothing until the task is cancelled.
    case hang
  }

  private let state: Locked<(steps: [Step], sent: [HTTPRequest])>

  init(_ steps: [Step]) { state = Locked((steps, [])) }

  var sent: [HTTPRequest] { state.access { $0.sent } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let step = state.access { state in
      state.sent.append(request)
      return state.steps.isEmpty ? nil : state.steps.removeFirst()
    }
    switch step {
    case .reply(let status, let body, let headers):
      return HTTPResponse(
        status: status, headers: headers.map { .init($0.key, $0.value) }, body: Array(body.utf8))
    case .fail(let reason, let sent): throw error(reason, request, sent)
    case .hang:
      while !Task.isCancelled { await Task.yield() }
      throw error(.cancelled, request, true)
    case nil:
      XCTFail("more requests than the script has replies for")
      throw error(.other, request, false)
    }
  }

  private func error(
    _ reason: TransportError.Reason, _ request: HTTPRequest, _ sent: Bool
  ) -> TransportError {
    TransportError(
      reason: reason, message: "scripted", endpoint: "\(request.scheme)://\(request.host)",
      requestMayHaveBeenSent: sent)
  }
}

/// A client on a scripted transport and a clock that only sleeping moves.
struct ClientInTest {
  /// 2026-01-01T00:00:00Z.
  static let start = 1_767_225_600.0

  let client: AWSClient
  let transport: ScriptedTransport
  let records = Locked<[CallRecord]>([])
  let sleeps = Locked<[Double]>([])

  init(
    _ steps: [ScriptedTransport.Step], environment: [String: String] = [:],
    credentials: any CredentialsProvider = StaticCredentials(
      Credentials(accessKeyID: "AKID", secretAccessKey: "SECRET"))
  ) throws {
    let transport = ScriptedTransport(steps)
    self.transport = transport
    let (records, sleeps) = (records, sleeps)
    client = AWSClient(
      credentials: credentials,
      endpoints: EndpointResolver(
        configuration: try configuration(environment),
        partitions: try ServiceModel.embeddedPartitions()),
      transport: transport,
      clock: WallClock(
        now: { Self.start + sleeps.access { $0.reduce(0, +) } },
        sleep: { seconds in
          try Task.checkCancellation()
          sleeps.access { $0.append(seconds) }
        }),
      random: { 0.5 },
      observer: { record in records.access { $0.append(record) } })
  }

  func send(_ service: String, _ operation: String, _ input: Document = [:]) async throws(AWSError)
    -> Document
  {
    try await client.send(service, operation, input, region: "eu-west-1")
  }

  func failure(_ service: String, _ operation: String, _ input: Document = [:]) async -> AWSError? {
    await thrown { () async throws(AWSError) in try await send(service, operation, input) }
  }
}

/// An ec2 error reply.
func ec2Error(_ code: String, _ message: String = "why") -> String {
  "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors>"
    + "<RequestID>req-1</RequestID></Response>"
}
