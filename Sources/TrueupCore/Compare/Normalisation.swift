import Document

/// How a value is brought to one form before comparing; applied to both sides.
public enum Normalisation: Hashable, Sendable {
  /// An IPv4 or IPv6 network: host bits cleared, IPv6 lower-case and compressed (RFC 5952).
  case cidr
  /// An IAM policy document: a string holding JSON, or an object.
  case policyDocument
  /// A string holding JSON, or the value itself: compared as values.
  case json
  case lowercased
  /// IP protocols: `6` is `tcp`, `17` `udp`, `1` `icmp`, `58` `icmpv6`, `all` is `-1`.
  case ipProtocol
  /// Numbers and booleans that one side writes as a string.
  case scalarText
  /// An instant: ISO 8601 in any precision, or epoch seconds.
  case timestamp
  /// An ARN ending in `:*` is the one without.
  case logGroupARN
}

extension Normalisation {
  /// The value's normal form; the value itself where it is not of the kind that the rule speaks of.
  func apply(to value: Document) -> Document {
    switch self {
    case .cidr:
      guard let text = value.string else { return value }
      return .string(Network(text)?.description ?? text)
    case .policyDocument:
      return PolicyDocument.normal(Self.parsed(value))
    case .json:
      return Self.parsed(value)
    case .lowercased:
      return value.string.map { .string($0.lowercased()) } ?? value
    case .ipProtocol:
      return Self.ipProtocol(value)
    case .scalarText:
      return Self.scalarText(value)
    case .timestamp:
      return Timestamp.seconds(value).map(Document.double) ?? value
    case .logGroupARN:
      guard let text = value.string, text.hasSuffix(":*") else { return value }
      return .string(String(text.dropLast(2)))
    }
  }

  /// A string that holds JSON, read; anything else as it is.
  private static func parsed(_ value: Document) -> Document {
    guard let text = value.string else { return value }
    do {
      return try JSON.read(Array(text.utf8))
    } catch {
      return value
    }
  }

  /// Source: EC2 API, `IpPermission`: "tcp, udp, icmp, icmpv6, a number, or -1 for all".
  private static func ipProtocol(_ value: Document) -> Document {
    let text: String
    switch value {
    case .integer(let number): text = String(number)
    case .string(let string): text = string.lowercased()
    default: return value
    }
    let names = ["6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"]
    return .string(names[text] ?? text)
  }

  private static func scalarText(_ value: Document) -> Document {
    switch value {
    case .bool(let flag): .string(flag ? "true" : "false")
    case .integer(let number): .string(String(number))
    case .double(let number):
      number == number.rounded() && abs(number) < 1e15
        ? .string(String(Int(number))) : .string(String(number))
    default: value
    }
  }
}
