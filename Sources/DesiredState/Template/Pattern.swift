import Foundation

/// A regular expression of the registry or a template, in the dialect of ECMA-262 or Python.
struct Pattern {
  /// As it was written.
  let source: String
  private let expression: NSRegularExpression

  /// `nil` where it cannot be understood.
  init?(_ source: String, wholeText: Bool = false) {
    self.source = source
    let translated = Self.translated(source)
    let text = wholeText ? "\\A(?:\(translated))\\z" : translated
    guard let expression = try? NSRegularExpression(pattern: text) else { return nil }
    self.expression = expression
  }

  /// Java's class of printable ASCII, behind `\p`.
  private static let printable = "{Print}"

  /// The pattern for ECMA-262 with its flag `u`, as editors read it: `$` instead of Python's `\Z`, a range
  /// instead of Java's `\p{Print}`, and nothing escaped that need not be: a hyphen may be within brackets only.
  static func forEditors(_ source: String) -> String {
    var text = ""
    var rest = source[...]
    var isInSet = false
    while let character = rest.popFirst() {
      guard character == "\\", let escaped = rest.popFirst() else {
        if character == "[" { isInSet = true } else if character == "]" { isInSet = false }
        text.append(character)
        continue
      }
      if escaped == "Z" {
        text += "$"
      } else if escaped == "p", rest.hasPrefix(Self.printable) {
        rest.removeFirst(Self.printable.count)
        text += isInSet ? " -~" : "[ -~]"
      } else if escaped.isLetter || escaped.isNumber || "^$\\.*+?()[]{}|/".contains(escaped)
        || escaped == "-" && isInSet
      {
        text += "\\\(escaped)"
      } else {
        text.append(escaped)
      }
    }
    return text
  }

  /// Whether the pattern is found in the text. A very long text counts as matching: the expressions
  /// with nested repetitions among the registry's would take too long.
  func matches(_ text: String) -> Bool {
    guard text.utf8.count <= 10_000 else { return true }
    let range = NSRange(text.startIndex..., in: text)
    return expression.firstMatch(in: text, range: range) != nil
  }

  /// In ICU's dialect `[`, `&&` and `--` within brackets are set operators; elsewhere plain characters.
  /// `$` and Python's `\Z` are the very end.
  private static func translated(_ source: String) -> String {
    var text = ""
    var isInSet = false
    var isSetStart = false
    var isEscaped = false
    for (index, character) in zip(source.indices, source) {
      if isEscaped {
        text += !isInSet && character == "Z" ? "z" : String(character)
        isEscaped = false
        isSetStart = false
        continue
      }
      switch character {
      case "\\":
        isEscaped = true
        text.append(character)
        continue
      case "[" where isInSet, "&" where isInSet: text += "\\\(character)"
      // At either end it stands for itself, also beside another.
      case "-" where isInSet && (isSetStart || source[index...].dropFirst().first == "]"):
        text += "\\-"
      case "[":
        isInSet = true
        isSetStart = true
        text.append(character)
        continue
      case "]" where isInSet && !isSetStart:
        isInSet = false
        text.append(character)
      case "$" where !isInSet: text += "\\z"
      case "^" where isInSet && isSetStart:
        text.append(character)
        continue
      default: text.append(character)
      }
      isSetStart = false
    }
    return text
  }
}
