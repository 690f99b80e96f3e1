import Document
import TrueupCore

/// What `trueup adopt` tells of the adoptions that it has written.
public struct AdoptText: Sendable {
  public struct Resource: Sendable {
    public var name: String
    public var type: String
    /// The id of what is adopted; `nil` where its name tells.
    public var id: String?

    public init(name: String, type: String, id: String?) {
      self.name = name
      self.type = type
      self.id = id
    }
  }

  public struct Manifest: Sendable {
    public var path: String
    /// `false` where the manifest said so already.
    public var isWritten: Bool
    public var resources: [Resource]

    public init(path: String, isWritten: Bool, resources: [Resource]) {
      self.path = path
      self.isWritten = isWritten
      self.resources = resources
    }
  }

  public var manifests: [Manifest]
  public var next: [String]

  public init(manifests: [Manifest], next: [String]) {
    self.manifests = manifests
    self.next = next
  }

  /// For people.
  public func text(style: TextStyle = .plain) -> String {
    var lines: [String] = []
    for manifest in manifests {
      let title =
        manifest.isWritten
        ? "Wrote \"adopt\" into \(manifest.path)" : "\(manifest.path) says so already"
      lines.append(style.paint(title, .bold))
      lines += aligned(
        manifest.resources.map { ["  » \($0.name)", $0.type, $0.id ?? "found by its name"] })
    }
    lines += ["", "Then:"]
    lines += next.map { "  \($0)" }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What adopting would change, as far as it was asked: the stacks of a plan, without the next command,
  /// which would not do this.
  public static func preview(_ report: RunReport, style: TextStyle = .plain) -> String {
    let lines = StackText(report: report, style: style).lines
    guard !report.isClean else { return "Adopting changes nothing in AWS but the tags.\n\n" }
    return ([style.paint("What adopting would change:", .bold)] + lines + [""])
      .map { $0 + "\n" }.joined()
  }

  /// For programs.
  public var json: Document {
    [
      "formatVersion": 1,
      "manifests": .list(
        manifests.map { manifest in
          [
            "manifest": .string(manifest.path), "written": .bool(manifest.isWritten),
            "resources": .list(
              manifest.resources.map {
                [
                  "resource": .string($0.name), "type": .string($0.type),
                  "id": Document(text: $0.id),
                ]
              }),
          ]
        }),
      "next": .list(next.map(Document.string)),
    ]
  }
}
