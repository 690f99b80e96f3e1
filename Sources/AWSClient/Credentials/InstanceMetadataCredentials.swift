/// The credentials of an EC2 instance's role, from its metadata service, version 2 only.
///
/// Rules: "IMDS credential provider" in the AWS SDKs and Tools Reference Guide. One request takes a
/// second at most and all of them two, so that elsewhere nobody waits for what is not there.
struct InstanceMetadataCredentials: CredentialsProvider {
  private static let place = "instance metadata"
  private static let secondsOfRequest = 1.0
  private static let secondsOfAll = 2.0

  private let configuration: SharedConfiguration
  private let effects: CredentialsEffects

  init(_ configuration: SharedConfiguration, _ effects: CredentialsEffects) {
    self.configuration = configuration
    self.effects = effects
  }

  /// Throws `noCredentials` where it is switched off, does not answer or has no role, `configuration`
  /// where its endpoint is wrongly named or its answer is no credentials.
  func credentials() async throws(AWSError) -> Credentials {
    if configuration.environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
      throw absent("switched off by AWS_EC2_METADATA_DISABLED")
    }
    let base = try base()
    let deadline = effects.clock.now() + Self.secondsOfAll
    var request = base
    request.method = "PUT"
    request.path += "/latest/api/token"
    request.headers = [.init("X-aws-ec2-metadata-token-ttl-seconds", "21600")]
    let token = try await text(of: request, "token", before: deadline)
    request = base
    request.headers = [.init("X-aws-ec2-metadata-token", token)]
    request.path += "/latest/meta-data/iam/security-credentials/"
    let roles = try await text(of: request, "role", before: deadline)
    guard let role = roles.split(whereSeparator: \.isNewline).first,
      role.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") })
    else { throw absent("the instance has no role") }
    request.path += String(role)
    let answer = try await text(of: request, "credentials of the role", before: deadline)
    let code = try Credentials.object(
      Array(answer.utf8), place: Self.place, source: "the service")["Code"]?.string
    guard code == nil || code == "Success" else {
      throw .configuration(
        place: Self.place, reason: "the role \(role) has no credentials: \(code ?? "")")
    }
    return try Credentials(
      json: Array(answer.utf8), place: Self.place, source: "the service")
  }

  private func text(
    of request: HTTPRequest, _ what: String, before deadline: Double
  ) async throws(AWSError) -> String {
    for isLast in [false, true] {
      let seconds = min(Self.secondsOfRequest, deadline - effects.clock.now())
      guard seconds > 0 else { break }
      let response: HTTPResponse
      do throws(TransportError) { response = try await effects.http(request, seconds) } catch {
        if error.reason == .cancelled { throw .cancelled }
        throw absent(error.reasonText)
      }
      switch response.status {
      case 200: return String(decoding: response.body, as: UTF8.self).trimmed
      case 404 where what == "role": throw absent("the instance has no role")
      // A role's credentials may take a moment to arrive.
      case 500... where !isLast: continue
      default:
        throw absent("\(request.endpoint) gave no \(what) (HTTP \(response.status))")
      }
    }
    throw absent("\(request.endpoint) did not answer within \(Int(Self.secondsOfAll)) s")
  }

  /// The endpoint, without a slash at its end.
  private func base() throws(AWSError) -> HTTPRequest {
    let endpoint = configuration.value(
      "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")
    let mode = configuration.value(
      "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
    var url = "http://169.254.169.254"
    if let mode {
      switch mode.value.lowercased() {
      case "ipv4": break
      case "ipv6": url = "http://[fd00:ec2::254]"
      default:
        throw .configuration(
          place: mode.place, reason: "`\(mode.value)` is neither IPv4 nor IPv6")
      }
    }
    var request = try HTTPRequest(
      url: endpoint?.value ?? url, place: endpoint?.place ?? Self.place)
    while request.path.hasSuffix("/") { request.path.removeLast() }
    return request
  }

  private func absent(_ reason: String) -> AWSError {
    .noCredentials(tried: ["\(Self.place): \(reason)"])
  }
}
