import AWSClient
import Document
import TrueupCore

/// AWS itself, one client library per account, and one per account and client of the fleet for changes.
public struct AWSCloud: Cloud {
  /// Makes the connection for the changes of one client in an account; `nil` where the account is not
  /// entered by a role.
  public typealias Session = @Sendable (_ account: String, _ client: String) -> AWSClient?

  private struct SessionKey: Hashable {
    var account: String
    var client: String
  }

  private let clients: [String: AWSClient]
  private let ambient: AWSClient
  private let counter: CallCounter
  private let session: Session
  private let sessions = Locked<[SessionKey: AWSClient]>([:])

  /// - Parameters:
  ///   - clients: clients by account id, for accounts with a role of their own.
  ///   - ambient: the client for all others: the credentials of the environment.
  ///   - counter: the one that the clients report to.
  ///   - session: asked once for each account and client, when the first change is made.
  public init(
    clients: [String: AWSClient], ambient: AWSClient, counter: CallCounter,
    session: @escaping Session = { _, _ in nil }
  ) {
    self.clients = clients
    self.ambient = ambient
    self.counter = counter
    self.session = session
  }

  public func perform(_ call: Call, in target: CallTarget, gate: any CallGate) async -> Reply {
    await reply(to: call) { client throws(AWSError) in
      try await client.send(
        call.service, call.operation, call.input, region: target.region, gate: gate)
    } with: {
      client(for: target, call)
    }
  }

  public func read(_ read: Read, in target: CallTarget) async -> Reply {
    await reply(to: read.call) { client throws(AWSError) in
      try await client.sendAllPages(
        read.call.service, read.call.operation, read.call.input, region: target.region,
        pageSize: read.pageSize)
    } with: {
      client(for: target, read.call)
    }
  }

  public func accountID(for target: CallTarget) async -> Result<String, CallFailure> {
    let call = Call("sts", "GetCallerIdentity", .object([:]))
    switch await perform(call, in: target) {
    case .success(let output):
      return .success(output["Account"]?.string ?? "")
    case .failure(let failure):
      return .failure(failure)
    case .absent:
      return .success("")
    }
  }

  public func callCount() -> CallCount { counter.count }

  private func client(for target: CallTarget, _ call: Call) -> AWSClient {
    let account = call.account ?? target.account
    let shared = clients[account] ?? ambient
    guard let client = target.client else { return shared }
    return sessions.access { sessions in
      let key = SessionKey(account: account, client: client)
      let own = sessions[key] ?? session(account, client) ?? shared
      sessions[key] = own
      return own
    }
  }

  private func reply(
    to call: Call, _ send: (AWSClient) async throws(AWSError) -> Document,
    with client: () -> AWSClient
  ) async -> Reply {
    do {
      return .success(try await send(client()))
    } catch {
      if case .service(let failure) = error, call.absentCodes.contains(failure.code) {
        return .absent
      }
      return .failure(CallFailure(error, call))
    }
  }
}

extension CallFailure {
  /// What an error of the client means to the engine.
  init(_ error: AWSError, _ call: Call) {
    var code: String?
    var requestID: String?
    let reason: Reason
    switch error {
    case .service(let failure):
      code = failure.code
      requestID = failure.requestID
      reason = Self.reason(of: failure)
    case .invalidInput, .unknownOperation: reason = .invalidInput
    case .noCredentials, .configuration: reason = .credentials
    case .transport, .malformedReply, .pagingStuck: reason = .unreachable
    case .outcomeUnknown: reason = .outcomeUnknown
    case .cancelled: reason = .cancelled
    }
    self.init(
      reason: reason, service: call.service, operation: call.operation, code: code,
      message: error.message, requestID: requestID)
  }

  private static func reason(of failure: ServiceError) -> Reason {
    switch failure.trouble {
    case .unknownKey, .expiredCredentials: .credentials
    case .denied: .denied
    case .rejectedToken, nil: .refused
    }
  }
}
