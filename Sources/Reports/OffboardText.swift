import Document
import TrueupCore

/// What `trueup offboard` tells: what the next apply would keep and delete.
public struct OffboardText: Sendable {
  public struct Resource: Sendable {
    public var name: String
    public var type: String
    /// Why it is kept; `nil` where it is deleted.
    public var kept: String?

    public init(name: String, type: String, kept: String?) {
      self.name = name
      self.type = type
      self.kept = kept
    }
  }

  public var manifest: String
  /// `false` where the manifest said so already.
  public var isWritten: Bool
  /// What stands there: `{ "data": "retain", "resources": 12 }`.
  public var tombstone: String
  public var data: DataDisposal
  /// `nil` where only AWS can tell what there is.
  public var resources: [Resource]?
  public var next: [String]

  public init(
    manifest: String, isWritten: Bool, tombstone: String, data: DataDisposal,
    resources: [Resource]?, next: [String]
  ) {
    self.tombstone = tombstone
    self.manifest = manifest
    self.isWritten = isWritten
    self.data = data
    self.resources = resources
    self.next = next
  }

  /// For people.
  public func text(style: TextStyle = .plain) -> String {
    let tombstone = "\"destroy\": \(tombstone)"
    var lines = [
      style.paint(
        isWritten ? "Wrote \(tombstone) into \(manifest)" : "\(manifest) says \(tombstone) already",
        .bold), "",
    ]
    lines +=
      resources.map(Self.lines) ?? [
        "A condition hangs on what only AWS tells: trueup plan shows what is deleted and kept."
      ]
    lines += ["", "Then:"]
    lines += next.map { "  \($0)" }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func lines(_ resources: [Resource]) -> [String] {
    let deleted = resources.filter { $0.kept == nil }
    let kept = resources.filter { $0.kept != nil }
    let rows =
      deleted.map { ["  - delete  \($0.name)", $0.type] }
      + kept.map { ["  = keep    \($0.name)", $0.type, $0.kept ?? ""] }
    return aligned(rows) + [
      "",
      "The next apply deletes \(Wording.count(deleted.count, "resource")) and keeps \(kept.count)"
        + (kept.isEmpty ? "." : ": only Trueup's tags are taken off."),
    ]
  }

  /// For programs.
  public var json: Document {
    func list(_ resources: [Resource]) -> Document {
      .list(
        resources.map {
          [
            "resource": .string($0.name), "type": .string($0.type),
            "reason": Document(text: $0.kept),
          ]
        })
    }
    return [
      "formatVersion": 1, "manifest": .string(manifest), "written": .bool(isWritten),
      "data": .string(data.rawValue),
      "deleted": resources.map { list($0.filter { $0.kept == nil }) } ?? .null,
      "kept": resources.map { list($0.filter { $0.kept != nil }) } ?? .null,
      "next": .list(next.map(Document.string)),
    ]
  }
}
