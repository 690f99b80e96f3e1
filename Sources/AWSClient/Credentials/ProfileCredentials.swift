/// Keys of the chosen profile, or a role that the profile names with `role_arn` and `source_profile`
/// or `credential_source = Environment`.
public struct ProfileCredentials: CredentialsProvider {
  private let provider: Result<any CredentialsProvider, AWSError>

  /// - Parameter assumeRole: makes the provider for a role from that of its source.
  public init(
    _ configuration: SharedConfiguration,
    assumeRole: (AssumeRoleCredentials.Role, any CredentialsProvider) -> any CredentialsProvider
  ) {
    provider = Self.provider(configuration, configuration.profile, [], assumeRole)
  }

  /// Throws `noCredentials` where the profile names none, `configuration` with file and line where it
  /// names half a key, an unknown source, or a source that this client does not support.
  public func credentials() async throws(AWSError) -> Credentials {
    try await provider.get().credentials()
  }

  private static func provider(
    _ configuration: SharedConfiguration, _ profile: String, _ above: [String],
    _ assumeRole: (AssumeRoleCredentials.Role, any CredentialsProvider) -> any CredentialsProvider
  ) -> Result<any CredentialsProvider, AWSError> {
    func setting(_ name: String) -> SharedFile.Setting? {
      configuration.setting(name, profile: profile)
    }
    func refuse(
      _ setting: SharedFile.Setting, _ reason: String
    ) -> Result<any CredentialsProvider, AWSError> {
      .failure(.configuration(place: setting.place, reason: reason))
    }

    // A profile may name itself as its source: its own keys then assume its role.
    if let role = setting("role_arn"), above.last != profile {
      if let source = setting("source_profile") {
        guard configuration.hasProfile(source.value) else {
          return refuse(source, "there is no profile \(source.value)")
        }
        guard !above.contains(source.value) else {
          return refuse(source, "the profiles name each other as their source")
        }
        return self.provider(configuration, source.value, above + [profile], assumeRole)
          .map { assumeRole(self.role(role.value, setting), $0) }
      }
      guard let source = setting("credential_source") else {
        return refuse(role, "role_arn needs source_profile or credential_source beside it")
      }
      guard source.value == "Environment" else {
        return refuse(source, "credential_source \(source.value) is not supported")
      }
      let environment = EnvironmentCredentials(configuration.environment)
      return .success(assumeRole(self.role(role.value, setting), environment))
    }
    if let key = setting("aws_access_key_id") {
      guard let secret = setting("aws_secret_access_key") else {
        return refuse(key, "aws_access_key_id has no aws_secret_access_key beside it")
      }
      return .success(
        StaticCredentials(
          Credentials(
            accessKeyID: key.value, secretAccessKey: secret.value,
            sessionToken: setting("aws_session_token")?.value)))
    }
    for name in ["sso_session", "sso_start_url", "credential_process", "web_identity_token_file"] {
      if let unsupported = setting(name) {
        return refuse(
          unsupported,
          "\(name) is not supported; export temporary keys with "
            + "`aws configure export-credentials --profile \(profile) --format env`")
      }
    }
    return .failure(
      .noCredentials(tried: ["profile \(profile): no keys in \(configuration.places)"]))
  }

  private static func role(
    _ arn: String, _ setting: (String) -> SharedFile.Setting?
  ) -> AssumeRoleCredentials.Role {
    AssumeRoleCredentials.Role(
      arn: arn, sessionName: setting("role_session_name")?.value ?? "aws-client",
      externalID: setting("external_id")?.value,
      durationSeconds: setting("duration_seconds").flatMap { Int($0.value) })
  }
}
