import Document

/// What a subscription delivers to.
enum Endpoint {
  /// The properties with the endpoint as SNS shows it: with four asterisks in place of the password
  /// that a URL may hold (SNS API, ListSubscriptions and GetSubscriptionAttributes, in their replies).
  static func shown(_ properties: Document) -> Document {
    guard let url = properties["Endpoint"]?.string,
      let parts = url.wholeMatch(of: /(https?:\/\/[^:@\/]*):[^@\/]*(@.*)/)
    else { return properties }
    return properties.merging(["Endpoint": .string("\(parts.1):****\(parts.2)")])
  }

  /// What tells two subscriptions of a topic apart.
  static func key(_ properties: Document) -> [Document?] {
    [properties["Protocol"], shown(properties)["Endpoint"]]
  }
}
