/// What a caller has to say to a call before it leaves, and while it only waits.
///
/// A call waits for its turn under AWS's rates, and before it is repeated; it is under way in between.
public protocol CallGate: Sendable {
  /// Whether the call is still to be made; asked while it waits for its turn.
  var isWanted: Bool { get }
  /// The call is not under way from here on.
  func pause() async
  /// The wait is over: the call is about to leave.
  func resume() async
  /// Asked for each attempt right before it leaves; where it may not, the call ends as cancelled.
  func mayLeave() async -> Bool
}

/// Lets every call go.
public struct OpenGate: CallGate {
  public init() {}

  public var isWanted: Bool { true }
  public func pause() async {}
  public func resume() async {}
  public func mayLeave() -> Bool { true }
}
