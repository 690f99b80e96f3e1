import Foundation

extension HTTPRequest {
  /// A GET of a URL that the configuration names.
  /// - Parameter place: where the URL was written, for the error. The URL is not shown: it may be
  ///   secret.
  init(url: String, place: String) throws(AWSError) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let name = parts.host, !name.isEmpty,
      parts.user == nil, parts.fragment == nil
    else {
      throw .configuration(place: place, reason: "is not a URL of http:// or https://")
    }
    let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
    self.init(
      method: "GET", scheme: scheme, host: host + (parts.port.map { ":\($0)" } ?? ""),
      path: parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath,
      query: (parts.queryItems ?? []).map { QueryItem($0.name, $0.value) })
  }

  /// The host without port and brackets.
  var hostName: String {
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    return String(host.prefix { $0 != ":" })
  }
}
