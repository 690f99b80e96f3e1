import Document

/// Domain names as Route 53 takes and shows them.
///
/// It shows them in lower case with a dot at the end, and what is neither letter, digit, hyphen,
/// underscore nor dot as a backslash and three octal digits: `\052.example.com.` is `*.example.com`.
/// Source: Route 53 Developer Guide, "DNS domain name format".
enum DomainName {
  /// The same for all ways of writing one name: in lower case, without escapes and without the dot.
  static func normal(_ name: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self).lowercased()
  }

  static func normal(_ value: Document) -> Document {
    value.string.map { .string(normal($0)) } ?? value
  }

  /// Whether a name is the domain or lies in it.
  static func lies(_ name: String, in domain: String) -> Bool {
    let (name, domain) = (normal(name), normal(domain))
    return name == domain || name.hasSuffix("." + domain)
  }
}
