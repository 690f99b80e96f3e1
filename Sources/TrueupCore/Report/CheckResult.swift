/// What a check said of a plan.
public struct CheckResult: Hashable, Sendable {
  public enum Verdict: Hashable, Sendable {
    case passed
    /// It ended with this exit code.
    case denied(Int)
    /// It could not be started, ran too long or said too much; for people.
    case broken(String)
    /// This machine runs no checks.
    case notRun
  }

  public var name: String
  public var verdict: Verdict
  /// It warns, and refuses nothing.
  public var warns: Bool
  /// What it printed, on either stream.
  public var output: String

  public init(name: String, verdict: Verdict, warns: Bool = false, output: String = "") {
    self.name = name
    self.verdict = verdict
    self.warns = warns
    self.output = output
  }

  /// Why the plan may not be carried out; `nil` where it may as far as this check goes.
  public var refusal: String? {
    guard !warns else { return nil }
    return problem
  }

  /// For people: what is not right; `nil` where it passed or was not run.
  public var problem: String? {
    switch verdict {
    case .passed, .notRun: nil
    case .denied(let code): "the check \(name) denies it (exit code \(code))"
    case .broken(let reason): "the check \(name) \(reason)"
    }
  }
}
