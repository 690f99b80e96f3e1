import Digest
import Document

/// The token that `aws sso login` left in `~/.aws/sso/cache`, renewed there as AWS's tools do it
/// (SSO OIDC, `CreateToken`).
struct SSOToken: Sendable {
  /// Seconds before its expiry from which a token is renewed.
  private static let margin = 900.0

  /// What the cache's file is named by: the session's name, or the start URL of an older profile.
  let key: String
  /// Whether the token may have been given with another to renew it.
  let mayRefresh: Bool
  let region: String
  let place: String
  let profile: Profile
  let effects: CredentialsEffects

  /// A token that is valid now.
  /// - Throws: `configuration` with the command to run where there is none.
  func value() async throws(AWSError) -> String {
    let cached = try read()
    guard let token = cached["accessToken"]?.string,
      let expires = cached["expiresAt"]?.string.flatMap(Self.time)
    else { throw ended("the cached sign-on token is not readable") }
    let now = effects.clock.now()
    if expires - now > Self.margin { return token }
    if let renewed = await renewed(cached, now) { return renewed }
    guard expires > now else { throw ended("the sign-on session has expired") }
    return token
  }

  /// What to throw where the person has to sign on again.
  func ended(_ reason: String) -> AWSError {
    .configuration(
      place: place, reason: "\(reason); run: aws sso login --profile \(profile.name)")
  }

  private var path: String {
    profile.configuration.expanded("~/.aws/sso/cache/\(SHA1.hexadecimal(of: key)).json")
  }

  private func read() throws(AWSError) -> [String: Document] {
    let text: String?
    do { text = try effects.read(path) } catch {
      throw .configuration(place: path, reason: "cannot be read: \(error)")
    }
    guard let text else { throw ended("nobody has signed on") }
    // What the parser says of a wrong text may quote it.
    guard let members = try? JSON.read(text).object else {
      throw ended("the cached sign-on token is not readable")
    }
    return members
  }

  /// A new token, written where the old one was, because the old one's renewal may count once only.
  /// `nil` where it cannot be had, whatever the reason: to sign on again helps against each.
  private func renewed(_ cached: [String: Document], _ now: Double) async -> String? {
    guard mayRefresh, let client = cached["clientId"]?.string,
      let secret = cached["clientSecret"]?.string, let refresh = cached["refreshToken"]?.string,
      let registered = cached["registrationExpiresAt"]?.string.flatMap(Self.time), registered > now
    else { return nil }
    let input: Document = [
      "grantType": "refresh_token", "clientId": .string(client),
      "clientSecret": .string(secret), "refreshToken": .string(refresh),
    ]
    guard let output = try? await effects.call("sso-oidc", "CreateToken", input, region, nil),
      let token = output["accessToken"]?.string, let seconds = output["expiresIn"]?.double
    else { return nil }
    var changed = cached
    changed["accessToken"] = .string(token)
    changed["expiresAt"] = .string(
      WireTimestamp.text((now + seconds).rounded(.down), format: .iso8601))
    if let next = output["refreshToken"]?.string { changed["refreshToken"] = .string(next) }
    // Where the cache cannot be written, this run still has its token.
    try? effects.replace(path, Document.object(changed).json())
    return token
  }

  /// Older tools write `UTC` for `Z`.
  private static func time(_ text: String) -> Double? {
    WireTimestamp.parse(text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
  }
}
