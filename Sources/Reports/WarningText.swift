import Document
import TrueupCore

/// What is said of a desired state besides the plan, in each format.
enum WarningText {
  /// More than these are counted: `trueup validate` lists them.
  private static let limit = 20

  /// For a terminal, with an empty line behind them.
  static func lines(_ warnings: [Warning], style: TextStyle) -> [String] {
    guard !warnings.isEmpty else { return [] }
    let shown = warnings.prefix(limit).map { warning in
      (warning.location.map { style.paint("\($0):".printable, .bold) + " " } ?? "")
        + style.paint("warning:", .yellow) + " " + warning.message.printable
    }
    return shown + more(warnings) + [""]
  }

  static func json(_ warning: Warning) -> Document {
    [
      "file": Document(text: warning.location?.file),
      "line": warning.location.map { .integer($0.position.line) } ?? .null,
      "column": warning.location.map { .integer($0.position.column) } ?? .null,
      "message": .string(warning.message),
    ]
  }

  /// Folded: a comment is about what changes.
  static func markdown(_ warnings: [Warning]) -> [String] {
    guard !warnings.isEmpty else { return [] }
    let items = warnings.prefix(limit).map { warning in
      let place = warning.location.map { MarkdownText.code($0.description) + " " } ?? ""
      return "- \(place)\(MarkdownText.text(warning.message))"
    }
    return [
      "<details><summary>\(Wording.count(warnings.count, "warning"))</summary>", "",
    ] + items + more(warnings).map { "- \($0)" } + ["", "</details>", ""]
  }

  static func markup(_ warnings: [Warning]) -> Markup {
    guard !warnings.isEmpty else { return "" }
    let items = warnings.prefix(limit).map { warning -> Markup in
      let place: Markup = warning.location.map { "<code>\($0.description)</code> " } ?? ""
      return "<li>\(place)\(warning.message)</li>\n"
    }
    let rest = more(warnings).map { line -> Markup in "<li>\(line)</li>\n" }
    return "<section>\n<h2>Warnings</h2>\n<ul>\n\(items)\(rest)</ul>\n</section>\n"
  }

  private static func more(_ warnings: [Warning]) -> [String] {
    warnings.count > limit
      ? ["… and \(warnings.count - limit) more; trueup validate lists them"] : []
  }
}
