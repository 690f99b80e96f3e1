/// Which failed attempts are repeated, and when: the standard mode of AWS's SDKs, save that a call
/// that changes something is never repeated blindly.
///
/// Rules: "Retry behavior" in the AWS SDKs and Tools Reference Guide.
public struct RetryPolicy: Hashable, Sendable {
  /// Attempts in all for passing failures.
  public var attempts: Int
  /// Attempts in all for throttled calls, which AWS has not carried out.
  public var throttledAttempts: Int

  public init(attempts: Int = 3, throttledAttempts: Int = 8) {
    self.attempts = attempts
    self.throttledAttempts = throttledAttempts
  }

  /// The policy with `AWS_MAX_ATTEMPTS`, or the profile's `max_attempts`, for all calls.
  /// - Throws: `configuration` where that is not a number from 1.
  public init(configuration: SharedConfiguration) throws(AWSError) {
    self.init()
    let variable = "AWS_MAX_ATTEMPTS"
    let setting =
      configuration.environment[variable].map { SharedFile.Setting(value: $0, place: variable) }
      ?? configuration.setting("max_attempts")
    guard let setting else { return }
    guard let number = Int(setting.value), number >= 1 else {
      throw .configuration(
        place: setting.place, reason: "`\(setting.value)` is not a number of attempts")
    }
    self.init(attempts: number, throttledAttempts: number)
  }

  /// The call that failed.
  struct Call: Hashable, Sendable {
    var service: String
    var operation: String
    var isRead: Bool
    /// Whether a second execution does no more than one.
    var isRepeatable: Bool
    /// From 1.
    var attempt: Int
    /// Whether an earlier attempt may have been executed.
    var mayHaveExecuted: Bool
  }

  enum Verdict: Hashable, Sendable {
    case repeatAfter(seconds: Double)
    case fail(AWSError)
  }

  /// - Parameters:
  ///   - retryAfter: the seconds that the reply asks for.
  ///   - random: at least 0, less than 1.
  func verdict(
    on error: AWSError, of call: Call, retryAfter: Double?, random: Double
  ) -> Verdict {
    let kind = FailureKind(error)
    let limit = kind == .throttled ? throttledAttempts : attempts
    let repeats =
      switch kind {
      case .throttled, .notExecuted: call.attempt < limit
      case .mayHaveExecuted: call.isRepeatable && call.attempt < limit
      case .lost, .final: false
      }
    guard repeats else { return .fail(Self.outcome(error, kind, call)) }
    // Full jitter; the first repetition waits up to 1 s, and none over 20 s.
    let ceiling = min(Double(1 << min(call.attempt - 1, 10)), Self.longestWait)
    return .repeatAfter(seconds: max(random * ceiling, min(retryAfter ?? 0, Self.longestWait)))
  }

  static let longestWait = 20.0

  /// The error, or `outcomeUnknown` where a call that changes something may have done so.
  static func outcome(_ error: AWSError, _ kind: FailureKind, _ call: Call) -> AWSError {
    let isAnswer = if case .service = error { kind == .final } else { false }
    let mayHaveExecuted =
      kind == .mayHaveExecuted || kind == .lost || (call.mayHaveExecuted && !isAnswer)
    if !call.isRead && mayHaveExecuted {
      return .outcomeUnknown(
        service: call.service, operation: call.operation, reason: error.reason)
    }
    if case .transport(let transport) = error, transport.reason == .cancelled { return .cancelled }
    return error
  }
}

extension RetryPolicy.Call {
  /// The first attempt of a call.
  init(_ operation: OperationModel, of model: ServiceModel) {
    service = model.name
    self.operation = operation.name
    // What STS hands out expires by itself; it keeps nothing.
    isRead = operation.isRead || model.name == "sts"
    // HTTP's PUT is idempotent (RFC 9110, 9.2.2), and AWS's APIs call `Put…` what replaces a whole
    // value; creates by PUT answer a second time that the thing exists.
    let members = operation.input.map { model.shape(of: $0).members } ?? []
    isRepeatable =
      isRead || operation.isIdempotent
      || (operation.method == "PUT" && operation.name.hasPrefix("Put"))
      || members.contains { $0.traits.isIdempotencyToken }
    attempt = 1
    mayHaveExecuted = false
  }
}
