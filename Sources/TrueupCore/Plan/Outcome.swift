/// How a change ended.
public struct Outcome: Hashable, Sendable {
  public enum Result: String, Hashable, Sendable {
    case succeeded, failed, skipped
    /// Begun and accepted by AWS; the run did not wait until it was ready (`--no-wait`).
    case progressing
    /// It does not go on until what is wanted changes, or a person says so.
    case stalled
  }

  public var result: Result
  /// For people: why it failed, was skipped or is stalled.
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
