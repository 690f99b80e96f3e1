import Document

/// The endpoint of a service in a region, by AWS's partitions and what the configuration overrides.
///
/// Rules: "Service-specific endpoints" in the AWS SDKs and Tools Reference Guide.
public struct EndpointResolver: Sendable {
  private let configuration: SharedConfiguration
  private let partitions: Document

  /// - Parameter partitions: as `ServiceModel.embeddedPartitions()` gives them.
  public init(configuration: SharedConfiguration, partitions: Document) {
    self.configuration = configuration
    self.partitions = partitions
  }

  /// A global service (IAM, say) is signed for its partition's home region, whatever region is asked
  /// for and whatever endpoint is configured; a custom endpoint changes scheme, host and base path only.
  /// - Throws: `configuration` for a region that is none, an endpoint that is no URL, or a variant of
  ///   endpoint (FIPS, dual-stack) that is asked for without naming it.
  public func endpoint(
    for model: ServiceModel, region: String
  ) throws(AWSError) -> Endpoint {
    guard !region.isEmpty, region.utf8.allSatisfy(Self.isLabelByte) else {
      throw .configuration(place: "region", reason: "`\(region)` is not a region's name")
    }
    var endpoint = standard(model, region)
    if let custom = try custom(model) {
      endpoint.target = custom
    } else {
      try refuseVariants(model)
    }
    return endpoint
  }

  /// The partition's id, `aws`, `aws-cn`, ...: the one that lists the region, else whose pattern fits,
  /// else `aws`.
  public func partition(of region: String) -> String {
    let members = partitions.object ?? [:]
    let listing = members.first { $0.value["regions"]?.list?.contains(.string(region)) == true }
    let fitting = members.first { _, partition in
      // A pattern of the pinned data that Swift could not read would fit nothing.
      guard let pattern = partition["regionRegex"]?.string,
        let regex = try? Regex(pattern)
      else { return false }
      return region.wholeMatch(of: regex) != nil
    }
    return (listing ?? fitting)?.key ?? "aws"
  }

  private func standard(_ model: ServiceModel, _ region: String) -> Endpoint {
    let id = partition(of: region)
    let partition = partitions[id]
    let suffix = partition?["dnsSuffix"]?.string ?? "amazonaws.com"
    let service = partition?["services"]?[model.name]
    let isGlobal =
      (service ?? partitions["aws"]?["services"]?[model.name])?["isRegionalized"]?.bool == false
    let home = partition?["implicitGlobalRegion"]?.string ?? region
    let key = isGlobal ? service?["partitionEndpoint"]?.string ?? home : region
    let listed = service?["endpoints"]?[key]
    let region = listed?["credentialScope"]?["region"]?.string ?? (isGlobal ? home : region)
    let host = listed?["hostname"]?.string ?? "\(model.endpointPrefix).\(region).\(suffix)"
    return Endpoint(target: RequestTarget(host: host), signingRegion: region)
  }

  private func custom(_ model: ServiceModel) throws(AWSError) -> RequestTarget? {
    if isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") != nil {
      return nil
    }
    let name = model.serviceID.map { $0 == " " ? "_" : $0 }
    for variable in [Self.variable(model), "AWS_ENDPOINT_URL"] {
      if let url = configuration.environment[variable] {
        return try RequestTarget(url: url, place: variable)
      }
    }
    guard let setting = configuration.endpointURL(String(name).lowercased()) else { return nil }
    return try RequestTarget(url: setting.value, place: setting.place)
  }

  private func refuseVariants(_ model: ServiceModel) throws(AWSError) {
    for (variable, setting) in [
      ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
      ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    ] {
      guard let place = isOn(variable, setting) else { continue }
      throw .configuration(
        place: place,
        reason: "is not supported: name the endpoint in \(Self.variable(model)) instead")
    }
  }

  /// The place that switches something on; `nil` where nothing does.
  private func isOn(_ variable: String, _ setting: String) -> String? {
    if let value = configuration.environment[variable] {
      return value.lowercased() == "true" ? variable : nil
    }
    guard let setting = configuration.setting(setting) else { return nil }
    return setting.value.lowercased() == "true" ? setting.place : nil
  }

  private static func variable(_ model: ServiceModel) -> String {
    "AWS_ENDPOINT_URL_"
      + String(model.serviceID.map { $0 == " " || $0 == "-" ? "_" : $0 }).uppercased()
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
  }
}
