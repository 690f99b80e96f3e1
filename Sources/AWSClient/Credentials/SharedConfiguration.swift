/// What environment and shared files say for the chosen profile.
public struct SharedConfiguration: Sendable {
  enum File: Sendable {
    case credentials
    case config
  }

  /// The chosen profile: `AWS_PROFILE`, else `default`.
  public let profile: String
  let environment: [String: String]
  private let config: SharedFile
  private let credentials: SharedFile
  private let home: String
  private let configPath: String
  private let credentialsPath: String

  /// Reads the two shared files (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, else in `~/.aws`).
  /// - Parameter read: the text of a file, `nil` where there is none.
  /// - Throws: `configuration` where a file cannot be read or parsed, or where `AWS_PROFILE` names a
  ///   profile that neither file has.
  public init(
    environment: [String: String], read: (_ path: String) throws -> String?
  ) throws(AWSError) {
    self.environment = environment.filter { !$0.value.isEmpty }
    let home = self.environment["HOME"] ?? "~"
    self.home = home
    func path(_ variable: String, _ name: String) -> String {
      let path = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? "~/.aws/\(name)"
      return path.hasPrefix("~/") ? home + path.dropFirst() : path
    }
    configPath = path("AWS_CONFIG_FILE", "config")
    credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    config = try Self.file(configPath, read)
    credentials = try Self.file(credentialsPath, read)
    profile = self.environment["AWS_PROFILE"] ?? "default"
    if self.environment["AWS_PROFILE"] != nil, !hasProfile(profile) {
      throw .configuration(
        place: "AWS_PROFILE",
        reason: "there is no profile \(profile) in \(configPath) or \(credentialsPath)")
    }
  }

  private static func file(
    _ path: String, _ read: (String) throws -> String?
  ) throws(AWSError) -> SharedFile {
    let text: String?
    do { text = try read(path) } catch {
      throw .configuration(place: path, reason: "cannot be read: \(error)")
    }
    return try text.map { text throws(AWSError) in try SharedFile(text, path: path) }
      ?? SharedFile()
  }

  /// The region to work in: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's `region`; `nil` where
  /// none is set.
  public var region: String? {
    environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? setting("region")?.value
  }

  /// The PEM file of certificate authorities to trust instead of the system's: `AWS_CA_BUNDLE`, the
  /// profile's `ca_bundle`; `nil` where none is named.
  public var certificateAuthorities: String? {
    environment["AWS_CA_BUNDLE"] ?? setting("ca_bundle")?.value
  }

  var places: String { "\(credentialsPath), \(configPath)" }

  func hasProfile(_ name: String) -> Bool {
    credentials.sections[name] != nil || sections(of: name).contains { config.sections[$0] != nil }
  }

  /// A path with the home directory in place of `~`.
  func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? home + path.dropFirst() : path
  }

  /// The session name of a role whose profile names none: `AWS_ROLE_SESSION_NAME`.
  var sessionName: String? { environment["AWS_ROLE_SESSION_NAME"] }

  /// What a variable says, else what the chosen profile says.
  func value(_ variable: String, _ name: String) -> SharedFile.Setting? {
    environment[variable].map { SharedFile.Setting(value: $0, place: variable) } ?? setting(name)
  }

  /// A profile's setting: the credentials file comes before the config file.
  func setting(_ name: String, profile: String? = nil) -> SharedFile.Setting? {
    let profile = profile ?? self.profile
    return setting(name, profile: profile, in: .credentials)
      ?? setting(name, profile: profile, in: .config)
  }

  /// A profile's setting in one of the two files.
  func setting(_ name: String, profile: String, in file: File) -> SharedFile.Setting? {
    switch file {
    case .credentials: credentials.sections[profile]?[name]
    case .config:
      sections(of: profile).lazy.compactMap { config.sections[$0]?[name] }.first
    }
  }

  /// The settings of a sign-on session (`[sso-session NAME]`).
  func signOnSession(_ name: String) -> [String: SharedFile.Setting]? {
    config.sections["sso-session \(name)"]
  }

  /// The `endpoint_url` for a service in the profile's `services` section, else the profile's own.
  /// - Parameter service: the service id in lower case with `_` for blanks (`elastic_load_balancing_v2`).
  func endpointURL(_ service: String) -> SharedFile.Setting? {
    if let name = setting("services")?.value,
      let found = config.sections["services \(name)"]?[service]?.nested["endpoint_url"]
    {
      return found
    }
    return setting("endpoint_url")
  }

  /// In the config file all but the default profile carry a prefix; `default` may.
  private func sections(of profile: String) -> [String] {
    profile == "default" ? ["profile default", "default"] : ["profile \(profile)"]
  }
}
