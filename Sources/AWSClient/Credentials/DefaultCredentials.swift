/// The providers that AWS's tools ask, in their order: the environment, the chosen profile, the
/// container's endpoint, the instance metadata. What the first of them gives is kept until shortly
/// before it expires.
public struct DefaultCredentials: CredentialsProvider {
  private let refreshable: RefreshableCredentials

  public init(_ configuration: SharedConfiguration, _ effects: CredentialsEffects) {
    let chain = CredentialsChain([
      EnvironmentCredentials(configuration.environment),
      ProfileCredentials(configuration, effects),
      ContainerCredentials(configuration, effects),
      InstanceMetadataCredentials(configuration, effects),
    ])
    refreshable = RefreshableCredentials(clock: effects.clock) { () async throws(AWSError) in
      try await chain.credentials()
    }
  }

  public func credentials() async throws(AWSError) -> Credentials {
    try await refreshable.credentials()
  }
}
