import Document
import TrueupCore

extension HistoryEntry {
  /// What changed, as the journal kept it: a list in the form of the plan's JSON. What names a path
  /// alone says nothing of values, and is left out.
  public static func differences(_ journaled: Document) -> [Difference] {
    (journaled.list ?? []).compactMap { item in
      guard let path = item["path"]?.string, item["desired"] != nil || item["observed"] != nil
      else { return nil }
      return Difference(
        path: PropertyPath(text: path), desired: item["desired"], observed: item["observed"],
        effect: item["effect"]?.string.flatMap(Effect.init) ?? .update, cause: .pending)
    }
  }

  /// `+ /CidrBlock 10.0.0.0/16` of what was made, `/Port 3000 → 8080` of what was changed, the id of what
  /// was deleted and what it held.
  func values(_ style: TextStyle) -> [String] {
    let limit = style.valueLimit
    switch action {
    case "create": return Contents(members(\.desired), of: stack, valueLimit: limit).lines
    case "delete":
      return (physicalID.map { ["- \(type) \($0)".printable] } ?? [])
        + Contents(members(\.observed), of: stack, valueLimit: limit).goneLines
    default:
      let text = DifferenceText(values: ValueText(stack: stack, limit: limit))
      return differences.flatMap(text.lines)
    }
  }

  /// One side of the differences as a whole: tags stand there one by one.
  private func members(_ side: KeyPath<Difference, Document?>) -> Document {
    var members: [String: Document] = [:]
    for difference in differences {
      guard let property = difference.path.property else { continue }
      let value = difference[keyPath: side]
      if difference.path.components.count == 2, let value {
        members[property] = (members[property] ?? [:])
          .setting(difference.path.components[1], value)
      } else {
        members[property] = value
      }
    }
    return .object(members)
  }
}
