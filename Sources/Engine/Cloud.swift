import AWSClient
import Document
import TrueupCore

/// Where calls are made: an account and the region that a resource, or its stack, lives in.
public struct CallTarget: Hashable, Sendable {
  public var account: String
  public var region: String
  /// For whom a change is made, so that AWS's own records tell; `nil` for reads that all share.
  public var client: String?

  public init(account: String, region: String, client: String? = nil) {
    self.account = account
    self.region = region
    self.client = client
  }
}

/// What the engine asks of the outside world: AWS, or the in-memory cloud of the tests.
///
/// Throttling and transient transport errors are the cloud's own business; what it returns is final
/// for this call.
public protocol Cloud: Sendable {
  /// Makes one call. Never repeats a mutating call whose reply was lost: that is
  /// `CallFailure.Reason.outcomeUnknown`.
  ///
  /// - Parameter gate: asked before each attempt, and told while the call only waits.
  func perform(_ call: Call, in target: CallTarget, gate: any CallGate) async -> Reply

  /// Fetches all pages of a read, merged into one output.
  func read(_ read: Read, in target: CallTarget) async -> Reply

  /// The id of the account that the credentials for an account really belong to.
  /// AWS STS GetCallerIdentity.
  func accountID(for target: CallTarget) async -> Result<String, CallFailure>

  /// All HTTP requests sent so far, by service.
  func callCount() -> CallCount
}

extension Cloud {
  /// Makes one call that nothing holds back.
  public func perform(_ call: Call, in target: CallTarget) async -> Reply {
    await perform(call, in: target, gate: OpenGate())
  }
}
