/// Sends signed requests as they are. Redirects are not followed, nothing is sent twice.
public protocol Transport: Sendable {
  /// The reply, whatever its status. Throws where no complete reply came; when the task is cancelled,
  /// promptly, with the reason `cancelled`.
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// How long, how many and how much.
public struct TransportLimits: Hashable, Sendable {
  /// Seconds for name lookup, connection and TLS handshake.
  public var connectSeconds: Double
  /// Seconds for a whole transfer, from when it leaves the queue.
  public var totalSeconds: Double
  /// Transfers at once; further ones wait their turn.
  public var connections: Int
  /// Bytes of a reply's body.
  public var replyBytes: Int
  /// Whether the environment's proxies are passed by, as what is on this machine needs.
  public var bypassesProxies: Bool

  public init(
    connectSeconds: Double = 5, totalSeconds: Double = 60, connections: Int = 16,
    replyBytes: Int = 64 << 20, bypassesProxies: Bool = false
  ) {
    self.connectSeconds = connectSeconds
    self.totalSeconds = totalSeconds
    self.connections = connections
    self.replyBytes = replyBytes
    self.bypassesProxies = bypassesProxies
  }
}
