import Document

/// Temporary credentials of a role (STS `AssumeRole`), kept until shortly before they expire.
public struct AssumeRoleCredentials: CredentialsProvider {
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

    /// The members that all operations of STS share which give a role's credentials.
    var input: [String: Document] {
      var members: [String: Document] = [
        "RoleArn": .string(arn), "RoleSessionName": .string(sessionName),
      ]
      if let seconds = durationSeconds { members["DurationSeconds"] = .integer(seconds) }
      return members
    }
  }

  /// Sends `AssumeRole` with this input, signed with the source's credentials; gives the output.
  public typealias Call = @Sendable (_ input: Document) async throws(AWSError) -> Document

  private let refreshable: RefreshableCredentials

  public init(_ role: Role, clock: WallClock = .system, call: @escaping Call) {
    var input = role.input
    if let externalID = role.externalID { input["ExternalId"] = .string(externalID) }
    let members = input
    refreshable = RefreshableCredentials(clock: clock) { () async throws(AWSError) in
      try Credentials(output: try await call(.object(members)), of: "AssumeRole")
    }
  }

  public func credentials() async throws(AWSError) -> Credentials {
    try await refreshable.credentials()
  }
}
