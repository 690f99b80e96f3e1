import Document

extension Document {
  /// An object of the members that have a value.
  static func members(_ members: [String: Document?]) -> Document {
    .object(members.compactMapValues { $0 }.filter { !$0.value.isNull })
  }

  /// This object with the other's members, which win.
  func merging(_ other: Document?) -> Document {
    .object((object ?? [:]).merging(other?.object ?? [:]) { _, new in new })
  }

  /// The object's members of those names.
  func members(named names: [String]) -> [String: Document?] {
    Dictionary(names.map { ($0, self[$0]) }, uniquingKeysWith: { first, _ in first })
  }

  /// The elements of the list in a member; none where there is no list.
  func elements(_ member: String) -> [Document] { self[member]?.list ?? [] }

  /// A value that says something; `nil` for an empty list or object.
  var nonEmpty: Document? {
    // As statements: `nil` beside a document in one expression would be JSON's null.
    if list?.isEmpty == true || object?.isEmpty == true { return nil }
    return self
  }

  /// The properties of those names, of a service whose members begin with a small letter.
  func properties(named names: [String]) -> [String: Document?] {
    Dictionary(
      names.map { ($0, self[$0.decapitalized]) }, uniquingKeysWith: { first, _ in first })
  }

  /// The same as members of that service's input.
  func decapitalized(_ names: [String]) -> [String: Document?] {
    Dictionary(
      names.map { ($0.decapitalized, self[$0]) }, uniquingKeysWith: { first, _ in first })
  }

  /// What a string of JSON says; the value itself where it is none.
  var parsedJSON: Document {
    guard let text = string else { return self }
    do {
      return try JSON.read(text)
    } catch {
      return self
    }
  }

  /// The text that a member holding JSON takes: a string as it is written, anything else as JSON.
  var jsonText: Document { string == nil ? .string(json()) : self }
}

extension Document? {
  /// The elements of the list in a member; none where there is no list.
  func elements(_ member: String) -> [Document] { self?.elements(member) ?? [] }
}

extension String {
  fileprivate var decapitalized: String { prefix(1).lowercased() + dropFirst() }
}
