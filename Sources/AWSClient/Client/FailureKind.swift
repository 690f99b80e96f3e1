/// What a failed attempt means for repeating it.
enum FailureKind: Hashable, Sendable {
  /// AWS asks for patience, and has not acted.
  case throttled
  /// Something passing; AWS cannot have acted.
  case notExecuted
  /// Something passing; AWS may have acted.
  case mayHaveExecuted
  /// Repeating would not help, and AWS may have acted.
  case lost
  /// Repeating would not help.
  case final

  init(_ error: AWSError) {
    switch error {
    case .service(let error): self = Self.kind(of: error)
    case .transport(let error): self = Self.kind(of: error)
    case .malformedReply: self = .lost
    default: self = .final
    }
  }

  private static func kind(of error: TransportError) -> FailureKind {
    switch (error.reason, error.requestMayHaveBeenSent) {
    case (.cancelled, true), (.shutDown, true), (.replyTooLarge, true): .lost
    case (_, true): .mayHaveExecuted
    case (.couldNotResolveHost, _), (.couldNotConnect, _), (.timedOut, _), (.connectionLost, _):
      .notExecuted
    default: .final
    }
  }

  private static func kind(of error: ServiceError) -> FailureKind {
    if isThrottling(error) { return .throttled }
    // The server gave up waiting for a request that it had not read to its end.
    if notReadCodes.contains(error.code) || error.status == 408 { return .notExecuted }
    if transientCodes.contains(error.code) { return .mayHaveExecuted }
    guard [500, 502, 503, 504].contains(error.status) else { return .final }
    // EC2 answers a lack of capacity with a status of 500; nothing was made.
    return error.code.hasPrefix("Insufficient") ? .final : .mayHaveExecuted
  }

  private static func isThrottling(_ error: ServiceError) -> Bool {
    if error.status == 429 || throttlingCodes.contains(error.code) { return true }
    // Elsewhere this code is a quota that no patience helps against.
    guard error.code == "LimitExceededException" else { return false }
    return error.service == "kinesis"
      || (error.service == "dynamodb" && error.message.contains("simultaneous"))
  }

  /// The union of what AWS's SDKs treat so in standard mode.
  private static let throttlingCodes: Set<String> = [
    "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling",
    "ThrottlingException", "TooManyRequestsException", "TransactionInProgressException",
  ]

  private static let notReadCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException"]

  private static let transientCodes: Set<String> = [
    "IDPCommunicationError", "InternalError", "InternalFailure", "InternalServerError",
    "ServiceUnavailable", "Unavailable",
  ]
}
