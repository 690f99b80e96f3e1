import Document

/// What `trueup onboard` tells: the manifest it wrote, and what is left for a person.
public struct OnboardText: Sendable {
  public var manifest: String
  /// The networks taken from the fleet's pools, by parameter.
  public var networks: [String: String]
  /// Secrets, each with the environment variable that it is read from.
  public var secrets: [(parameter: String, variable: String)]
  /// Parameters without a value.
  public var toFill: [String]
  public var checklist: [String]
  /// The next commands.
  public var next: [String]

  public init(
    manifest: String, networks: [String: String],
    secrets: [(parameter: String, variable: String)], toFill: [String], checklist: [String],
    next: [String]
  ) {
    self.manifest = manifest
    self.networks = networks
    self.secrets = secrets
    self.toFill = toFill
    self.checklist = checklist
    self.next = next
  }

  /// For people.
  public func text(style: TextStyle = .plain) -> String {
    var lines = [style.paint("Wrote \(manifest)", .bold)]
    lines += networks.sorted { $0.key < $1.key }.map { "  \($0.key) is \($0.value), the next free" }
    let tasks =
      toFill.map { "fill in \($0) in \(manifest): it has no default" }
      + secrets.map {
        "put \($0.parameter) into the environment variable \($0.variable) where trueup runs"
      } + checklist
    if !tasks.isEmpty {
      lines += ["", "Left for you:"] + tasks.map { "  [ ] \($0.printable)" }
    }
    lines += ["", "Then:"] + next.map { "  \($0)" }
    return lines.map { $0 + "\n" }.joined()
  }

  /// For programs.
  public var json: Document {
    [
      "formatVersion": 1, "manifest": .string(manifest),
      "networks": .object(networks.mapValues(Document.string)),
      "secrets": .list(
        secrets.map { ["parameter": .string($0.parameter), "env": .string($0.variable)] }),
      "toFill": .list(toFill.map(Document.string)),
      "checklist": .list(checklist.map(Document.string)),
      "next": .list(next.map(Document.string)),
    ]
  }
}
