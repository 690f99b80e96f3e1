import Document

/// IAM's rules for when two policy documents say the same.
/// Source: IAM User Guide, "IAM JSON policy elements reference" and "Grammar of the IAM JSON policy
/// language".
enum PolicyDocument {
  /// The document with a list of statements, lists in place of single strings, and the order of
  /// statements, actions, resources, principals and condition values taken away, as well as what is
  /// said twice and the case of what has none.
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
      members["Condition"] = operators.isEmpty ? nil : normalCondition(operators)
    }
    if members["Sid"]?.string == "" { members["Sid"] = nil }
    return .object(members)
  }

  /// Names of keys have no case, those of tags in them included (`aws:ResourceTag/Team`). No two
  /// operators differ in case alone, so that theirs says nothing either.
  /// Source: IAM User Guide, "IAM JSON policy elements: Condition", "The condition key name".
  private static func normalCondition(_ operators: [String: Document]) -> Document {
    .object(
      lowercased(operators).reduce(into: [:]) { result, test in
        guard case .object(let keys) = test.value else {
          result[test.key] = test.value
          return
        }
        // Of these, the values are true or false.
        let isFlag = ["bool", "boolifexists", "null"].contains(
          test.key.split(separator: ":").last.map { $0.lowercased() })
        result[test.key] = .object(
          lowercased(keys).mapValues { unordered($0, lowercase: isFlag, scalarsAsText: true) })
      })
  }

  /// With keys in lower case; those that would become one stay as they are.
  private static func lowercased(_ members: [String: Document]) -> [String: Document] {
    let alike = Dictionary(grouping: members.keys) { $0.lowercased() }
    return Dictionary(
      members.map { key, value in
        (alike[key.lowercased()]?.count == 1 ? key.lowercased() : key, value)
      }, uniquingKeysWith: { first, _ in first })
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
        let principals = (member.value.list ?? [member.value]).map { principal in
          principal.string.flatMap(account).map(Document.string) ?? principal
        }
        result[member.key] = unordered(.list(principals))
      })
  }

  /// The account whose root user an ARN names.
  private static func account(_ arn: String) -> String? {
    guard arn.hasPrefix("arn:aws"), arn.hasSuffix(":root") else { return nil }
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[2] == "iam", parts[3].isEmpty, parts[4].utf8.count == 12,
      parts[4].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return String(parts[4])
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
    return .list(sorted(elements))
  }

  /// Each once, in an order that depends on nothing else.
  private static func sorted(_ elements: [Document]) -> [Document] {
    guard elements.count > 1 else { return elements }
    return Set(elements).map { ($0, $0.json()) }.sorted { $0.1 < $1.1 }.map(\.0)
  }
}
