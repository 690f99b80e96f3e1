import TrueupCore

/// The coverage of the catalog as a page: `trueup kinds --format markdown`, which is `docs/kinds.md`.
public enum KindsMarkdown {
  /// A table of all types, and a section for each with what is not as in CloudFormation.
  public static func render(_ kinds: [KindCoverage]) -> String {
    let rows = kinds.map { kind in
      "| [`\(kind.type)`](#\(anchor(kind.type))) | \(yes(kind.isStateful)) | "
        + "\(yes(kind.isTaggable)) | \(kind.isGlobal ? "account" : "region") |"
    }
    return """
      # Kinds

      The resource types that Trueup covers: \(Wording.count(kinds.count, "type")). This page is made by
      `make docs`, from `trueup kinds --format markdown`.

      Every property of a type that CloudFormation's registry lists and that can be declared may be
      declared, save for those listed under *not supported*. A change of a property listed under
      *replaces* makes a new resource. What is listed under *not compared* is written and not checked
      afterwards, because AWS does not show it. What is listed under *not reset* stays as it is when it
      is taken out of a blueprint.

      | type | holds data | carries tags | lives in |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      \(kinds.map(section).joined(separator: "\n"))
      """
  }

  private static func section(_ kind: KindCoverage) -> String {
    var lines = ["## \(kind.type)", ""]
    if !kind.replacedBy.isEmpty {
      let paths = kind.replacedBy.map { "`\($0)`" }.joined(separator: ", ")
      lines += ["\(kind.makesRevisions ? "Makes a new revision" : "Replaces"): \(paths).", ""]
    }
    let rows =
      rows("not supported", kind.unsupported) + rows("not compared", kind.notReadable)
      + rows("not reset", kind.notResettable)
    if rows.isEmpty {
      lines += ["Every property is supported, compared and reset.", ""]
    } else {
      lines += ["| | property | why |", "|---|---|---|"] + rows + [""]
    }
    return lines.joined(separator: "\n")
  }

  private static func rows(_ title: String, _ reasons: [PropertyPath: String]) -> [String] {
    reasons.sorted { $0.key < $1.key }.map { path, reason in
      "| \(title) | `\(path)` | \(reason.replacing("|", with: "\\|")) |"
    }
  }

  private static func yes(_ isTrue: Bool) -> String { isTrue ? "yes" : "no" }

  /// The anchor that GitHub gives a heading: lower case, without punctuation.
  private static func anchor(_ type: String) -> String {
    type.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
