import Document
import TrueupCore

/// Property values for people.
struct ValueText {
  /// The stack within which references are written without its name.
  var stack: String
  /// Columns that one value may take.
  var limit: Int

  /// The value in one line, its middle left out where it is long.
  func short(_ value: Document?) -> String { shortened(full(value)) }

  /// The value in one line.
  func full(_ value: Document?) -> String {
    switch value {
    case nil, .null: "(not set)"
    case .string(let text): Self.word(text)
    case .some(let value):
      if let mark = mark(of: value) { mark } else { unmarked(value).json().printable }
    }
  }

  /// How an element of a list reads: a security-group rule as `tcp 22 from 0.0.0.0/0`, a tag as
  /// `Key=Value`, anything else as compact JSON. It has a line to itself, and so twice the room.
  func element(_ value: Document, of path: PropertyPath) -> String {
    if let rule = RuleText(values: self).text(value, of: path) {
      return shortened(rule, to: limit * 2)
    }
    if case .object(let members) = value, members.count == 2, let key = members["Key"]?.string,
      let tag = members["Value"]
    {
      return shortened("\(key.printable)=\(full(tag))", to: limit * 2)
    }
    return shortened(full(value), to: limit * 2)
  }

  /// Leaves out the middle of a long text and says how much: `arn:aws:ela…(31 more)…/acme-prod`.
  func shortened(_ text: String, to room: Int? = nil) -> String {
    let limit = room ?? limit
    let characters = Array(text)
    guard characters.count > limit else { return text }
    let kept = max(8, limit - 13)
    let hidden = characters.count - kept
    let head = String(characters.prefix(kept - kept / 2))
    let tail = String(characters.suffix(kept / 2))
    return "\(head)…(\(hidden) more)…\(tail)"
  }

  static func isSecret(_ value: Document?) -> Bool {
    value?.isSecret ?? false
  }

  /// A string bare where that is unambiguous, else in quotes.
  private static func word(_ text: String) -> String {
    text.isEmpty || text.contains(where: \.isWhitespace)
      ? Document.string(text).json().printable : text.printable
  }

  /// What stands for a secret or a value that is not known yet; `nil` for any other value.
  private func mark(of value: Document) -> String? {
    if Self.isSecret(value) { return "(secret)" }
    guard case .unknown(let unknown) = value else { return nil }
    let names = unknown.split(separator: ", ").map(local)
    // A reference is `stack/LogicalId`; a fact, such as the zones of a region, is no resource.
    guard names.allSatisfy({ !$0.contains(" ") }) else {
      return "\(unknown.printable) (not known yet)"
    }
    let known = names.count == 1 ? "known after it is created" : "known after they are created"
    return "\(names.joined(separator: ", ")) (\(known))"
  }

  private func local(_ reference: Substring) -> String {
    let prefix = stack + "/"
    return String(reference.hasPrefix(prefix) ? reference.dropFirst(prefix.count) : reference)
      .printable
  }

  private func unmarked(_ value: Document) -> Document {
    if let mark = mark(of: value) { return .string(mark) }
    switch value {
    case .list(let elements): return .list(elements.map(unmarked))
    case .object(let members): return .object(members.mapValues(unmarked))
    default: return value
    }
  }
}
