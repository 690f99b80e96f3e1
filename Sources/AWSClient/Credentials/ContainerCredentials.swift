/// What the endpoint in a container of ECS, EKS or CloudShell answers with.
///
/// Rules: "Container credential provider" in the AWS SDKs and Tools Reference Guide.
struct ContainerCredentials: CredentialsProvider {
  private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
  private static let attempts = 3
  private static let seconds = 2.0
  /// Where ECS and EKS answer without TLS.
  private static let hosts = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]

  private let variables: [String: String]
  private let effects: CredentialsEffects

  init(_ configuration: SharedConfiguration, _ effects: CredentialsEffects) {
    variables = configuration.environment
    self.effects = effects
  }

  /// Throws `noCredentials` where no endpoint is named, `configuration` where it is wrongly named, or
  /// gives none.
  func credentials() async throws(AWSError) -> Credentials {
    let place: String
    var request: HTTPRequest
    if let path = variables[Self.relative] {
      place = Self.relative
      guard path.hasPrefix("/") else {
        throw .configuration(place: place, reason: "does not begin with /")
      }
      request = try HTTPRequest(url: "http://169.254.170.2" + path, place: place)
    } else if let url = variables[Self.full] {
      place = Self.full
      request = try HTTPRequest(url: url, place: place)
      guard await isAllowed(request) else {
        throw .configuration(
          place: place,
          reason: "names the host \(request.hostName); without https only this machine, "
            + Self.hosts.joined(separator: ", ") + " are asked")
      }
    } else {
      throw .noCredentials(tried: [
        "container: neither \(Self.relative) nor \(Self.full) is set"
      ])
    }
    request.headers = [.init("Accept", "application/json")]
    if let token = try authorization() { request.headers.append(.init("Authorization", token)) }
    let response = try await answer(to: request, place)
    return try Credentials(
      json: response.body, place: place, source: "the container's endpoint")
  }

  private func isAllowed(_ request: HTTPRequest) async -> Bool {
    let host = request.hostName
    if request.scheme == "https" || Self.hosts.contains(host) { return true }
    let addresses = await effects.addresses(host)
    return !addresses.isEmpty && addresses.allSatisfy { $0.hasPrefix("127.") || $0 == "::1" }
  }

  /// The token's file is read each time, because EKS replaces it.
  private func authorization() throws(AWSError) -> String? {
    var place = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    var token = variables[place]
    if let path = variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
      place = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
      do { token = try effects.read(path)?.trimmed } catch {
        throw .configuration(place: place, reason: "\(path) cannot be read: \(error)")
      }
      if token == nil { throw .configuration(place: place, reason: "there is no file \(path)") }
    }
    if let token, token.contains(where: \.isNewline) {
      throw .configuration(place: place, reason: "the token has more than one line")
    }
    return token
  }

  private func answer(
    to request: HTTPRequest, _ place: String
  ) async throws(AWSError) -> HTTPResponse {
    var reason = ""
    for attempt in 1...Self.attempts {
      if attempt > 1 {
        do { try await effects.clock.sleep(1) } catch { throw .cancelled }
      }
      do throws(TransportError) {
        let response = try await effects.http(request, Self.seconds)
        if response.status == 200 { return response }
        reason = "the container's endpoint refused (HTTP \(response.status))"
        if response.status < 500, response.status != 429 { break }
      } catch {
        reason = "the container's endpoint gave no answer: \(error.reasonText)"
      }
    }
    throw .configuration(place: place, reason: reason)
  }
}
