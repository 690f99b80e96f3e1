/// Which of a service's endpoints the configuration asks for: those with FIPS 140 cryptography, those
/// that answer over IPv6 too, both, or neither.
///
/// Rules: "Dual-stack and FIPS endpoints" in the AWS SDKs and Tools Reference Guide.
struct EndpointVariant: Hashable, Sendable {
  /// The place that switches FIPS endpoints on; `nil` where nothing does. Likewise for dual-stack.
  var fips: String?
  var dualStack: String?

  init(_ configuration: SharedConfiguration) {
    fips = configuration.placeOf("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    dualStack = configuration.placeOf("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
  }

  /// As the embedded partitions call it.
  var name: String {
    switch (dualStack, fips) {
    case (nil, nil): "plain"
    case (nil, _?): "fips"
    case (_?, nil): "dualstack"
    case (_?, _?): "dualstack-fips"
    }
  }

  /// For people.
  var title: String {
    [dualStack.map { _ in "dual-stack" }, fips.map { _ in "FIPS" }].compactMap(\.self)
      .joined(separator: " ")
  }

  /// A place that asks for another endpoint than the plain one.
  var place: String? { fips ?? dualStack }
}

extension SharedConfiguration {
  /// The place that switches something on, a variable before the profile's setting; `nil` where
  /// nothing does.
  func placeOf(_ variable: String, _ setting: String) -> String? {
    value(variable, setting).flatMap { $0.value.lowercased() == "true" ? $0.place : nil }
  }
}
