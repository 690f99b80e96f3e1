/// What the chosen profile names: a role, a web identity, a sign-on session, keys or a program.
struct ProfileCredentials: CredentialsProvider {
  private let provider: Result<(any CredentialsProvider)?, AWSError>
  private let absence: String

  init(_ configuration: SharedConfiguration, _ effects: CredentialsEffects) {
    let name = configuration.profile
    let chooser = ProfileChooser(configuration: configuration, effects: effects)
    provider = Result { () throws(AWSError) in
      try chooser.provider(name, usesEnvironment: true)
    }
    absence =
      "profile \(name): "
      + (configuration.hasProfile(name) ? "no credentials" : "there is none")
      + " in \(configuration.places)"
  }

  /// Throws `noCredentials` where the profile names none, `configuration` with file and line where it
  /// names them wrongly.
  func credentials() async throws(AWSError) -> Credentials {
    guard let provider = try provider.get() else {
      throw .noCredentials(tried: [
        "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set", absence,
      ])
    }
    return try await provider.credentials()
  }
}

/// A source that a profile asks for by name, so that its having none is an error there.
private struct NamedSource: CredentialsProvider {
  var provider: any CredentialsProvider
  var place: String

  func credentials() async throws(AWSError) -> Credentials {
    do throws(AWSError) { return try await provider.credentials() } catch {
      guard case .noCredentials(let tried) = error else { throw error }
      throw .configuration(
        place: place, reason: "no credentials there (\(tried.joined(separator: "; ")))")
    }
  }
}

/// Chooses among all that a profile names, in the order of AWS's tools.
struct ProfileChooser {
  let configuration: SharedConfiguration
  let effects: CredentialsEffects

  /// `nil` where the profile names nothing.
  /// - Parameters:
  ///   - above: the profiles whose source this one is, the nearest last.
  ///   - usesEnvironment: whether web identity may come from variables.
  func provider(
    _ name: String, above: [String] = [], usesEnvironment: Bool = false
  ) throws(AWSError) -> (any CredentialsProvider)? {
    let profile = Profile(name: name, configuration: configuration)
    // A profile may name itself as its source: what else it names then assumes its role.
    if above.last != name, let role = try assumedRole(profile, above: above) { return role }
    if let identity = try WebIdentityCredentials(
      profile, effects, usesEnvironment: usesEnvironment)
    {
      return identity
    }
    if let session = try SSOCredentials(profile, effects) { return session }
    if let keys = try profile.keys(in: .credentials) { return keys }
    if let login = profile["login_session"] {
      throw .configuration(
        place: login.place,
        reason: "login_session is not supported; \(Self.export(profile.name))")
    }
    if let program = try ProcessCredentials(profile, effects) { return program }
    return try profile.keys(in: .config)
  }

  private func assumedRole(
    _ profile: Profile, above: [String]
  ) throws(AWSError) -> (any CredentialsProvider)? {
    guard let arn = profile["role_arn"] else { return nil }
    if profile["source_profile"] == nil, profile["credential_source"] == nil,
      profile["web_identity_token_file"] != nil
    {
      return nil
    }
    let source = try source(of: profile, arn, above: above)
    if let device = profile["mfa_serial"] {
      throw .configuration(
        place: device.place,
        reason: "mfa_serial needs a code that somebody types; \(Self.export(profile.name))")
    }
    let role = try profile.role(
      arn.value, sessionName: configuration.sessionName ?? effects.sessionName)
    let effects = effects
    return AssumeRoleCredentials(role, clock: effects.clock) { input throws(AWSError) in
      try await effects.call("sts", "AssumeRole", input, effects.region, source)
    }
  }

  /// Throws where it names none: a source that is named is not passed over.
  private func source(
    of profile: Profile, _ arn: SharedFile.Setting, above: [String]
  ) throws(AWSError) -> any CredentialsProvider {
    if let source = profile["source_profile"] {
      guard configuration.hasProfile(source.value) else {
        throw .configuration(place: source.place, reason: "there is no profile \(source.value)")
      }
      guard !above.contains(source.value) else {
        throw .configuration(
          place: source.place, reason: "the profiles name each other as their source")
      }
      if let found = try provider(source.value, above: above + [profile.name]) { return found }
      throw .configuration(
        place: source.place, reason: "the profile \(source.value) names no credentials")
    }
    guard let source = profile["credential_source"] else {
      throw .configuration(
        place: arn.place,
        reason: "role_arn needs source_profile, credential_source or web_identity_token_file "
          + "beside it")
    }
    func named(_ provider: any CredentialsProvider) -> NamedSource {
      NamedSource(provider: provider, place: source.place)
    }
    switch source.value.lowercased() {
    case "environment": return named(EnvironmentCredentials(configuration.environment))
    case "ecscontainer": return named(ContainerCredentials(configuration, effects))
    case "ec2instancemetadata":
      return named(InstanceMetadataCredentials(configuration, effects))
    default:
      throw .configuration(
        place: source.place,
        reason: "credential_source `\(source.value)` is none of Environment, EcsContainer and "
          + "Ec2InstanceMetadata")
    }
  }

  /// What to do about what this client cannot read.
  static func export(_ profile: String) -> String {
    "export temporary keys with `aws configure export-credentials --profile \(profile) "
      + "--format env`"
  }
}
