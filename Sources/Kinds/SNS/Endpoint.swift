import Document

/// What a subscription delivers to.
enum Endpoint {
  /// The property as SNS shows it: without the password that a URL may hold.
  /// Source: SNS Developer Guide, "Make sure your endpoint is ready to process Amazon SNS messages".
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
