import Document

/// A role entered with a token of an identity provider (STS `AssumeRoleWithWebIdentity`, unsigned):
/// from a file, as Kubernetes writes it, or from GitHub Actions.
///
/// The token is read again each time, because whoever writes it replaces it before it expires.
struct WebIdentityCredentials: CredentialsProvider {
  private enum Token {
    case file(String)
    case gitHub(url: String, secret: String)
  }

  private let role: AssumeRoleCredentials.Role
  private let token: Token
  /// Where the token's source is named.
  private let place: String
  private let effects: CredentialsEffects

  /// `nil` where no token is named.
  /// - Throws: `configuration` where a token is named and no role.
  init?(
    _ profile: Profile, _ effects: CredentialsEffects, usesEnvironment: Bool
  ) throws(AWSError) {
    let configuration = profile.configuration
    let variables = usesEnvironment ? configuration.environment : [:]
    let setting = profile["web_identity_token_file"]
    let arn = variables["AWS_ROLE_ARN"] ?? profile["role_arn"]?.value
    if let path = variables["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? setting?.value {
      place =
        variables["AWS_WEB_IDENTITY_TOKEN_FILE"] == nil
        ? setting?.place ?? profile.name : "AWS_WEB_IDENTITY_TOKEN_FILE"
      token = .file(configuration.expanded(path))
    } else if let url = variables["ACTIONS_ID_TOKEN_REQUEST_URL"],
      let secret = variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"], variables["AWS_ROLE_ARN"] != nil
    {
      place = "ACTIONS_ID_TOKEN_REQUEST_URL"
      token = .gitHub(url: url, secret: secret)
    } else {
      return nil
    }
    guard let arn else {
      throw .configuration(place: place, reason: "needs AWS_ROLE_ARN, or role_arn beside it")
    }
    role = try profile.role(arn, sessionName: configuration.sessionName ?? effects.sessionName)
    self.effects = effects
  }

  func credentials() async throws(AWSError) -> Credentials {
    var input = role.input
    input["WebIdentityToken"] = .string(try await read())
    let operation = "AssumeRoleWithWebIdentity"
    let output = try await effects.call("sts", operation, .object(input), effects.region, nil)
    return try Credentials(output: output, of: operation)
  }

  private func read() async throws(AWSError) -> String {
    switch token {
    case .file(let path):
      let text: String?
      do { text = try effects.read(path) } catch {
        throw refusal("the token file \(path) cannot be read: \(error)")
      }
      guard let text else { throw refusal("there is no token file \(path)") }
      let token = text.trimmed
      guard !token.isEmpty else { throw refusal("the token file \(path) is empty") }
      return token
    case .gitHub(let url, let secret): return try await gitHubToken(url, secret)
    }
  }

  /// "OpenID Connect reference" in GitHub's documentation.
  private func gitHubToken(_ url: String, _ secret: String) async throws(AWSError) -> String {
    var request = try HTTPRequest(url: url, place: place)
    request.query.append(.init("audience", "sts.amazonaws.com"))
    request.headers = [.init("Authorization", "bearer \(secret)")]
    let response: HTTPResponse
    do throws(TransportError) { response = try await effects.http(request, 10) } catch {
      throw refusal("GitHub gave no token: \(error.reasonText)")
    }
    guard response.status == 200 else {
      throw refusal(
        "GitHub gave no token (HTTP \(response.status)); the job needs the permission "
          + "`id-token: write`")
    }
    let answer = try Credentials.object(response.body, place: place, source: "GitHub")
    guard let token = answer["value"]?.string else { throw refusal("GitHub gave no token") }
    return token
  }

  private func refusal(_ reason: String) -> AWSError {
    .configuration(place: place, reason: reason)
  }
}
