import Document
import TrueupCore

/// Writes `"destroy": { "data": … }` into the text of a manifest and leaves every other character as it
/// is. Pure.
public struct Tombstone: Hashable, Sendable {
  public var data: DataDisposal

  public init(data: DataDisposal) { self.data = data }

  /// The manifest with the tombstone; the same text where it stands there already.
  public func written(into text: String) throws(EditRefusal) -> String {
    let before = try EditRefusal.read(text)
    guard let members = before.members, let last = members.last else { throw .notUnderstood }
    var source = ManifestSource(text)
    let value = "{ \"data\": \"\(data.rawValue)\" }"
    let edited: String?
    if let existing = members.last(where: { $0.key == "destroy" }) {
      if Self.disposal(existing.value) == data { return text }
      edited = source.replacing(
        valueAt: existing.value["data"]?.position ?? existing.value.position,
        with: existing.value["data"] == nil ? value : "\"\(data.rawValue)\"")
    } else {
      edited = source.inserting(
        "\"destroy\": \(value)", after: .init(last), endOf: before.position)
    }
    guard let edited, case .object(var expected) = before.document else { throw .notUnderstood }
    // What was written must read as the manifest with the tombstone, and as nothing else.
    expected["destroy"] = .object(["data": .string(data.rawValue)])
    guard try EditRefusal.read(edited).document == .object(expected) else { throw .notUnderstood }
    return edited
  }

  private static func disposal(_ node: Node) -> DataDisposal? {
    node["data"].map { $0.string.flatMap(DataDisposal.init) } ?? .retain
  }
}
