import Document

/// What a policy took for granted and does no more. Statement by statement: what several statements
/// grant together is not added up, so that a policy that is written anew may count although it says the
/// same.
/// Source: IAM User Guide, "IAM JSON policy elements reference".
enum PolicyLoss {
  /// For people; `nil` where nothing goes. Both in their normal form.
  static func text(desired: Document?, observed: Document?) -> String? {
    guard let observed else { return nil }
    guard desired?.isUnknown != true, desired?.isSecret != true else { return nil }
    let before = statements(observed)
    let after = statements(desired)
    let open = after.count { !$0.isKnown }
    let withdrawn = before.filter { old in
      old["Effect"] == "Allow" && !after.contains { covers($0, old) }
    }.count
    let denied = after.filter { new in
      new["Effect"] == "Deny" && new.isKnown && !before.contains { covers($0, new) }
    }.count
    if withdrawn > open {
      return
        "what \(withdrawn == 1 ? "a statement" : "\(withdrawn) statements") granted is taken back"
    }
    return denied > 0
      ? "\(denied == 1 ? "a statement denies" : "\(denied) statements deny") what was not denied"
      : nil
  }

  private static func statements(_ policy: Document?) -> [Document] {
    guard let statement = policy?["Statement"] else { return [] }
    return statement.list ?? [statement]
  }

  /// Whether a statement says at least what another does.
  private static func covers(_ wide: Document, _ narrow: Document) -> Bool {
    guard wide["Effect"] == narrow["Effect"] else { return false }
    guard wide["Condition"] == nil || wide["Condition"] == narrow["Condition"] else { return false }
    for member in ["NotAction", "NotResource", "NotPrincipal"] where wide[member] != narrow[member]
    {
      return false
    }
    return holds(wide["Action"], narrow["Action"]) && holds(wide["Resource"], narrow["Resource"])
      && holds(principals: wide["Principal"], narrow["Principal"])
  }

  private static func holds(_ wide: Document?, _ narrow: Document?) -> Bool {
    guard let narrow else { return true }
    guard let wide else { return false }
    let patterns = texts(wide)
    return texts(narrow).allSatisfy { text in patterns.contains { matches($0, text) } }
  }

  private static func holds(principals wide: Document?, _ narrow: Document?) -> Bool {
    guard let narrow else { return true }
    guard let wide else { return false }
    if wide == "*" || wide["AWS"].map({ texts($0).contains("*") }) == true { return true }
    guard let kinds = narrow.object else { return wide == narrow }
    return kinds.allSatisfy { kind, names in
      let given = Set(wide[kind].map(texts) ?? [])
      return texts(names).allSatisfy(given.contains)
    }
  }

  private static func texts(_ value: Document) -> [String] {
    (value.list ?? [value]).map { $0.string ?? $0.json() }
  }

  /// Whether a pattern with `*` and `?` matches all of a text, which may be a pattern itself.
  private static func matches(_ pattern: String, _ text: String) -> Bool {
    if pattern == "*" || pattern == text { return true }
    let pattern = Array(pattern)
    let text = Array(text)
    var (row, column) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while column < text.count {
      if row < pattern.count, pattern[row] == text[column] || pattern[row] == "?",
        pattern[row] != "*"
      {
        row += 1
        column += 1
      } else if row < pattern.count, pattern[row] == "*" {
        star = (row, column)
        row += 1
      } else if let last = star {
        row = last.pattern + 1
        column = last.text + 1
        star = (last.pattern, column)
      } else {
        return false
      }
    }
    return pattern[row...].allSatisfy { $0 == "*" }
  }
}
