/// One operation of a service: where its request goes and what it takes and gives.
public struct OperationModel: Hashable, Sendable {
  public enum Authentication: Hashable, Sendable {
    case signed
    /// Sent without a signature (`AssumeRoleWithWebIdentity`).
    case none
  }

  /// The integrity header that a request needs (S3).
  public struct Checksum: Hashable, Sendable {
    /// Whether AWS refuses the request without one.
    public var isRequired: Bool
    /// The input member that names the algorithm.
    public var algorithmMember: String?
  }

  public var name: String
  public var method: String
  /// The path with its labels and fixed query, `/{Bucket}?tagging`.
  public var requestURI: String
  public var input: Member?
  public var output: Member?
  /// The errors that the model knows, as places of their shapes in the model.
  var errors: [Int]
  /// Whether the model says that repeating a request does no harm.
  public var isIdempotent: Bool
  /// Put before the endpoint's host; may contain labels, `{AccountId}.`.
  public var hostPrefix: String?
  public var authentication: Authentication
  /// Whether the signature leaves out the body.
  public var hasUnsignedPayload: Bool
  public var checksum: Checksum?
  public var paginator: PaginatorModel?

  /// Whether the operation only reads. AWS names operations consistently enough for this to hold
  /// for all that the embedded models select.
  public var isRead: Bool {
    ["BatchGet", "Describe", "Get", "Head", "List", "Lookup"].contains { name.hasPrefix($0) }
  }
}

/// How the replies of an operation continue (botocore's paginators).
public struct PaginatorModel: Hashable, Sendable {
  /// Input members that take a token, in the order of `outputTokens`.
  public var inputTokens: [String]
  /// Dotted paths into the output; `a || b` means the first that is present.
  public var outputTokens: [String]
  /// The input member that limits a page's size.
  public var limitKey: String?
  /// Dotted paths to the lists that pages continue.
  public var resultKeys: [String]
  /// A dotted path to a boolean that says whether there is more.
  public var moreResults: String?
}
