import Foundation

/// Time, passed in so that tests control it.
public struct WallClock: Sendable {
  /// Seconds since 1970.
  public var now: @Sendable () -> Double
  /// Waits so many seconds; throws when the task is cancelled.
  public var sleep: @Sendable (_ seconds: Double) async throws -> Void

  public init(
    now: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// The machine's own clock.
  public static let system = WallClock(
    now: { Date().timeIntervalSince1970 },
    sleep: { try await Task.sleep(for: .seconds($0)) })
}
