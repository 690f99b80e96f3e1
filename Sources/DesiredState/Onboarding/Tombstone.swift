import Document
import TrueupCore

/// Writes `"destroy": { "data": … }` into the text of a manifest and leaves every other character as it
/// is. Pure.
public struct Tombstone: Hashable, Sendable {
  public var data: DataDisposal
  /// At most how many resources go; `nil` writes nothing about it.
  public var resources: Int?

  public init(data: DataDisposal, resources: Int? = nil) {
    self.data = data
    self.resources = resources
  }

  /// `{ "data": "retain", "resources": 62 }`.
  public var value: String {
    "{ \"data\": \"\(data.rawValue)\"" + (resources.map { ", \"resources\": \($0)" } ?? "") + " }"
  }

  /// The manifest with the tombstone; the same text where it stands there already.
  public func written(into text: String) throws(EditRefusal) -> String {
    let before = try EditRefusal.read(text)
    guard let members = before.members, let last = members.last else { throw .notUnderstood }
    var source = ManifestSource(text)
    let edited: String?
    if let existing = members.last(where: { $0.key == "destroy" }) {
      let isSaid = Self.disposal(existing.value) == data
      let said = existing.value["resources"]?.document.integer
      if isSaid, resources == nil || said == resources { return text }
      // A comment inside of it stays where only the word changes.
      let word = resources == said ? existing.value["data"] : nil
      edited = source.replacing(
        valueAt: word?.position ?? existing.value.position,
        with: word == nil ? value : "\"\(data.rawValue)\"")
    } else {
      edited = source.inserting(
        "\"destroy\": \(value)", after: .init(last), endOf: before.position)
    }
    guard let edited, case .object(var expected) = before.document else { throw .notUnderstood }
    // What was written must read as the manifest with the tombstone, and as nothing else.
    var destroy: [String: Document] = ["data": .string(data.rawValue)]
    destroy["resources"] = resources.map(Document.integer)
    expected["destroy"] = .object(destroy)
    guard try EditRefusal.read(edited).document == .object(expected) else { throw .notUnderstood }
    return edited
  }

  private static func disposal(_ node: Node) -> DataDisposal? {
    node["data"].map { $0.string.flatMap(DataDisposal.init) } ?? .retain
  }
}
