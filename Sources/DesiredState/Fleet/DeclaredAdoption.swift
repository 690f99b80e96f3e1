import Document
import TrueupCore

/// An entry of a manifest's `"adopt"`: a resource that exists and may be taken over.
///
/// `["Logs"]` finds it by its name; `{ "Vpc": "vpc-0123", "Logs": true }` gives the ids of those that
/// have none, or one that others have too.
struct DeclaredAdoption {
  /// The logical id.
  var resource: Located<String>
  /// The id in AWS; `nil` where the name tells.
  var id: Located<String>?

  static let form = "\"adopt\": { \"Vpc\": \"vpc-0123\" }"

  static func read(_ reader: ObjectReader) -> [DeclaredAdoption] {
    guard let node = reader["adopt"] else { return [] }
    if let members = node.members { return members.compactMap { read($0, reader) } }
    guard let elements = node.elements else {
      reader.error(
        "\"adopt\" of \(reader.subject) must be a list of logical ids, or an object with the ids of "
          + "what exists, not \(node.article)", at: node.position)
      return []
    }
    return elements.compactMap { element in
      guard element.members == nil else {
        reader.error(
          "\"adopt\" is a list of logical ids, or one object with the ids of what exists: \(form)",
          at: element.position)
        return nil
      }
      return reader.string(element, called: "adopt").map { DeclaredAdoption(resource: $0) }
    }
  }

  private static func read(_ member: Node.Member, _ reader: ObjectReader) -> DeclaredAdoption? {
    let resource = Located(value: member.key, location: reader.place(member.position))
    if member.value.document.bool == true { return DeclaredAdoption(resource: resource) }
    guard let id = member.value.string else {
      reader.error(
        "\(member.key.quoted) of \"adopt\" must be the id of what exists, or true where its name "
          + "tells which it is, not \(member.value.document.json())", at: member.value.position)
      return nil
    }
    if let problem = problem(ofID: id) {
      reader.error(
        "the id of \(member.key.quoted) in \"adopt\" \(problem)", at: member.value.position)
      return nil
    }
    return DeclaredAdoption(
      resource: resource, id: Located(value: id, location: reader.place(member.value.position)))
  }

  /// Why a text can be no id in AWS; `nil` where it can.
  static func problem(ofID id: String) -> String? {
    if id.isEmpty { return "is empty" }
    if id.first?.isWhitespace == true || id.last?.isWhitespace == true {
      return "must not begin or end with a space: \(id.quoted)"
    }
    let isPrintable = id.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
    return isPrintable ? nil : "has characters that cannot be shown"
  }
}
