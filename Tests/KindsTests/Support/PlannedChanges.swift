import Document
import TrueupCore

/// What the planner would do to `acme-prod/Thing`, desired like that, in a world that shows this: one
/// line per difference. Empty where all is as desired.
func plannedChanges(
  _ kind: any Kind, _ desired: Document, shown: [Observed], base: Document? = nil
) -> [String] {
  let stack = StackID(project: "cosyworld", client: "acme", environment: "prod")
  let address = Address(stack: stack.name, resource: "Thing")
  let location = SourceLocation(
    file: "blueprint.jsonc", position: Position(line: 1, column: 1))
  let resource = DesiredResource(
    address: address, type: kind.type, scope: .rehearsal, properties: .known(desired),
    location: location)
  let snapshot = Snapshot(
    resources: [Snapshot.Key(scope: .rehearsal, type: kind.type): shown])
  let applied = base.map {
    Base.Resource(
      type: kind.type, id: nil, scope: .rehearsal, properties: $0, tags: Step.ourTags)
  }
  let plan = Planner(
    catalog: Catalog([kind]),
    desired: Desired(
      project: stack.project, accounts: [],
      stacks: [
        DesiredStack(
          id: stack, account: Scope.rehearsal.account, region: "eu-west-1", resources: [resource],
          manifest: location)
      ]), snapshot: snapshot,
    evidence: Evidence(
      base: Base(resources: applied.map { [address: $0] } ?? [:]),
      knownIDs: [address: Set(shown.map { Evidence.KnownID(type: kind.type, id: $0.id) })])
  ).plan()
  return plan.stacks.compactMap(\.error)
    + plan.changes.flatMap { change in
      change.differences.map { "\(change.action.rawValue) \($0.path) (\($0.effect.rawValue))" }
        + (change.differences.isEmpty ? [change.action.rawValue] : [])
    }
}
