import Document

/// Writes entries of `"adopt"` into the text of a manifest and leaves every other character as it is.
/// A list stays one as long as no entry has an id; then it becomes an object, in which `true` stands for
/// what its name tells. Pure.
public struct AdoptionEdit: Hashable, Sendable {
  /// A logical id with the id of what exists; without one its name tells.
  public struct Entry: Hashable, Sendable {
    public var resource: String
    public var id: String?

    public init(resource: String, id: String? = nil) {
      self.resource = resource
      self.id = id
    }

    fileprivate var value: String { id.map { Document.string($0).json() } ?? "true" }
    fileprivate var key: String { Document.string(resource).json() }
    fileprivate var member: String { "\(key): \(value)" }
  }

  public var entries: [Entry]

  public init(entries: [Entry]) { self.entries = entries }

  /// As it is written into a manifest that adopts nothing yet: `"adopt": { "Vpc": "vpc-0123" }`.
  public var member: String {
    let isList = entries.allSatisfy { $0.id == nil }
    let items = entries.map { isList ? $0.key : $0.member }.joined(separator: ", ")
    return "\"adopt\": " + (isList ? "[\(items)]" : "{ \(items) }")
  }

  /// The manifest with the entries; the same text where they stand there already. What is adopted by an
  /// id stays so where an entry without one names it.
  public func written(into text: String) throws(EditRefusal) -> String {
    var text = text
    for entry in entries {
      let before = try EditRefusal.read(text)
      let edited = try Self.written(entry, into: text, before)
      // What was written must read as the manifest with the entry, and as nothing else.
      guard let after = try? EditRefusal.read(edited).document,
        after == Self.expected(entry, before.document)
      else { throw .notUnderstood }
      text = edited
    }
    return text
  }

  private static func written(
    _ entry: Entry, into text: String, _ manifest: Node
  ) throws(EditRefusal) -> String {
    var source = ManifestSource(text)
    let edited: String?
    if let adopt = manifest["adopt"] {
      if let elements = adopt.elements {
        edited = written(entry, toListAt: adopt.position, elements: elements, source: &source)
      } else if let members = adopt.members {
        edited = written(entry, toObjectAt: adopt.position, members: members, source: &source)
      } else {
        throw .notUnderstood
      }
    } else if let last = manifest.members?.last {
      edited = source.inserting(
        AdoptionEdit(entries: [entry]).member, after: .init(last), endOf: manifest.position)
    } else {
      throw .notUnderstood
    }
    guard let edited else { throw .notUnderstood }
    return edited
  }

  private static func written(
    _ entry: Entry, toListAt list: Position, elements: [Node], source: inout ManifestSource
  ) -> String? {
    let isNamed = elements.contains { $0.string == entry.resource }
    guard entry.id != nil else {
      if isNamed { return source.text }
      guard let last = elements.last else {
        return source.inserting(entry.key, intoEmpty: list)
      }
      return source.inserting(entry.key, after: .init(last), endOf: list)
    }
    // An object of the same entries; then the new one.
    guard
      let object = source.makingObject(
        ofListAt: list, elements: elements.map(\.position), value: "true"),
      let manifest = try? EditRefusal.read(object)
    else { return nil }
    return try? written(entry, into: object, manifest)
  }

  private static func written(
    _ entry: Entry, toObjectAt object: Position, members: [Node.Member],
    source: inout ManifestSource
  ) -> String? {
    if let existing = members.last(where: { $0.key == entry.resource }) {
      if entry.id == nil || existing.value.string == entry.id { return source.text }
      return source.replacing(valueAt: existing.value.position, with: entry.value)
    }
    guard let last = members.last else { return source.inserting(entry.member, intoEmpty: object) }
    return source.inserting(entry.member, after: .init(last), endOf: object)
  }

  private static func expected(_ entry: Entry, _ manifest: Document) -> Document? {
    guard case .object(var members) = manifest else { return nil }
    let adopt = members["adopt"] ?? .list([])
    if let elements = adopt.list {
      let names = elements.compactMap(\.string)
      guard names.count == elements.count else { return nil }
      if entry.id == nil {
        let isNamed = names.contains(entry.resource)
        members["adopt"] = .list(elements + (isNamed ? [] : [.string(entry.resource)]))
        return .object(members)
      }
      let named = Dictionary(
        names.map { ($0, Document.bool(true)) }, uniquingKeysWith: { first, _ in first })
      members["adopt"] = .object(
        named.merging([entry.resource: .string(entry.id ?? "")]) { _, new in new })
    } else if var named = adopt.object {
      if let id = entry.id {
        named[entry.resource] = .string(id)
      } else if named[entry.resource] == nil {
        named[entry.resource] = true
      }
      members["adopt"] = .object(named)
    } else {
      return nil
    }
    return .object(members)
  }
}
