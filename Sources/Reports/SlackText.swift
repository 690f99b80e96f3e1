/// Text for Slack's mrkdwn, within a limit.
/// Source: Slack, "Formatting text for app surfaces" (escaping), "Section block" and "Header block"
/// (limits).
enum SlackText {
  /// The text with `&`, `<` and `>` escaped, cut at so many UTF-16 units, the sign of the cut
  /// included. Never cuts an escape in two.
  static func escaped(_ text: String, limit: Int) -> String {
    cut(text, limit: limit) { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }
  }

  /// The text as it is, cut at so many UTF-16 units; for `plain_text`, which needs no escapes.
  static func plain(_ text: String, limit: Int) -> String {
    cut(text, limit: limit) { String($0) }
  }

  /// A text within a line: as `escaped`, and without what would begin a code block or a line.
  static func line(_ text: String, limit: Int) -> String {
    escaped(text.replacing("`", with: "'").replacing("\n", with: " "), limit: limit)
  }

  /// Lines in fixed width; what would end the block early is changed.
  static func block(_ lines: [String], limit: Int) -> String {
    let fence = "```"
    let text = lines.joined(separator: "\n").replacing(fence, with: "'''")
    return fence + escaped(text, limit: limit - 2 * fence.count) + fence
  }

  private static func cut(
    _ text: String, limit: Int, _ write: (Character) -> String
  ) -> String {
    var pieces: [String] = []
    var length = 0
    for character in text {
      let piece = write(character)
      pieces.append(piece)
      length += piece.utf16.count
      guard length > limit else { continue }
      while length > limit - 1, let last = pieces.popLast() { length -= last.utf16.count }
      return pieces.joined() + "…"
    }
    return pieces.joined()
  }
}
