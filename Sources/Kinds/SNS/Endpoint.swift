import Digest
import Document

/// What a subscription delivers to.
enum Endpoint {
  /// The properties with the endpoint as SNS shows it: with four asterisks in place of the password
  /// that a URL may hold (SNS API, ListSubscriptions and GetSubscriptionAttributes, in their replies).
  static func shown(_ properties: Document) -> Document {
    guard let url = properties["Endpoint"]?.string, let authority = authority(of: url) else {
      return properties
    }
    // RFC 3986, 3.2: user information ends with the first @ before a slash, and its password begins after
    // its first colon.
    guard let end = authority.firstIndex(of: "@"),
      let colon = authority[..<end].firstIndex(of: ":")
    else { return properties }
    return properties.merging(["Endpoint": .string("\(url[...colon])****\(url[end...])")])
  }

  /// The endpoint as it may stand in an id: the path of a URL may be a secret, and a hash stands in its place.
  static func told(_ endpoint: String) -> String {
    guard let authority = authority(of: endpoint), authority.endIndex < endpoint.endIndex,
      endpoint[authority.endIndex...] != "/"
    else { return endpoint }
    let hash = SHA256.hexadecimal(SHA256.digest(Array(endpoint.utf8))).prefix(16)
    return "\(endpoint[..<authority.endIndex])/#\(hash)"
  }

  /// What stands between the scheme of an address of the web and its path.
  private static func authority(of url: String) -> Substring? {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
    return url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
  }

  /// What tells two subscriptions of a topic apart.
  static func key(_ properties: Document) -> [Document?] {
    [properties["Protocol"], shown(properties)["Endpoint"]]
  }
}
