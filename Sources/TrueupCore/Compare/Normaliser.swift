import Document

/// Brings property values to one form before they are compared, as a kind's annotations say.
struct Normaliser {
  let annotations: Annotations

  /// The value with every annotated part in its normal form. Values of an unexpected shape stay as
  /// they are: then they differ, and the difference is shown.
  func normal(_ value: Document, at path: PropertyPath) -> Document {
    if let normalisation = annotations.normalisations.first(where: { $0.key.matches(path) })?.value
    {
      return normalisation.apply(to: value)
    }
    switch value {
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.compactMap { key, member in
            member.isNull ? nil : (key, normal(member, at: path.appending(key)))
          }))
    case .list(let elements):
      let inner = path.appending("*")
      let normal = elements.map { self.normal($0, at: inner) }
      return .list(isSet(path) ? Self.withoutRepetition(normal) : normal)
    default:
      return value
    }
  }

  /// Whether the list at a path is a set, in which the same twice is one.
  private func isSet(_ path: PropertyPath) -> Bool {
    annotations.collections.contains { $0.value == .set && $0.key.matches(path) }
  }

  private static func withoutRepetition(_ elements: [Document]) -> [Document] {
    var seen: Set<Document> = []
    return elements.filter { seen.insert($0).inserted }
  }
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
