import Document
import TrueupCore

/// The limits of tags.
/// Source: AWS Tagging User Guide, "Tag naming limits and requirements"; Amazon EC2 User Guide, "Tag
/// restrictions": EC2 alone takes any character.
enum TagCheck {
  /// Of the 50 that a resource may have, stack, resource and revision are Trueup's own.
  static let limit = 47

  static func problem(ofKey key: String, takesAny: Bool) -> String? {
    if key.isEmpty { return "a tag needs a key" }
    let length = key.unicodeScalars.count
    if length > 128 {
      return "tag \(key.quoted) has a key of \(length) characters; it may have 128"
    }
    return stranger(in: key, takesAny: takesAny).map {
      "the key of tag \(key.quoted) has \($0); \(allowed)"
    }
  }

  static func problem(ofValue value: String, key: String, takesAny: Bool) -> String? {
    let length = value.unicodeScalars.count
    if length > 256 {
      return "tag \(key.quoted) has a value of \(length) characters; it may have 256"
    }
    return stranger(in: value, takesAny: takesAny).map {
      "the value of tag \(key.quoted) has \($0); \(allowed)"
    }
  }

  private static let allowed = "tags have letters, digits, spaces and _ . : / = + - @"

  /// What a tag cannot have, for people.
  private static func stranger(in text: String, takesAny: Bool) -> String? {
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if scalar.value < 32 || scalar.value == 127 {
        return "the control character U+\(hexadecimal(scalar.value))"
      }
      if takesAny || "_.:/=+-@".unicodeScalars.contains(scalar) { continue }
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber, .letterNumber, .otherNumber, .spaceSeparator, .lineSeparator,
        .paragraphSeparator:
        continue
      default: return "the character '\(scalar)'"
      }
    }
    return nil
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
