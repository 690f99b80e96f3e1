import Document

/// What a subscription delivers to.
enum Endpoint {
  /// The properties with the endpoint as SNS shows it: with four asterisks in place of the password
  /// that a URL may hold (SNS API, ListSubscriptions and GetSubscriptionAttributes, in their replies).
  static func shown(_ properties: Document) -> Document {
    guard let url = properties["Endpoint"]?.string,
      let scheme = ["http://", "https://"].first(where: url.hasPrefix)
    else { return properties }
    // RFC 3986, 3.2: user information ends with the first @ before a slash, and its password begins after
    // its first colon.
    let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
    guard let end = authority.firstIndex(of: "@"),
      let colon = authority[..<end].firstIndex(of: ":")
    else { return properties }
    return properties.merging(["Endpoint": .string("\(url[...colon])****\(url[end...])")])
  }

  /// What tells two subscriptions of a topic apart.
  static func key(_ properties: Document) -> [Document?] {
    [properties["Protocol"], shown(properties)["Endpoint"]]
  }
}
