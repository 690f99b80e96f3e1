/// A program that judges plans: it gets the plan as JSON, and says no by its exit code.
public struct PolicyCheck: Hashable, Sendable {
  /// The commands that ask it.
  public enum Occasion: String, Hashable, Sendable, CaseIterable {
    case plan, apply, reconcile
  }

  public var name: String
  /// The program and its arguments.
  public var run: [String]
  public var on: Set<Occasion>
  /// It warns, and refuses nothing.
  public var warns: Bool
  /// Seconds.
  public var timeout: Int

  public static let standardTimeout = 60
  public static let longestTimeout = 600

  public init(
    name: String, run: [String], on: Set<Occasion> = Set(Occasion.allCases), warns: Bool = false,
    timeout: Int = standardTimeout
  ) {
    self.name = name
    self.run = run
    self.on = on
    self.warns = warns
    self.timeout = timeout
  }
}
