import TrueupCore

/// Which stacks stay at an earlier revision, and why: for people.
public enum HeldBackText {
  /// A heading per stack with its errors below; ends in a line break. Stacks of the same errors are
  /// told together.
  public static func render(_ held: [HeldBack], style: TextStyle = .plain) -> String {
    var lines: [String] = []
    for group in groups(held) {
      let names = Wording.some(group.map(\.stack), limit: 5)
      let verb = group.count == 1 ? "stays" : "stay"
      let place =
        group[0].revision.map { "\(verb) at \($0.prefix(7))" }
        ?? "\(group.count == 1 ? "is" : "are") left alone: there is no earlier revision to stay at"
      lines.append("\(style.paint("Held back:", .red)) \(names) \(place)")
      lines += group[0].reason.split(separator: "\n").map { "  " + String($0).printable }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func groups(_ held: [HeldBack]) -> [[HeldBack]] {
    var groups: [[HeldBack]] = []
    for one in held.sorted(by: { $0.stack < $1.stack }) {
      let index = groups.firstIndex {
        $0[0].reason == one.reason && $0[0].revision == one.revision
      }
      if let index { groups[index].append(one) } else { groups.append([one]) }
    }
    return groups
  }
}
