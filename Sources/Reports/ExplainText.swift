import Document
import TrueupCore

/// The answer of `trueup explain`.
public enum ExplainText {
  /// Name, facts, members and attributes, ending in a line break.
  public static func render(_ explanation: Explanation, style: TextStyle = .plain) -> String {
    var lines = [style.paint(explanation.name, .bold)]
    let width = explanation.facts.map(\.label.count).max() ?? 0
    lines += explanation.facts.map { "  \($0.label.padded(to: width))  \($0.text)" }
    lines += table(explanation.attributes, "Attributes, for Fn::GetAtt:")
    lines += table(
      explanation.members, explanation.name.contains(".") ? "Members:" : "Properties:")
    return lines.map { $0 + "\n" }.joined()
  }

  /// The types that can be explained.
  public static func types(_ types: [String]) -> String {
    types.map { $0 + "\n" }.joined()
  }

  /// The types for programs.
  public static func json(types: [String]) -> Document {
    ["formatVersion": 1, "types": .list(types.map { .string($0) })]
  }

  /// An explanation for programs.
  public static func json(_ explanation: Explanation) -> Document {
    var members: [String: Document] = [
      "formatVersion": 1, "name": .string(explanation.name),
      "members": .list(explanation.members.map(json)),
    ]
    if !explanation.attributes.isEmpty {
      members["attributes"] = .list(explanation.attributes.map(json))
    }
    for fact in explanation.facts { members[fact.key] = fact.value }
    return .object(members)
  }

  private static func json(_ member: Explanation.Member) -> Document {
    [
      "name": .string(member.name), "type": .string(member.type),
      "notes": .list(member.notes.map { .string($0) }),
    ]
  }

  private static func table(_ members: [Explanation.Member], _ title: String) -> [String] {
    guard !members.isEmpty else { return [] }
    let names = members.map(\.name.count).max() ?? 0
    let types = members.filter { !$0.notes.isEmpty }.map(\.type.count).max() ?? 0
    return ["", title]
      + members.map { member in
        let head = "  \(member.name.padded(to: names))  "
        guard !member.notes.isEmpty else { return head + member.type }
        return head + member.type.padded(to: types) + "  " + member.notes.joined(separator: ", ")
      }
  }
}
