import Document
import TrueupCore

/// Reads the members of an object that people write, and reports what does not belong there.
struct ObjectReader {
  let file: String
  /// What the object is, for errors: `the manifest`.
  let subject: String
  let position: Position
  let members: [Node.Member]
  let log: DiagnosticLog

  /// `nil`, with an error, where the node is no object, or has members other than `allowed`.
  /// An unknown member does not stop the reading of the others; `hint` says what it is elsewhere.
  init?(
    _ node: Node, in file: String, as subject: String, allowed: [String], log: DiagnosticLog,
    hint: (String) -> String? = { _ in nil }
  ) {
    guard let members = node.members else {
      log.error(
        "\(subject) must be an object, not \(node.article)",
        at: SourceLocation(file: file, position: node.position))
      return nil
    }
    self.file = file
    self.subject = subject
    self.position = node.position
    self.members = members
    self.log = log
    for member in members where !allowed.contains(member.key) {
      log.error(
        "\(subject) has no member \(member.key.quoted)"
          + (hint(member.key)
            ?? Spelling.nearest(to: member.key, among: allowed).map { "; did you mean \"\($0)\"?" }
            ?? ForeignWord.hint(member.key, in: .init(subject)) ?? ""),
        at: SourceLocation(file: file, position: member.position))
    }
  }

  var location: SourceLocation { place(position) }

  func place(_ position: Position) -> SourceLocation {
    SourceLocation(file: file, position: position)
  }

  subscript(_ key: String) -> Node? { members.last { $0.key == key }?.value }

  func error(_ message: String, at position: Position) {
    log.error(message, at: place(position))
  }

  /// A string that is not empty; `nil` where it is absent (an error where `required`) or none.
  func string(_ key: String, required: Bool = false) -> Located<String>? {
    guard let node = self[key] else {
      if required { error("\(subject) needs \(key.quoted)", at: position) }
      return nil
    }
    return string(node, called: key)
  }

  func string(_ node: Node, called name: String) -> Located<String>? {
    guard let text = node.string, !text.isEmpty else {
      error(
        "\(name.quoted) of \(subject) must be a string that is not empty"
          + (node.string == nil ? ", not \(node.article)" : ""), at: node.position)
      return nil
    }
    return Located(value: text, location: place(node.position))
  }

  /// The member `region`; an error where AWS has no such, a warning where it may be a new one.
  func region() -> Located<String>? {
    guard let region = string("region") else { return nil }
    if let problem = RegionName.problem(region.value) {
      log.add(problem.isDoubt ? .warning : .error, problem.message, at: region.location)
    }
    return region
  }

  /// The members of a member that is an object; empty where it is absent.
  func object(_ key: String) -> [Node.Member] {
    guard let node = self[key] else { return [] }
    guard let members = node.members else {
      error("\(key.quoted) of \(subject) must be an object, not \(node.article)", at: node.position)
      return []
    }
    return members
  }

  /// The strings of a member that is a list; empty where it is absent.
  func strings(_ key: String) -> [Located<String>] {
    guard let node = self[key] else { return [] }
    guard let elements = node.elements else {
      error("\(key.quoted) of \(subject) must be a list, not \(node.article)", at: node.position)
      return []
    }
    return elements.compactMap { string($0, called: key) }
  }

  /// A whole number that is not negative; `nil` where it is absent or none.
  func count(_ key: String) -> Int? {
    guard let node = self[key] else { return nil }
    guard let number = node.document.integer, number >= 0 else {
      error("\(key.quoted) of \(subject) must be a whole number from 0 on", at: node.position)
      return nil
    }
    return number
  }
}
