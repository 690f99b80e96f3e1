import Document

/// One AWS API call, as data: what a kind wants done, before anybody does it.
public struct Call: Hashable, Sendable {
  /// botocore's name of the service: `ec2`, `iam`, `s3`, `logs`.
  public var service: String
  /// The API operation, `CreateVpc`.
  public var operation: String
  /// The operation's input, with the member names of the API model.
  public var input: Document
  /// Error codes that mean "already so": the reply becomes `.absent` instead of a failure
  /// (`NoSuchEntity` on a delete, `NoSuchLifecycleConfiguration` on a read).
  public var absentCodes: Set<String>
  /// Error codes that pass by themselves and are waited out by the engine, up to `patience`:
  /// eventual consistency after a create, dependency violations on a delete.
  public var transientCodes: Set<String>
  /// The same for codes that say too little, by code: they pass where the message says one of these.
  public var transientMessages: [String: Set<String>]
  /// Seconds for which transient codes are waited out.
  public var patience: Double
  /// How such reads of several things are made as one, where AWS takes that.
  public var batch: CallBatch?
  /// A read that is waited for although nobody waits for readiness (`--no-wait`): the step has more to do
  /// after it.
  public var isNeeded = false
  /// The account in which the call is made, where that is not the resource's own.
  public var account: String?

  public init(
    _ service: String, _ operation: String, _ input: Document, absentCodes: Set<String> = [],
    transientCodes: Set<String> = [], transientMessages: [String: Set<String>] = [:],
    patience: Double = 60,
    batch: CallBatch? = nil
  ) {
    self.service = service
    self.operation = operation
    self.input = input
    self.absentCodes = absentCodes
    self.transientCodes = transientCodes
    self.transientMessages = transientMessages
    self.patience = patience
    self.batch = batch
  }

  /// The same call in another account; in the resource's own for `nil`.
  public func made(in account: String?) -> Call {
    var call = self
    call.account = account
    return call
  }

  /// Whether the failure is one to be waited out.
  public func isTransient(_ failure: CallFailure) -> Bool {
    guard let code = failure.code else { return false }
    if transientMessages[code]?.contains(where: failure.message.contains) == true { return true }
    guard transientCodes.contains(code) else { return false }
    // A policy whose principal is not known yet, and not one with a mistake in it: IAM and S3 say
    // "Invalid principal in policy", KMS "a statement with one or more invalid principals".
    return !code.hasPrefix("MalformedPolicy")
      || failure.message.lowercased().contains("principal")
  }

  /// Whether the call changes nothing, by AWS's naming of operations.
  public var isRead: Bool {
    ["Describe", "Get", "List", "Head", "BatchGet", "Lookup"].contains {
      operation.hasPrefix($0)
    }
  }
}

/// What came back for a call.
public enum Reply: Hashable, Sendable {
  case success(Document)
  /// One of the call's `absentCodes`: what was asked for is not there.
  case absent
  case failure(CallFailure)

  /// The reply's output; `nil` where nothing is there or the call failed.
  public var output: Document? {
    guard case .success(let output) = self else { return nil }
    return output
  }
}

/// Why a call failed, for people and for the journal. Carries no input.
public struct CallFailure: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// AWS said that the caller may not do it.
    case denied
    /// The credentials themselves are not accepted (wrong key, expired token).
    case credentials
    /// The endpoint could not be reached, or gave no usable reply.
    case unreachable
    /// A mutating call whose reply was lost: it may have taken effect.
    case outcomeUnknown
    /// The call does not fit the API model; nothing was sent.
    case invalidInput
    case cancelled
    /// What a read was repeated for did not come about in time.
    case gaveUp
    /// Anything else that AWS answered.
    case refused
  }

  public var reason: Reason
  public var service: String
  public var operation: String
  /// AWS's error code, where there is one.
  public var code: String?
  /// One line for people.
  public var message: String
  public var requestID: String?

  public init(
    reason: Reason, service: String, operation: String, code: String? = nil, message: String,
    requestID: String? = nil
  ) {
    self.reason = reason
    self.service = service
    self.operation = operation
    self.code = code
    self.message = message
    self.requestID = requestID
  }
}
