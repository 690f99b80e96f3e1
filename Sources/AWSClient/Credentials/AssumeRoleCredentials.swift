import Document

/// Temporary credentials of a role (STS `AssumeRole`), kept until shortly before they expire.
public actor AssumeRoleCredentials: CredentialsProvider {
  public struct Role: Hashable, Sendable {
    public var arn: String
    /// 2 to 64 characters of `[\w+=,.@-]`; CloudTrail shows it with every call.
    public var sessionName: String
    public var externalID: String?
    /// 900 up to the role's own maximum; STS takes 3600 where `nil`.
    public var durationSeconds: Int?

    public init(
      arn: String, sessionName: String, externalID: String? = nil, durationSeconds: Int? = nil
    ) {
      self.arn = arn
      self.sessionName = sessionName
      self.externalID = externalID
      self.durationSeconds = durationSeconds
    }
  }

  /// Sends `AssumeRole` with this input, signed with the source's credentials; gives the output.
  public typealias Call = @Sendable (_ input: Document) async throws(AWSError) -> Document

  /// Seconds before the expiry from which new credentials are asked for.
  public static let margin = 300.0

  private let role: Role
  private let call: Call
  private let clock: WallClock
  private var current: Credentials?
  private var renewal: Task<Result<Credentials, AWSError>, Never>?

  public init(_ role: Role, clock: WallClock = .system, call: @escaping Call) {
    self.role = role
    self.clock = clock
    self.call = call
  }

  /// The current credentials, or new ones: however many tasks ask, one call is made. Where renewal
  /// fails, the current ones serve until they expire.
  public func credentials() async throws(AWSError) -> Credentials {
    if let current, isValid(current, for: Self.margin) { return current }
    let task: Task<Result<Credentials, AWSError>, Never>
    if let renewal {
      task = renewal
    } else {
      task = Task { await self.renew() }
      renewal = task
    }
    switch await task.value {
    case .success(let credentials): return credentials
    case .failure(let error):
      if let current, isValid(current, for: 0) { return current }
      throw error
    }
  }

  private func isValid(_ credentials: Credentials, for seconds: Double) -> Bool {
    credentials.expiration.map { $0 - clock.now() > seconds } ?? true
  }

  private func renew() async -> Result<Credentials, AWSError> {
    defer { renewal = nil }
    do throws(AWSError) {
      let credentials = try Self.credentials(try await call(input))
      current = credentials
      return .success(credentials)
    } catch {
      return .failure(error)
    }
  }

  private var input: Document {
    var members: [String: Document] = [
      "RoleArn": .string(role.arn), "RoleSessionName": .string(role.sessionName),
    ]
    if let externalID = role.externalID { members["ExternalId"] = .string(externalID) }
    if let seconds = role.durationSeconds { members["DurationSeconds"] = .integer(seconds) }
    return .object(members)
  }

  private static func credentials(_ output: Document) throws(AWSError) -> Credentials {
    let found = output["Credentials"]
    guard let key = found?["AccessKeyId"]?.string,
      let secret = found?["SecretAccessKey"]?.string, let token = found?["SessionToken"]?.string,
      let expires = found?["Expiration"].flatMap(WireTimestamp.seconds)
    else {
      throw .malformedReply(
        service: "sts", operation: "AssumeRole", status: 200,
        reason: "Credentials are missing or incomplete")
    }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: token, expiration: expires)
  }
}
