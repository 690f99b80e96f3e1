/// Command lines and what programs say, as texts.
enum CommandWords {
  /// The words of a command line as a POSIX shell splits it, without anything else that a shell does;
  /// `nil` where a quote has no end.
  static func split(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        // Between double quotes a backslash stands for itself before most characters.
        if quote == "\"", character != "\"", character != "\\" { word?.append("\\") }
        word?.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        word = word ?? ""
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        word = word ?? ""
        quote = character
      } else if quote == nil, character.isWhitespace {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { return nil }
    return words + (word.map { [$0] } ?? [])
  }

  /// The end of what a program said, on one line, with every word that could be a secret left out:
  /// those of 16 characters and more with digits in them, as keys and tokens are.
  static func withoutSecrets(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).map { word in
      let parts = word.split(omittingEmptySubsequences: false) { "\"'=:,;()<>[]{}".contains($0) }
      let isSecret = parts.contains { $0.count >= 16 && $0.contains(where: \.isNumber) }
      return isSecret ? "…" : String(word)
    }
    let line = words.joined(separator: " ")
    return line.count > 300 ? "…" + line.suffix(300) : line
  }
}
