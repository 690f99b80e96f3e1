import Document
import TrueupCore

/// A tag as `fleet.jsonc` or a manifest declares it. Its value may hold `${Client}`,
/// `${Environment}` and `${Project}`.
struct DeclaredTag {
  static let variables = ["Client", "Environment", "Project"]

  let key: String
  let location: SourceLocation?
  /// Texts and variables in turn, beginning with a text: `prefix ${Client}` is "prefix ", "Client", "".
  private let parts: [String]

  init(key: String, value: String, location: SourceLocation? = nil) {
    self.key = key
    self.location = location
    var parts = [""]
    for (index, piece) in value.split(separator: "${", omittingEmptySubsequences: false)
      .enumerated()
    {
      if index > 0, let end = piece.firstIndex(of: "}"),
        Self.variables.contains(String(piece[..<end]))
      {
        parts += [String(piece[..<end]), String(piece[piece.index(after: end)...])]
      } else {
        parts[parts.count - 1] += (index > 0 ? "${" : "") + piece
      }
    }
    self.parts = parts
  }

  static func read(_ members: [Node.Member], _ reader: ObjectReader) -> [DeclaredTag] {
    members.compactMap { member in
      if let problem = problem(ofKey: member.key) {
        reader.error(problem, at: member.position)
        return nil
      }
      guard let text = member.value.document.scalarText else {
        reader.error(
          "tag \(member.key.quoted) must be a string, not \(member.value.article)",
          at: member.value.position)
        return nil
      }
      for variable in variableNames(in: text) where !variables.contains(variable) {
        reader.error(
          "tags know no ${\(variable)}, only ${Client}, ${Environment} and ${Project}"
            + Spelling.suggestion(for: variable, among: variables), at: member.value.position)
      }
      return DeclaredTag(
        key: member.key, value: text, location: reader.place(member.value.position))
    }
  }

  /// Why a tag of this key cannot be declared; `nil` where it can.
  /// AWS reserves `aws:` (AWS Tagging Reference, "Tag naming limits"), we `trueup:`.
  static func problem(ofKey key: String) -> String? {
    for (prefix, owner) in [("aws:", "AWS"), ("trueup:", "Trueup")]
    where key.lowercased().hasPrefix(prefix) {
      return "tag \(key.quoted) cannot be declared: \(owner) itself writes tags in \(prefix)"
    }
    return nil
  }

  func value(of stack: StackID) -> String {
    var value = parts[0]
    for index in stride(from: 1, to: parts.count, by: 2) {
      switch parts[index] {
      case "Client": value += stack.client
      case "Environment": value += stack.environment
      default: value += stack.project
      }
      value += parts[index + 1]
    }
    return value
  }

  private static func variableNames(in text: String) -> [String] {
    text.split(separator: "${", omittingEmptySubsequences: false).dropFirst().compactMap {
      guard let end = $0.firstIndex(of: "}") else { return nil }
      return String($0[..<end])
    }
  }
}
