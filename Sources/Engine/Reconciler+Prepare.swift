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
    /// What of the base stands in the journal.
    var journaled: Base
    var refusals: [String: String]
  }

  func prepare(_ request: Request, refused: [String: String] = [:])
    async throws(EngineError) -> Prepared
  {
    let selected = selectedStacks(request)
    guard !selected.isEmpty else {
      throw .noStacks(request.selected?.sorted().joined(separator: ", ") ?? "the desired state")
    }
    let accounts = try await checkAccounts(selected)
    var refusals = accounts.refusals
    refusals.merge(refused) { first, _ in first }
    let actionable = selected.filter {
      refusals[$0.id.name] == nil && accounts.errors[$0.id.name] == nil
    }
    // A stack of an account that is not to be used is not read either, whoever imports from it.
    let unusable = Set(accounts.refusals.keys).union(accounts.errors.keys)
    let observed = withReferenced(actionable, request.desired).filter {
      !unusable.contains($0.id.name)
    }
    var base = Base()
    if let journal {
      do throws(JournalError) {
        base = try Base(journal, project: request.desired.project)
      } catch {
        throw .journal(error)
      }
    }
    let names = Set(observed.map(\.id.name))
    base.resources = base.resources.filter { names.contains($0.key.stack) }
    let journaled = base
    var snapshot = try await snapshot(of: observed, base: base, request)
    base = await RevisionBase(
      catalog: catalog, project: request.desired.project, snapshot: snapshot, desired: desiredAt
    ).completed(base, stacks: observed)
    snapshot = UntaggedOwners(
      catalog: catalog, desired: request.desired, base: base, snapshot: snapshot
    ).noted()
    let secrets = SecretValues(request.desired, environment: environment)
    // A whole run may report stacks that have no manifest; a narrowed one speaks of its own alone.
    let everything = request.selected == nil && refusals.isEmpty && accounts.errors.isEmpty
    let planner = Planner(
      catalog: catalog, desired: request.desired, snapshot: snapshot, base: base,
      options: Planner.Options(
        selected: everything ? nil : Set(actionable.map(\.id.name)),
        destroy: request.destroy, secret: { secrets.value(of: $0) },
        revision: request.isDirty ? nil : request.revision, revisions: request.revisions))
    var planned = planner.plan()
    for stack in selected where !actionable.contains(where: { $0.id == stack.id }) {
      planned.stacks.append(
        Plan.Stack(
          id: stack.id, account: stack.account, region: stack.region,
          error: accounts.errors[stack.id.name]))
    }
    let suspended = Set(request.desired.stacks.filter(\.isSuspended).map(\.id.name))
    for (index, stack) in planned.stacks.enumerated() where suspended.contains(stack.id.name) {
      planned.stacks[index].isSuspended = true
      planned.stacks[index].changes = []
      if request.command == .destroy { refusals[stack.id.name] = Self.suspended }
    }
    planned.stacks.sort { $0.id < $1.id }
    return Prepared(
      planned: planned, planner: planner, snapshot: snapshot, base: base,
      journaled: journaled, refusals: refusals)
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

  /// Whether the credentials really belong to the accounts that the manifests name.
  private func checkAccounts(_ stacks: [DesiredStack]) async throws(EngineError) -> (
    errors: [String: String], refusals: [String: String]
  ) {
    var errors: [String: String] = [:]
    var refusals: [String: String] = [:]
    let byAccount = Dictionary(grouping: stacks, by: \.account)
    var failures: [CallFailure] = []
    for (account, stacks) in byAccount.sorted(by: { $0.key < $1.key }) {
      let target = CallTarget(account: account, region: stacks[0].region)
      switch await cloud.accountID(for: target) {
      case .success(account):
        continue
      case .success(let other):
        for stack in stacks {
          refusals[stack.id.name] =
            "the credentials belong to account \(other), not to \(account) of the manifest"
        }
      case .failure(let failure):
        failures.append(failure)
        for stack in stacks { errors[stack.id.name] = failure.message }
      }
    }
    if failures.count == byAccount.count, let first = failures.first {
      throw .unusable(first.message)
    }
    return (errors, refusals)
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
