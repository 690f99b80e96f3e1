/// Text from outside as GitHub-flavoured Markdown shows it as it is: in code, where neither mentions
/// nor links nor HTML mean anything.
/// Source: GitHub Flavored Markdown Spec, 6.3 "Code spans", 4.5 "Fenced code blocks", 4.10 "Tables".
enum MarkdownText {
  /// A code span in one line, also within a table.
  static func code(_ text: String) -> String {
    let line = text.printable
    guard !line.isEmpty else { return "" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
    // A space at both ends is taken away again where the text begins or ends in a backtick.
    let needsSpace = line.hasPrefix("`") || line.hasSuffix("`")
    let space = needsSpace ? " " : ""
    // A table splits its cells at bars before it looks for code spans.
    return fence + space + line.replacing("|", with: "\\|") + space + fence
  }

  /// A fenced block of lines.
  static func block(_ lines: [String], language: String) -> [String] {
    let printable = lines.map(\.printable)
    let longest = printable.map { longestRun(of: "`", in: $0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return [fence + language] + printable + [fence]
  }

  /// Text outside code, within Markdown, its tables and its HTML alike: what could mean something is an
  /// entity, which never does (GFM Spec 6.2). A space of zero width keeps mentions and references to
  /// issues from becoming links.
  static func text(_ text: String) -> String {
    text.printable.unicodeScalars.map { scalar in
      switch scalar {
      case "@", "#": "\(scalar)\u{200B}"
      case _ where #"&<>"\`*_[]|~!"#.unicodeScalars.contains(scalar): "&#\(scalar.value);"
      default: String(scalar)
      }
    }.joined()
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var (longest, run) = (0, 0)
    for other in text {
      run = other == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
