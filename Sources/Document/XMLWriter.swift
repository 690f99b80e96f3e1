/// Escaping for XML that is sent to AWS.
///
/// Beside what XML 1.0 requires, the characters that a reader would normalise (section 2.11, and
/// XML 1.1's line ends) are written as references, so that they arrive as they were sent. AWS's
/// rest-xml protocol tests ask for this.
public enum XMLWriter {
  /// The text between two tags.
  public static func escapeText(_ text: String) -> String {
    escape(text, quotation: false)
  }

  /// The text between an attribute's double quotation marks.
  public static func escapeAttribute(_ value: String) -> String {
    escape(value, quotation: true)
  }

  private static func escape(_ text: String, quotation: Bool) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"" where quotation: escaped += "&quot;"
      case "\t" where quotation: escaped += "&#x9;"
      case "\r": escaped += "&#xD;"
      case "\n": escaped += "&#xA;"
      case "\u{85}": escaped += "&#x85;"
      case "\u{2028}": escaped += "&#x2028;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
