import TrueupCore

/// One value of a DNS record.
/// Source: Route 53 Developer Guide, "Supported DNS record types"; RFC 1035, 2782, 8659.
enum RecordValue {
  static let types = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV",
    "SSHFP", "SVCB", "TLSA", "TXT",
  ]

  /// Why Route 53 refuses the value; `nil` where it takes it.
  static func problem(_ text: String, type: String) -> String? {
    let fields = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    switch type {
    case "A":
      return isAddress(text, bytes: 4) ? nil : "is no IPv4 address such as 192.0.2.1"
    case "AAAA":
      return isAddress(text, bytes: 16) ? nil : "is no IPv6 address such as 2001:db8::1"
    case "CNAME", "NS", "PTR": return DomainText.problem(text)
    case "MX":
      guard fields.count == 2, isNumber(fields[0]) else {
        return "is no MX value; it is a preference and a name, such as 10 mail.example.com"
      }
      return DomainText.problem(fields[1])
    case "SRV":
      guard fields.count == 4, fields.prefix(3).allSatisfy({ isNumber($0) }) else {
        return "is no SRV value; it is priority, weight, port and a name, such as 1 10 5269 "
          + "xmpp.example.com"
      }
      return DomainText.problem(fields[3])
    case "TXT", "SPF": return problem(ofText: text)
    case "CAA":
      guard fields.count >= 3, isNumber(fields[0], 0...255),
        fields[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
        fields[2].hasPrefix("\""), text.hasSuffix("\""), text.filter({ $0 == "\"" }).count == 2
      else {
        return
          "is no CAA value; it is flags, a tag and a quoted text, such as 0 issue \"amazon.com\""
      }
      return nil
    case "DS":
      guard fields.count == 4, isNumber(fields[0]), isNumber(fields[1], 0...255),
        isNumber(fields[2], 0...255), isHexadecimal(fields[3])
      else { return "is no DS value; it is key tag, algorithm, digest type and digest" }
      return nil
    case "SOA":
      guard fields.count == 7, fields.suffix(5).allSatisfy({ isNumber($0, 0...4_294_967_295) })
      else { return "is no SOA value; it is two names and five numbers" }
      return nil
    case "SSHFP":
      guard fields.count == 3, isNumber(fields[0], 0...255), isNumber(fields[1], 0...255),
        isHexadecimal(fields[2])
      else { return "is no SSHFP value; it is algorithm, type and fingerprint" }
      return nil
    case "TLSA":
      guard fields.count == 4, fields.prefix(3).allSatisfy({ isNumber($0, 0...255) }),
        isHexadecimal(fields[3])
      else { return "is no TLSA value; it is usage, selector, matching type and data" }
      return nil
    case "NAPTR":
      guard fields.count >= 6, isNumber(fields[0]), isNumber(fields[1]) else {
        return
          "is no NAPTR value; it is order, preference, flags, service, expression and replacement"
      }
      return nil
    case "HTTPS", "SVCB":
      guard fields.count >= 2, isNumber(fields[0]) else {
        return "is no \(type) value; it is a priority, a name and parameters"
      }
      return fields[1] == "." ? nil : DomainText.problem(fields[1])
    default: return nil
    }
  }

  /// What Route 53 takes, and is hardly meant.
  static func doubt(_ text: String, type: String) -> String? {
    switch type {
    case "CNAME", "NS", "PTR", "MX", "SRV":
      let name = text.split(separator: " ").last.map(String.init) ?? text
      if isAddress(name, bytes: 4) { return "names an address where a name is wanted" }
      if name.contains("://") { return "is an URL where a name is wanted" }
    case "CAA":
      let tag = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      let tags = [
        "issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone",
      ]
      if !tags.contains(tag.lowercased()) {
        return "has the tag \(tag.quoted), which is not known"
          + Spelling.suggestion(for: tag, among: tags)
      }
    default: break
    }
    return nil
  }

  private static func isAddress(_ text: String, bytes: Int) -> Bool {
    guard !text.contains("/"), let network = Network(text) else { return false }
    return network.bytes.count == bytes
  }

  private static func isNumber(_ text: String, _ range: ClosedRange<Int> = 0...65535) -> Bool {
    text.allSatisfy { $0.isASCII && $0.isNumber } && Int(text).map(range.contains) ?? false
  }

  private static func isHexadecimal(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  /// One or more texts in double quotes, each of at most 255 characters.
  private static func problem(ofText text: String) -> String? {
    var rest = text[...].drop { $0 == " " }
    guard rest.first == "\"" else {
      return "must stand in double quotes: \"\\\"\(text.prefix(40))\\\"\""
    }
    while let first = rest.first {
      guard first == "\"" else { return "has characters between its quoted parts" }
      rest = rest.dropFirst()
      var length = 0
      var isClosed = false
      while let character = rest.first, !isClosed {
        rest = rest.dropFirst()
        switch character {
        case "\"": isClosed = true
        case "\\":
          let digits = rest.prefix(3)
          rest = rest.dropFirst(digits.count == 3 && digits.allSatisfy(\.isNumber) ? 3 : 1)
          length += 1
        default: length += 1
        }
      }
      guard isClosed else { return "has a double quote that is not closed" }
      if length > 255 {
        return
          "has a part of \(length) characters; each may have 255: write \\\"first\\\" \\\"second\\\""
      }
      rest = rest.drop { $0 == " " }
    }
    return nil
  }
}

/// A domain name as Route 53 takes it.
/// Source: Route 53 Developer Guide, "DNS domain name format".
enum DomainText {
  static func problem(_ text: String) -> String? {
    if text.isEmpty { return "is empty where a domain name is wanted" }
    if text == "." { return nil }
    if let character = text.unicodeScalars.first(where: { $0.value <= 32 || $0.value >= 127 }) {
      return character.value >= 127
        ? "has letters beyond ASCII; write it in Punycode (xn--…)"
        : "has a space; a domain name has none"
    }
    let labels = (text.hasSuffix(".") ? text.dropLast() : text[...]).split(
      separator: ".", omittingEmptySubsequences: false)
    if labels.contains(where: \.isEmpty) {
      return "has two dots in a row where a domain name is wanted"
    }
    // An escape stands for one character.
    if let long = labels.first(where: { $0.replacing(/\\\d{3}/, with: "x").count > 63 }) {
      return "has a part of \(long.count) characters between its dots; each may have 63"
    }
    return text.replacing(/\\\d{3}/, with: "x").count > 255 ? "is longer than 255 characters" : nil
  }

  /// In lower case, without the dot at the end.
  static func normal(_ text: String) -> String {
    let lowered = text.lowercased().replacing("\\052", with: "*")
    return lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
  }
}
