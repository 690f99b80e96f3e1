/// Time as the engine sees it; tests bring their own.
public struct EngineClock: Sendable {
  /// Seconds since 1970.
  public var now: @Sendable () -> Double
  /// Sleeps, or returns early when the task is cancelled.
  public var sleep: @Sendable (_ seconds: Double) async -> Void

  public init(
    now: @escaping @Sendable () -> Double, sleep: @escaping @Sendable (Double) async -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }
}
