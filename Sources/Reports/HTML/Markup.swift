/// HTML that is well-formed XML, too. Safe by construction: whatever is put in as a `String` is
/// escaped; only literals and other markup are taken as they are.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  var text: String

  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Text that is known to be markup: what Graphviz has drawn.
  init(trusted text: String) { self.text = text }

  var isEmpty: Bool { text.isEmpty }

  struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    mutating func appendInterpolation(_ parts: [Markup]) {
      for part in parts { text += part.text }
    }
  }

  /// The text in one line, for element content and attribute values alike.
  /// Source: HTML Living Standard, "Escaping a string".
  static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.printableXML.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension String {
  /// The text in one line, with characters that XML can hold alone.
  /// Source: XML 1.0, production [2] `Char`: no control characters, neither U+FFFE nor U+FFFF.
  var printableXML: String {
    printable.replacing("\u{FFFE}", with: "\u{FFFD}").replacing("\u{FFFF}", with: "\u{FFFD}")
  }
}
