/// The providers that AWS's tools ask, in their order: the environment, then the chosen profile.
public struct DefaultCredentials: CredentialsProvider {
  private let chain: CredentialsChain

  /// - Parameter assumeRole: makes the provider for a profile's role from that of its source.
  public init(
    _ configuration: SharedConfiguration,
    assumeRole: (AssumeRoleCredentials.Role, any CredentialsProvider) -> any CredentialsProvider
  ) {
    chain = CredentialsChain([
      EnvironmentCredentials(configuration.environment),
      ProfileCredentials(configuration, assumeRole: assumeRole),
    ])
  }

  public func credentials() async throws(AWSError) -> Credentials {
    try await chain.credentials()
  }
}
