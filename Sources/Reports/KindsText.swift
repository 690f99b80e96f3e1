import Document
import TrueupCore

/// The coverage of the catalog: `trueup kinds`.
public enum KindsText {
  /// A paragraph per type and a line with the count, ending in a line break.
  public static func render(_ kinds: [KindCoverage], style: TextStyle = .plain) -> String {
    let paragraphs = kinds.map { kind in
      ([heading(kind, style: style)] + details(kind)).map { $0 + "\n" }.joined()
    }
    return paragraphs.joined() + "\(Wording.count(kinds.count, "type"))\n"
  }

  /// The same for programs.
  public static func json(_ kinds: [KindCoverage]) -> Document {
    [
      "formatVersion": 1,
      "kinds": .list(
        kinds.map { kind in
          [
            "type": .string(kind.type),
            "stateful": .bool(kind.isStateful),
            "taggable": .bool(kind.isTaggable),
            "global": .bool(kind.isGlobal),
            "replacedBy": .list(kind.replacedBy.map { .string($0.description) }),
            "unsupported": reasons(kind.unsupported),
            "notReadable": reasons(kind.notReadable),
            "notResettable": reasons(kind.notResettable),
          ]
        }),
    ]
  }

  private static func heading(_ kind: KindCoverage, style: TextStyle) -> String {
    let traits = [
      kind.isStateful ? "stateful" : nil, kind.isTaggable ? nil : "carries no tags",
      kind.isGlobal ? "global" : nil,
    ].compactMap(\.self)
    let name = style.paint(kind.type, .bold)
    return traits.isEmpty ? name : "\(name)   \(traits.joined(separator: ", "))"
  }

  private static func details(_ kind: KindCoverage) -> [String] {
    var lines: [String] = []
    if !kind.replacedBy.isEmpty {
      let paths = kind.replacedBy.map(\.description).joined(separator: " ")
      lines.append("  \(kind.makesRevisions ? "new revision" : "replaced by ")  \(paths)")
    }
    lines += listed("not supported", kind.unsupported)
    lines += listed("not compared", kind.notReadable)
    lines += listed("not reset", kind.notResettable)
    return lines
  }

  private static func listed(_ title: String, _ reasons: [PropertyPath: String]) -> [String] {
    reasons.sorted { $0.key < $1.key }.map { path, reason in
      "  \(title.padded(to: 13)) \(path): \(reason)"
    }
  }

  private static func reasons(_ reasons: [PropertyPath: String]) -> Document {
    .list(
      reasons.sorted { $0.key < $1.key }.map { path, reason in
        ["path": .string(path.description), "reason": .string(reason)]
      })
  }
}
