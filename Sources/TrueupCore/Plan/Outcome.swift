/// How a change ended.
public struct Outcome: Hashable, Sendable {
  public enum Result: String, Hashable, Sendable {
    case succeeded, failed, skipped
    /// Begun and accepted by AWS; the run did not wait until it was ready (`--no-wait`).
    case progressing
  }

  public var result: Result
  /// For people: why it failed or was skipped.
  public var error: String?
  /// API calls made for it.
  public var calls: Int
  public var seconds: Double
  /// It succeeded without a call: when its turn came, there was nothing left to do.
  public var isUnneeded = false

  public init(result: Result, error: String? = nil, calls: Int = 0, seconds: Double = 0) {
    self.result = result
    self.error = error
    self.calls = calls
    self.seconds = seconds
  }
}
