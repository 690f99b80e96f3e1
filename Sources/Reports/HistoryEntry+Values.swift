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
  /// was deleted.
  func values(_ style: TextStyle) -> [String] {
    let values = ValueText(stack: stack, limit: style.valueLimit)
    let lines: [String]
    switch action {
    case "create":
      var change = Change(
        address: Address(stack: stack, resource: resource), type: type, action: .create, cause: .new
      )
      var members: [String: Document] = [:]
      for difference in differences {
        guard let property = difference.path.property else { continue }
        if difference.path.components.count == 2, let value = difference.desired {
          let old = members[property] ?? [:]
          members[property] = old.setting(difference.path.components[1], value)
        } else {
          members[property] = difference.desired
        }
      }
      change.desired = .object(members)
      lines = Contents(change, valueLimit: style.valueLimit).lines
    case "delete":
      lines = physicalID.map { ["- \(type) \($0)".printable] } ?? []
    default:
      lines = differences.flatMap(DifferenceText(values: values).lines)
    }
    return lines
  }
}
