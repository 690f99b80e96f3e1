import Document
import TrueupCore

/// Security-group rules for people: `tcp 22 from 0.0.0.0/0`.
/// Source of the members: `AWS::EC2::SecurityGroup` `Ingress` and `Egress` property types.
struct RuleText {
  var values: ValueText

  private static let peers = [
    "CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourceSecurityGroupName",
    "SourcePrefixListId", "DestinationSecurityGroupId", "DestinationPrefixListId",
  ]

  /// `nil` where the value is no rule.
  func text(_ rule: Document, of path: PropertyPath) -> String? {
    guard let name = rule["IpProtocol"],
      let peer = Self.peers.lazy.compactMap({ rule[$0] }).first
    else { return nil }
    let direction = path.property?.contains("Egress") ?? false ? "to" : "from"
    let description = rule["Description"].map { " \(quoted($0))" } ?? ""
    return "\(traffic(name, rule)) \(direction) \(values.full(peer))\(description)"
  }

  private func traffic(_ name: Document, _ rule: Document) -> String {
    let text = values.full(name)
    if text == "-1" || text == "all" { return "all traffic" }
    let from = rule["FromPort"].map(values.full)
    let to = rule["ToPort"].map(values.full)
    guard let from, let to, from != "-1" else { return text }
    if text.hasPrefix("icmp") {
      return to == "-1" ? "\(text) type \(from)" : "\(text) type \(from) code \(to)"
    }
    return from == to ? "\(text) \(from)" : "\(text) \(from)-\(to)"
  }

  private func quoted(_ description: Document) -> String {
    description.string.map { Document.string($0).json().printable } ?? values.full(description)
  }
}
