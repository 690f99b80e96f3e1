import Document
import TrueupCore

/// What a run has made so far, for what refers to it.
struct Made {
  private struct Subject: Hashable {
    var scope: Scope
    var type: String
    var id: String
  }

  /// The properties of resources, and what `Ref` of them returns.
  private var resources: [Address: (properties: [String: Document], ref: Document)] = [:]
  /// Properties that came about through other resources (`Ownership.gives`).
  private var given: [Address: [String: Document]] = [:]
  /// What was made, kept or updated.
  private var subjects: Set<Subject> = []
  private var deleted: Set<Subject> = []

  mutating func note(
    _ step: PlannedStep, _ properties: [String: Document], id: String, ref: Document
  ) {
    resources[step.id.address] = (properties, ref)
    subjects.insert(Subject(scope: step.scope, type: step.type, id: id))
  }

  mutating func note(_ parent: Address, given attributes: Document, _ names: Set<String>) {
    for name in names {
      if let value = attributes[name] { given[parent, default: [:]][name] = value }
    }
  }

  mutating func noteDeletion(_ step: PlannedStep) {
    deleted.insert(Subject(scope: step.scope, type: step.type, id: step.id.target))
  }

  func hasDeleted(_ observed: Observed) -> Bool {
    deleted.contains(Subject(scope: observed.scope, type: observed.type, id: observed.id))
  }

  func contains(_ address: Address) -> Bool { resources[address] != nil }

  /// Whether a step would delete what this run has made, kept or updated.
  func holds(_ deletion: PlannedStep) -> Bool {
    subjects.contains(
      Subject(scope: deletion.scope, type: deletion.type, id: deletion.id.target))
  }

  /// The value of a reference; `nil` where the run has made nothing that tells it.
  subscript(_ reference: Reference) -> Document? {
    guard let attribute = reference.attribute else { return resources[reference.address]?.ref }
    let properties = (resources[reference.address]?.properties ?? [:])
      .merging(given[reference.address] ?? [:]) { _, given in given }
    return attribute.split(separator: ".").reduce(Optional(.object(properties))) {
      $0?[String($1)]
    }
  }
}
