import Document

/// Why a call to AWS did not give a result.
public enum AWSError: Error, Hashable, Sendable {
  /// AWS answered, and said no.
  case service(ServiceError)
  /// The input does not fit the API model; nothing was sent. `path` is a JSON pointer into the input.
  case invalidInput(service: String, operation: String, path: String, reason: String)
  /// The embedded models do not know the service or the operation.
  case unknownOperation(service: String, operation: String)
  /// No credentials could be found; `tried` names each provider with what it said.
  case noCredentials(tried: [String])
  /// The configuration (environment or shared files) is not usable; `place` names variable or file:line.
  case configuration(place: String, reason: String)
  /// The request never reached the endpoint, or no usable reply came back.
  case transport(TransportError)
  /// The reply's body was not what the model promises.
  case malformedReply(service: String, operation: String, status: Int, reason: String)
  /// A mutating call without an idempotency token was sent and its reply was lost: it may or may not
  /// have taken effect. The caller finds out by observing.
  case outcomeUnknown(service: String, operation: String, reason: String)
  /// A paginated read answered with a token that does not advance.
  case pagingStuck(service: String, operation: String, token: String)
  case cancelled
}

/// An error that a service answered with.
public struct ServiceError: Error, Hashable, Sendable {
  public var service: String
  public var operation: String
  /// The code as AWS spells it, without namespace (`InvalidVpcID.NotFound`).
  public var code: String
  public var message: String
  /// The HTTP status.
  public var status: Int
  public var requestID: String?
  /// Members of the modelled error shape, and what else stood in the reply.
  public var details: Document

  public init(
    service: String, operation: String, code: String, message: String, status: Int,
    requestID: String?, details: Document = .object([:])
  ) {
    self.service = service
    self.operation = operation
    self.code = code
    self.message = message
    self.status = status
    self.requestID = requestID
    self.details = details
  }
}

/// A failure below HTTP.
public struct TransportError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case couldNotResolveHost
    case couldNotConnect
    case tls
    case timedOut
    case connectionLost
    case replyTooLarge
    case cancelled
    case shutDown
    case other
  }

  public var reason: Reason
  /// What libcurl says of it, for people.
  public var message: String
  /// The endpoint, `scheme://host`.
  public var endpoint: String
  /// Whether bytes of the request may have reached the endpoint.
  public var requestMayHaveBeenSent: Bool

  public init(reason: Reason, message: String, endpoint: String, requestMayHaveBeenSent: Bool) {
    self.reason = reason
    self.message = message
    self.endpoint = endpoint
    self.requestMayHaveBeenSent = requestMayHaveBeenSent
  }
}
