/// Widths on a terminal, for alignment.
extension Character {
  /// Columns that the character takes: 2 for East Asian wide ones and emoji, 0 for combining marks.
  /// Source: Unicode Standard Annex #11, "East Asian Width" (ranges, without ambiguous characters).
  var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension String {
  /// Columns that the text takes on a terminal.
  var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text with spaces after it up to a width in columns.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }

  var withoutTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// The text in one line and without control characters: names, values and messages come from
  /// outside and must not steer the terminal.
  var printable: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return self
    }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": text += " "
      case _ where scalar.properties.generalCategory == .control:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// Aligns the cells of a table: every column but the last as wide as its widest cell, two spaces
/// between them, no trailing spaces.
func aligned(_ rows: [[String]], gap: Int = 2) -> [String] {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { $0.indices.contains(column) ? $0[column].columns : 0 }.max() ?? 0
  }
  let space = String(repeating: " ", count: gap)
  return rows.map { row in
    zip(row, widths).map { $0.padded(to: $1) }.joined(separator: space).withoutTrailingSpaces
  }
}

extension String {
  /// As much of the beginning as fits, so that the line does not wrap.
  func prefix(columns limit: Int) -> String {
    var used = 0
    return String(
      prefix { character in
        used += character.columns
        return used <= limit
      })
  }
}
