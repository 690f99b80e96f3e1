import Document

/// The endpoint of a service in a region, by AWS's partitions and what the configuration overrides.
///
/// Rules: "Service-specific endpoints" in the AWS SDKs and Tools Reference Guide; the rule sets that
/// AWS's SDKs carry for each service.
public struct EndpointResolver: Sendable {
  private let configuration: SharedConfiguration
  private let partitions: Document
  private let variant: EndpointVariant

  /// - Parameter partitions: as `ServiceModel.embeddedPartitions()` gives them.
  public init(configuration: SharedConfiguration, partitions: Document) {
    self.configuration = configuration
    self.partitions = partitions
    variant = EndpointVariant(configuration)
  }

  /// A global service (IAM, say) is signed for its partition's home region, whatever region is asked
  /// for and whatever endpoint is configured; a custom endpoint changes scheme, host and base path only.
  /// - Throws: `configuration` for a region that is none, an endpoint that is no URL, and a FIPS or
  ///   dual-stack endpoint that AWS does not have, or that is asked for beside one that is named.
  public func endpoint(
    for model: ServiceModel, region: String
  ) throws(AWSError) -> Endpoint {
    guard !region.isEmpty, region.utf8.allSatisfy(Self.isLabelByte) else {
      throw .configuration(place: "region", reason: "`\(region)` is not a region's name")
    }
    let custom = try custom(model)
    if let custom, let place = variant.place {
      throw .configuration(
        place: place,
        reason: "\(variant.title) endpoints are AWS's own: leave this out where \(custom.place) "
          + "names the endpoint of \(model.name)")
    }
    guard let (host, signingRegion) = standard(model, region) else {
      throw .configuration(
        place: variant.place ?? "region",
        reason: "AWS has no \(variant.title) endpoint of \(model.name) in \(region)")
    }
    return Endpoint(
      target: custom?.target ?? RequestTarget(host: host), signingRegion: signingRegion)
  }

  /// What is `nil` in the embedded data is an endpoint that there is not.
  private func standard(_ model: ServiceModel, _ region: String)
    -> (host: String, signingRegion: String)?
  {
    let partition = partition(of: region)
    let rule = partition?["services"]?[model.name]?[variant.name]
    if rule == .null { return nil }
    let found = rule?["regions"]?[region] ?? rule
    let suffix = partition?[variant.dualStack == nil ? "dnsSuffix" : "dualStackDnsSuffix"]?.string
    let prefix = model.endpointPrefix + (variant.fips == nil ? "" : "-fips")
    let host = found?["host"]?.string ?? "\(prefix).{region}.\(suffix ?? "amazonaws.com")"
    return (
      host.replacing("{region}", with: region), found?["signingRegion"]?.string ?? region
    )
  }

  /// The partition that lists the region, else whose pattern fits, else `aws`.
  private func partition(of region: String) -> Document? {
    let members = partitions.object ?? [:]
    return members.values.first { $0["regions"]?.list?.contains(.string(region)) == true }
      ?? members.values.first { partition in
        // A pattern of the pinned data that Swift could not read would fit nothing.
        guard let pattern = partition["regionRegex"]?.string, let regex = try? Regex(pattern)
        else { return false }
        return region.wholeMatch(of: regex) != nil
      } ?? members["aws"]
  }

  private func custom(_ model: ServiceModel) throws(AWSError)
    -> (target: RequestTarget, place: String)?
  {
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")
    if configuration.placeOf(ignored.0, ignored.1) != nil { return nil }
    let name = model.serviceID.map { $0 == " " ? "_" : $0 }
    for variable in [Self.variable(model), "AWS_ENDPOINT_URL"] {
      if let url = configuration.environment[variable] {
        return (try RequestTarget(url: url, place: variable), variable)
      }
    }
    guard let setting = configuration.endpointURL(String(name).lowercased()) else { return nil }
    return (try RequestTarget(url: setting.value, place: setting.place), setting.place)
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
