import Digest

/// AWS Signature Version 4 in the `Authorization` header.
///
/// Rules: "Create a signed AWS API request" in the IAM User Guide, and AWS's Signature Version 4
/// test suite.
public struct SigV4Signer: Sendable {
  /// What differs between services.
  public struct Options: Hashable, Sendable {
    /// Whether the path, encoded on the wire, is encoded once more in the canonical request.
    public var doubleEncodePath: Bool
    /// Whether `.`, `..` and empty segments are removed in the canonical request.
    public var normalizePath: Bool
    /// Whether the body's digest is sent as `x-amz-content-sha256`.
    public var contentSHA256Header: Bool

    public init(doubleEncodePath: Bool, normalizePath: Bool, contentSHA256Header: Bool) {
      self.doubleEncodePath = doubleEncodePath
      self.normalizePath = normalizePath
      self.contentSHA256Header = contentSHA256Header
    }

    public static let standard = Options(
      doubleEncodePath: true, normalizePath: true, contentSHA256Header: false)
    /// Amazon S3 and S3 Control: object keys may hold `//` and `..`, and the digest is required.
    public static let s3 = Options(
      doubleEncodePath: false, normalizePath: false, contentSHA256Header: true)
  }

  /// A signed request, with what was signed.
  public struct Signed: Hashable, Sendable {
    public var request: HTTPRequest
    public var canonicalRequest: String
    public var stringToSign: String
    /// The value of the `Authorization` header.
    public var authorization: String
  }

  public var region: String
  /// The signing name, which is not always the host's prefix (`ecr` for `api.ecr`).
  public var service: String
  public var options: Options

  public init(region: String, service: String, options: Options = .standard) {
    self.region = region
    self.service = service
    self.options = options
  }

  /// The request with `Host`, `X-Amz-Date`, `Authorization` and, for temporary credentials,
  /// `X-Amz-Security-Token`; headers of these names that it carried already are replaced.
  /// - Parameter date: seconds since 1970.
  public func sign(_ request: HTTPRequest, credentials: Credentials, date: Double) -> HTTPRequest {
    steps(request, credentials: credentials, date: date).request
  }

  /// `sign`, with the intermediate texts of the algorithm.
  public func steps(_ request: HTTPRequest, credentials: Credentials, date: Double) -> Signed {
    let digest = SHA256.hexadecimal(SHA256.digest(request.body))
    let timestamp = Self.timestamp(date)
    var request = request
    request.setHeader("Host", request.host)
    request.setHeader("X-Amz-Date", timestamp)
    request.removeHeader("Authorization")
    if let token = credentials.sessionToken { request.setHeader("X-Amz-Security-Token", token) }
    if options.contentSHA256Header { request.setHeader("X-Amz-Content-SHA256", digest) }

    let headers = canonicalHeaders(request)
    let signedNames = headers.map(\.name).joined(separator: ";")
    let canonical = [
      request.method, canonicalPath(request.path), canonicalQuery(request.query),
      headers.map { "\($0.name):\($0.value)\n" }.joined(), signedNames, digest,
    ].joined(separator: "\n")

    let day = String(timestamp.prefix(8))
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let stringToSign = [
      "AWS4-HMAC-SHA256", timestamp, scope,
      SHA256.hexadecimal(SHA256.digest(Array(canonical.utf8))),
    ].joined(separator: "\n")
    let key = [day, region, service, "aws4_request"].reduce(
      Array("AWS4\(credentials.secretAccessKey)".utf8)
    ) { key, part in SHA256.authenticate(Array(part.utf8), key: key) }
    let signature = SHA256.hexadecimal(
      SHA256.authenticate(Array(stringToSign.utf8), key: key))
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
      + "SignedHeaders=\(signedNames), Signature=\(signature)"
    request.setHeader("Authorization", authorization)
    return Signed(
      request: request, canonicalRequest: canonical, stringToSign: stringToSign,
      authorization: authorization)
  }

  /// ISO 8601's basic format in UTC: `20150830T123600Z`.
  static func timestamp(_ date: Double) -> String {
    WireTimestamp.text(date.rounded(.down), format: .iso8601).filter { $0 != "-" && $0 != ":" }
  }

  private func canonicalPath(_ path: String) -> String {
    var path = path.isEmpty ? "/" : path
    if options.normalizePath { path = normalized(path) }
    return options.doubleEncodePath ? PercentEncoding.encode(path, keepingSlashes: true) : path
  }

  /// RFC 3986, 5.2.4 (remove dot segments), and no empty segments.
  private func normalized(_ path: String) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." {
        _ = segments.popLast()
      } else {
        segments.append(segment)
      }
    }
    let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.joined(separator: "/") + end
  }

  /// Sorted by the bytes of the encoded names, then of the encoded values.
  private func canonicalQuery(_ query: [HTTPRequest.QueryItem]) -> String {
    query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value ?? "")) }
      .sorted { $0 < $1 }
      .map { "\($0)=\($1)" }
      .joined(separator: "&")
  }

  /// Headers by lower-case name: values trimmed, runs of blanks made one, repeated headers joined
  /// in their order.
  private func canonicalHeaders(_ request: HTTPRequest) -> [HTTPRequest.Header] {
    var values: [String: [String]] = [:]
    for header in request.headers {
      let name = header.name.lowercased()
      if Self.unsignedHeaders.contains(name) { continue }
      let value = header.value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      values[name, default: []].append(value)
    }
    return values.sorted { $0.key < $1.key }
      .map { HTTPRequest.Header($0.key, $0.value.joined(separator: ",")) }
  }

  /// Headers that proxies or the HTTP library may change on the way.
  private static let unsignedHeaders: Set<String> = [
    "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
  ]
}
