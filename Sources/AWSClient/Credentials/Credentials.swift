/// What a request is signed with. It never shows its secrets when printed, interpolated or dumped.
public struct Credentials: Hashable, Sendable {
  public var accessKeyID: String
  public var secretAccessKey: String
  /// Present in temporary credentials (AWS STS).
  public var sessionToken: String?
  /// Seconds since 1970 from which AWS refuses them; `nil` for long-term keys.
  public var expiration: Double?

  public init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
    expiration: Double? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "Credentials(\(accessKeyID), redacted)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// Where credentials come from. Asked before every request: a provider caches what is costly.
public protocol CredentialsProvider: Sendable {
  /// Credentials that are valid now. Throws `noCredentials` where this source has none (the next
  /// in a chain is asked), and any other error where it has some that cannot be used.
  func credentials() async throws(AWSError) -> Credentials
}

/// Credentials that are known already.
public struct StaticCredentials: CredentialsProvider {
  private let value: Credentials

  public init(_ value: Credentials) { self.value = value }

  public func credentials() async throws(AWSError) -> Credentials { value }
}

/// The first provider that has credentials.
public struct CredentialsChain: CredentialsProvider {
  private let providers: [any CredentialsProvider]

  public init(_ providers: [any CredentialsProvider]) { self.providers = providers }

  /// Throws `noCredentials` with what each provider said, or the first error of another sort: a
  /// source that is there and broken is not passed over.
  public func credentials() async throws(AWSError) -> Credentials {
    var tried: [String] = []
    for provider in providers {
      do throws(AWSError) {
        return try await provider.credentials()
      } catch {
        guard case .noCredentials(let reasons) = error else { throw error }
        tried += reasons
      }
    }
    throw .noCredentials(tried: tried)
  }
}
