/// One HTTP attempt, for counting and tracing. It never holds inputs or outputs.
public struct CallRecord: Hashable, Sendable {
  public var service: String
  public var operation: String
  /// The region that it was signed for.
  public var region: String
  /// From 1.
  public var attempt: Int
  /// The HTTP status; `nil` where no reply came.
  public var status: Int?
  /// AWS's error code, or the transport's reason.
  public var code: String?
  public var requestID: String?
  /// From sending to the reply, or to its failure.
  public var seconds: Double

  public init(
    service: String, operation: String, region: String, attempt: Int, status: Int? = nil,
    code: String? = nil, requestID: String? = nil, seconds: Double = 0
  ) {
    self.service = service
    self.operation = operation
    self.region = region
    self.attempt = attempt
    self.status = status
    self.code = code
    self.requestID = requestID
    self.seconds = seconds
  }
}
