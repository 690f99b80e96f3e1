import Document
import Journal
import TrueupCore

/// From a request to a plan: accounts checked, the world observed, the base found.
extension Reconciler {
  struct Prepared {
    var planned: Plan
    var planner: Planner
    var snapshot: Snapshot
    var base: Base
    var memory: JournalMemory
    var refusals: [String: String]
    var evidence = Evidence()
  }

  func prepare(_ request: Request, refused: [String: String] = [:])
    async throws(EngineError) -> Prepared
  {
    let selected = selectedStacks(request)
    guard !selected.isEmpty else {
      throw .noStacks(request.selected?.sorted().joined(separator: ", ") ?? "the desired state")
    }
    let memory = try memory(request.desired)
    let accounts = try await checkAccounts(
      withReferenced(selected, request.desired), base: memory.base)
    var (errors, refusals) = (accounts.errors, accounts.refusals)
    refusals.merge(refused) { first, _ in first }
    let chosen = Set(selected.map(\.id.name))
    refusals.merge(Self.imported(request).filter { chosen.contains($0.key) }) { first, _ in first }
    // A stack of an account that is not to be used is not read either, whoever imports from it.
    let observed = withReferenced(
      selected.filter { refusals[$0.id.name] == nil && errors[$0.id.name] == nil },
      request.desired
    ).filter { accounts.isUsable($0.id) }
    var input = Planning.Input(
      snapshot: Snapshot(), memory: memory.narrowed(to: Set(observed.map(\.id.name))),
      seen: observed)
    input.snapshot = try await snapshot(of: observed, base: input.memory.base, request)
    let owners = Set(
      input.snapshot.resources.values.joined().compactMap { observed in
        observed.tags[OwnershipTags.stack].map {
          ProjectGuard.Owner(name: $0, revision: observed.tags[OwnershipTags.revision])
        }
      })
    refusals.merge(
      await projectGuard(request.desired).refusals(stacks: chosen, owners: owners)
    ) { first, _ in first }
    let secrets = SecretValues(request.desired, environment: environment)
    let planning = Planning(
      catalog: catalog, history: history, request: request, secret: { secrets.value(of: $0) })
    var evidence = await planning.evidence(input)
    // Only the revisions may know of an account in which something was left.
    let earlier = try await checkAccounts(observed, base: evidence.base, known: accounts.usable)
    errors.merge(earlier.errors) { first, _ in first }
    refusals.merge(earlier.refusals) { first, _ in first }
    await observe(typesOf: evidence.base, of: observed, earlier.usable, &input.snapshot, request)
    let given = await IdentifierReader(cloud: cloud, facts: input.snapshot.facts)
      .findings(observed)
    for note in given.notes { events(.note(note)) }
    errors.merge(given.errors) { first, _ in first }
    (input.errors, input.refusals) = (errors, refusals)
    var prepared = planning.prepared(input, evidence)
    evidence.standings = await StandingReader(
      catalog: catalog, cloud: cloud, clients: request.desired.clients,
      note: { events(.note($0)) }
    ).standings(
      prepared.planned, input.snapshot, request.desired, answered: Set(request.answers.keys))
    if !evidence.standings.isEmpty { prepared = planning.prepared(input, evidence) }
    for stack in prepared.planned.stacks where stack.unknownRevisions > 0 {
      let count = stack.unknownRevisions
      events(
        .note(
          "\(stack.id): \(count) \(count == 1 ? "resource was" : "resources were") applied at a "
            + "revision that is not known here (another repository, or history that was rewritten); "
            + "take it over with: trueup adopt \(stack.id)"))
    }
    return prepared
  }

  func selectedStacks(_ request: Request) -> [DesiredStack] {
    request.desired.stacks.filter { request.selected?.contains($0.id.name) ?? true }
  }

  /// The stacks with those that they import from.
  private func withReferenced(_ stacks: [DesiredStack], _ desired: Desired) -> [DesiredStack] {
    var names = Set(stacks.map(\.id.name))
    var queue = stacks
    while let stack = queue.popLast() {
      for reference in stack.values.flatMap(\.references) {
        let name = reference.reference.address.stack
        if names.insert(name).inserted {
          queue += desired.stacks.filter { $0.id.name == name }
        }
      }
    }
    return desired.stacks.filter { names.contains($0.id.name) }
  }

  private func memory(_ desired: Desired) throws(EngineError) -> JournalMemory {
    guard let journal else { return JournalMemory() }
    do throws(JournalError) {
      return try JournalMemory(
        journal, project: desired.project, formerProject: desired.formerProject)
    } catch {
      throw .journal(error)
    }
  }

  /// Looks at the types that only the revision in the tags knows: what it says of resources without
  /// tags can be neither swept nor taken from a journal that is not there.
  private func observe(
    typesOf base: Base, of stacks: [DesiredStack], _ accounts: Set<String>,
    _ snapshot: inout Snapshot, _ request: Request
  ) async {
    var known = base
    known.resources = base.resources.filter { accounts.contains($0.value.scope.account) }
    let missing = known.resources.values.map { Snapshot.Key(scope: $0.scope, type: $0.type) }
      .filter { snapshot.resources[$0] == nil && snapshot.failures[$0] == nil }
    guard !missing.isEmpty else { return }
    let found = await observation(request).snapshot(
      of: stacks, base: known, types: Set(missing.map(\.type)))
    snapshot.resources.merge(found.resources) { old, _ in old }
    snapshot.failures.merge(found.failures) { old, _ in old }
  }

  /// Stacks that are to go while another that stays imports from them, with the reason.
  /// Source: CloudFormation User Guide, "Outputs section": an exported value that is imported can
  /// neither be removed nor changed away.
  private static func imported(_ request: Request) -> [String: String] {
    func goes(_ stack: DesiredStack) -> Bool {
      stack.destroy != nil || request.destroy[stack.id.name] != nil
    }
    let going = Set(request.desired.stacks.filter(goes).map(\.id.name))
    guard !going.isEmpty else { return [:] }
    var refusals: [String: String] = [:]
    for stack in request.desired.stacks.sorted(by: { $0.id < $1.id }) where !goes(stack) {
      for exporter in Set(stack.values.flatMap(\.references).map(\.reference.address.stack))
      where going.contains(exporter) && refusals[exporter] == nil {
        refusals[exporter] =
          "\(stack.id) imports from it; take the imports out of \(stack.id) first, or remove it too"
      }
    }
    return refusals
  }

  func lock(_ stacks: [DesiredStack]) -> (held: [any Sendable], refused: [String: String]) {
    var held: [any Sendable] = []
    var refused: [String: String] = [:]
    for stack in stacks.sorted(by: { $0.id < $1.id }) {
      switch locks.lock(stack.id) {
      case .success(let lock): held.append(lock)
      case .failure(let error): refused[stack.id.name] = error.message
      }
    }
    return (held, refused)
  }
}
