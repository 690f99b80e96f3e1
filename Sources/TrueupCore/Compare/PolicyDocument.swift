import Document

/// IAM's rules for when two policy documents say the same.
/// Source: IAM User Guide, "IAM JSON policy elements reference" and "Grammar of the IAM JSON policy
/// language".
enum PolicyDocument {
  /// The document with a list of statements, lists in place of single strings, and the order of
  /// statements, actions, resources, principals and condition values taken away.
  static func normal(_ document: Document) -> Document {
    guard case .object(var members) = document else { return document }
    if let statement = members["Statement"] {
      let statements = statement.list ?? [statement]
      members["Statement"] = .list(sorted(statements.map(normalStatement)))
    }
    // The default version is the oldest. Source: IAM User Guide, "Version".
    if members["Version"] == nil { members["Version"] = "2008-10-17" }
    if members["Id"]?.string == "" { members["Id"] = nil }
    return .object(members)
  }

  private static func normalStatement(_ statement: Document) -> Document {
    guard case .object(var members) = statement else { return statement }
    for key in ["Action", "NotAction"] {
      members[key] = members[key].map { unordered($0, lowercase: true) }
    }
    for key in ["Resource", "NotResource"] { members[key] = members[key].map { unordered($0) } }
    for key in ["Principal", "NotPrincipal"] { members[key] = members[key].map(normalPrincipal) }
    if let condition = members["Condition"], case .object(let operators) = condition {
      members["Condition"] =
        operators.isEmpty
        ? nil
        : .object(
          operators.mapValues { keys in
            guard case .object(let keys) = keys else { return keys }
            return .object(keys.mapValues { unordered($0, scalarsAsText: true) })
          })
    }
    if members["Sid"]?.string == "" { members["Sid"] = nil }
    return .object(members)
  }

  /// `"*"` is `{"AWS": "*"}`; an account's root user is its account id.
  /// Source: IAM User Guide, "AWS JSON policy elements: Principal".
  private static func normalPrincipal(_ principal: Document) -> Document {
    if principal.string == "*" { return ["AWS": ["*"]] }
    guard case .object(let members) = principal else { return principal }
    return .object(
      members.reduce(into: [:]) { result, member in
        guard member.key == "AWS" else {
          result[member.key] = unordered(member.value)
          return
        }
        let principals = (member.value.list ?? [member.value]).map { principal -> Document in
          guard let text = principal.string,
            let root = text.wholeMatch(of: /arn:aws[a-z-]*:iam::(\d{12}):root/)
          else { return principal }
          return .string(String(root.1))
        }
        result[member.key] = unordered(.list(principals))
      })
  }

  private static func unordered(
    _ value: Document, lowercase: Bool = false, scalarsAsText: Bool = false
  ) -> Document {
    var elements = value.list ?? [value]
    if scalarsAsText { elements = elements.map { Normalisation.scalarText.apply(to: $0) } }
    if lowercase {
      elements = elements.map { element in
        element.string.map { .string($0.lowercased()) } ?? element
      }
    }
    return .list(sorted(Array(Set(elements))))
  }

  private static func sorted(_ elements: [Document]) -> [Document] {
    elements.map { ($0, $0.json()) }.sorted { $0.1 < $1.1 }.map(\.0)
  }
}
