import Document

/// The DNS options of an endpoint: what the registry says in words, EC2 says by a flag.
enum VPCEndpointDNS {
  private static let inbound = "PrivateDnsOnlyForInboundResolverEndpoint"

  /// What an endpoint has that was never told otherwise.
  static let standard: Document = [
    "DnsRecordIpType": "ipv4", "PrivateDnsOnlyForInboundResolverEndpoint": "AllResolvers",
  ]

  /// EC2's `DnsOptions` in registry terms.
  static func read(_ options: Document) -> Document {
    options.merging(
      .members([
        inbound: options[inbound]?.bool.map { $0 ? "OnlyInboundResolver" : "AllResolvers" }
      ]))
  }

  /// The registry's in EC2's.
  static func input(_ options: Document) -> Document {
    var members = options.object ?? [:]
    switch members[inbound]?.string {
    case "OnlyInboundResolver": members[inbound] = true
    case "AllResolvers": members[inbound] = false
    default: members[inbound] = nil
    }
    if members["DnsRecordIpType"] == "not-specified" { members["DnsRecordIpType"] = nil }
    return .object(members)
  }
}
