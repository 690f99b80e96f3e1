extension AWSError: CustomStringConvertible {
  public var description: String { message }

  /// One line for people: the call, what happened, where, and what to do about it.
  public var message: String {
    let remedy = remedy.map { "; \($0)" } ?? ""
    let line = (call.map { "\($0): " } ?? "") + reason + remedy
    return line.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// What happened, without the call and the remedy.
  var reason: String {
    switch self {
    case .service(let error):
      let id = error.requestID.map { ", request id \($0)" } ?? ""
      let text = error.message.isEmpty ? "" : ": \(error.message)"
      // Without a code of AWS's the message itself tells the status.
      guard !error.code.allSatisfy(\.isNumber) else {
        return error.message + (error.requestID.map { " (request id \($0))" } ?? "")
      }
      return "\(error.code)\(text) (HTTP \(error.status)\(id))"
    case .invalidInput(_, _, let path, let reason):
      return "invalid input\(path.isEmpty ? "" : " at \(path)"): \(reason)"
    case .unknownOperation(let service, let operation):
      return operation.isEmpty
        ? "no API model of the service \(service) is embedded"
        : "the embedded API model does not have this operation"
    case .noCredentials(let tried):
      return "no AWS credentials found (\(tried.joined(separator: "; ")))"
    case .configuration(let place, let reason): return "\(place): \(reason)"
    case .transport(let error): return error.reasonText
    case .malformedReply(_, _, let status, let reason):
      return "the reply (HTTP \(status)) is not what the API promises: \(reason)"
    case .outcomeUnknown(_, _, let reason):
      return "the call may or may not have taken effect: \(reason)"
    case .pagingStuck(_, _, let token):
      return "the next page's token is that of the last page, `\(token.prefix(80))`"
    case .cancelled: return "cancelled"
    }
  }

  /// `service:Operation`.
  private var call: String? {
    switch self {
    case .service(let error): "\(error.service):\(error.operation)"
    case .invalidInput(let service, let operation, _, _),
      .malformedReply(let service, let operation, _, _),
      .outcomeUnknown(let service, let operation, _),
      .pagingStuck(let service, let operation, _):
      "\(service):\(operation)"
    case .unknownOperation(let service, let operation):
      operation.isEmpty ? nil : "\(service):\(operation)"
    case .noCredentials, .configuration, .transport, .cancelled: nil
    }
  }

  private var remedy: String? {
    switch self {
    // S3 denies policies that open a bucket which its settings keep closed.
    case .service(let error) where error.message.contains("BlockPublicPolicy"):
      "set BlockPublicPolicy to false in the bucket's PublicAccessBlockConfiguration, or grant less"
    case .service(let error): error.trouble?.remedy
    case .noCredentials:
      "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
    case .transport(let error): error.remedy
    case .outcomeUnknown: "see what is there before making it again"
    default: nil
    }
  }
}

extension ServiceError.Trouble {
  fileprivate var remedy: String {
    switch self {
    case .unknownKey:
      "AWS does not know this key: check the access key, its secret and this machine's clock"
    case .expiredCredentials: "the temporary credentials have expired: get new ones"
    case .rejectedToken:
      "check the identity provider in IAM, the role's trust policy, and whether the token is fresh"
    case .denied: "allow the call in a policy of the identity in use"
    }
  }
}

extension TransportError {
  /// What happened, with the endpoint.
  var reasonText: String {
    switch reason {
    case .couldNotResolveHost: "cannot find the host of \(endpoint): \(message)"
    case .couldNotConnect: "cannot connect to \(endpoint): \(message)"
    case .tls: "no trusted connection to \(endpoint): \(message)"
    case .timedOut:
      requestMayHaveBeenSent
        ? "no reply from \(endpoint) in time: \(message)"
        : "cannot connect to \(endpoint) in time: \(message)"
    case .connectionLost: "the connection to \(endpoint) was lost: \(message)"
    case .replyTooLarge: "\(message), from \(endpoint)"
    case .cancelled: "cancelled"
    case .shutDown, .other: "\(endpoint): \(message)"
    }
  }

  var remedy: String? {
    switch reason {
    case .couldNotResolveHost, .couldNotConnect, .timedOut:
      "check the network, the region and AWS_ENDPOINT_URL"
    case .tls: "check AWS_CA_BUNDLE and the proxy's certificate"
    case .connectionLost, .replyTooLarge, .cancelled, .shutDown, .other: nil
    }
  }
}
