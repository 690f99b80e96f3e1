/// How much a client may repeat: each repetition takes from it, each success gives back, so that a
/// service that is down is not hammered by every call's own patience.
///
/// Source: "Retry behavior" in the AWS SDKs and Tools Reference Guide: 500 tokens, 5 for a repetition,
/// 10 after a timeout; a call that succeeds gives back what it took, else 1.
struct RetryQuota: Hashable, Sendable {
  private static let capacity = 500
  private var tokens = RetryQuota.capacity

  /// What a repetition after such a failure costs.
  static func cost(of error: AWSError) -> Int {
    if case .transport(let error) = error, error.reason == .timedOut { return 10 }
    return 5
  }

  /// Takes tokens; `false` where there are not enough.
  mutating func take(_ cost: Int) -> Bool {
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }

  /// Gives back what the last repetition of a call that succeeded took.
  mutating func giveBack(_ taken: Int) { tokens = min(Self.capacity, tokens + max(taken, 1)) }
}
