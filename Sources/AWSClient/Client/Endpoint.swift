/// Where a service's requests go, and the region they are signed for.
public struct Endpoint: Hashable, Sendable {
  public var target: RequestTarget
  public var signingRegion: String

  public init(target: RequestTarget, signingRegion: String) {
    self.target = target
    self.signingRegion = signingRegion
  }
}

extension RequestTarget {
  /// The target that a custom endpoint names: `http` or `https`, host, port, base path.
  /// S3 buckets are addressed by path there, and no host prefix is used.
  /// - Parameter place: where the URL was written, for the error.
  init(url: String, place: String) throws(AWSError) {
    func refuse(_ reason: String) -> AWSError {
      .configuration(place: place, reason: "\(reason), in `\(url)`")
    }
    let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    let scheme = parts[0].lowercased()
    guard parts.count == 2, scheme == "http" || scheme == "https" else {
      throw refuse("an endpoint begins with http:// or https://")
    }
    let rest = parts[1]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    var host = rest[..<slash].lowercased()
    guard !rest.contains(where: { "?#@\\".contains($0) || $0.isWhitespace }) else {
      throw refuse("an endpoint has no user, query or fragment")
    }
    let labels = host.split(separator: ":", omittingEmptySubsequences: false)
    let isBracketed = host.hasPrefix("[") && host.contains("]")
    guard labels.first?.isEmpty == false, isBracketed || labels.count <= 2,
      isBracketed || labels.count == 1 || UInt16(labels[1]) != nil
    else { throw refuse("an endpoint has a host and, where needed, a port") }
    let standardPort = scheme == "https" ? ":443" : ":80"
    if host.hasSuffix(standardPort) { host.removeLast(standardPort.count) }
    var base = rest[slash...]
    while base.hasSuffix("/") { base.removeLast() }
    self.init(
      scheme: scheme, host: host, basePath: String(base), bucketAddressing: .path,
      usesHostPrefix: false)
  }
}
