import Document

/// Credentials of a role that the sign-on portal gives for a cached token (IAM Identity Center,
/// `GetRoleCredentials`).
///
/// Rules: "IAM Identity Center credential provider" in the AWS SDKs and Tools Reference Guide.
struct SSOCredentials: CredentialsProvider {
  private let token: SSOToken
  private let account: String
  private let role: String
  private let region: String
  private let effects: CredentialsEffects

  /// `nil` where the profile has none of its settings; throws `configuration` where some are missing.
  init?(_ profile: Profile, _ effects: CredentialsEffects) throws(AWSError) {
    let session = profile["sso_session"]
    guard let first = session ?? profile["sso_start_url"] ?? profile["sso_account_id"] else {
      return nil
    }
    var settings: [String: SharedFile.Setting] = [:]
    for name in ["sso_account_id", "sso_role_name", "sso_region", "sso_start_url"] {
      settings[name] = profile[name]
    }
    if let session {
      guard let shared = profile.configuration.signOnSession(session.value) else {
        throw .configuration(
          place: session.place, reason: "there is no section [sso-session \(session.value)]")
      }
      // Where both name a region or a start URL, the session's count.
      settings.merge(shared) { $1 }
    }
    func setting(_ name: String) throws(AWSError) -> String {
      guard let value = settings[name]?.value, !value.isEmpty else {
        throw .configuration(place: first.place, reason: "single sign-on needs \(name) as well")
      }
      return value
    }
    account = try setting("sso_account_id")
    role = try setting("sso_role_name")
    region = try setting("sso_region")
    let start = try setting("sso_start_url")
    self.effects = effects
    token = SSOToken(
      key: session?.value ?? start, mayRefresh: session != nil, region: region,
      place: first.place, profile: profile, effects: effects)
  }

  func credentials() async throws(AWSError) -> Credentials {
    let input: Document = [
      "accountId": .string(account), "roleName": .string(role),
      "accessToken": .string(try await token.value()),
    ]
    let output: Document
    do throws(AWSError) {
      output = try await effects.call("sso", "GetRoleCredentials", input, region, nil)
    } catch {
      guard case .service(let refused) = error, refused.code == "UnauthorizedException" else {
        throw error
      }
      throw token.ended("the sign-on session is not valid any more")
    }
    let found = output["roleCredentials"]
    guard let key = found?["accessKeyId"]?.string,
      let secret = found?["secretAccessKey"]?.string, let session = found?["sessionToken"]?.string,
      let milliseconds = found?["expiration"]?.double
    else {
      throw .malformedReply(
        service: "sso", operation: "GetRoleCredentials", status: 200,
        reason: "roleCredentials are missing or incomplete")
    }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: session,
      expiration: milliseconds / 1000)
  }
}
