import Document
import TrueupCore

/// What a step changes of the targets of a group, each told apart by its id and port.
struct TargetChange {
  /// Registered once more, with what is said of them.
  private(set) var added: [Document] = []
  /// Have to be deregistered first, because a server's id cannot be changed.
  private(set) var renewed: [Document] = []
  private(set) var gone: [Document] = []

  init(_ step: Step, _ facts: TypeFacts) {
    guard step.action == .create || step.changes("Targets") else { return }
    let shown = facts.normal(step.shown).elements("Targets")
    for target in facts.normal(step.desired).elements("Targets") {
      guard let present = shown.first(where: { Self.key($0) == Self.key(target) }) else {
        added.append(target)
        continue
      }
      if let server = target["QuicServerId"], server != present["QuicServerId"] {
        renewed.append(target)
      } else if present.merging(target) != present {
        added.append(target)
      }
    }
    let kept = Set(facts.normal(step.desired).elements("Targets").map(Self.key))
    gone = shown.filter { !kept.contains(Self.key($0)) }
  }

  private static func key(_ target: Document) -> Document {
    .members(target.members(named: ["Id", "Port"]))
  }
}
