import Document

/// From decisions and removals to the plan that people read.
extension Planner {
  func plan(
    _ context: Context, stacks: [String: Plan.Stack], decisions: [Address: Decision],
    removals: [Removal], steps: StepOrder.Result, failed: Set<String>
  ) -> Plan {
    var stacks = stacks
    var settled: [Address: Base.Resource] = [:]
    let hints = hints(context, decisions)
    for decision in context.index.sorted.lazy.compactMap({ decisions[$0.address] }) {
      let name = decision.address.stack
      stacks[name]?.notChecked += decision.notChecked
      stacks[name]?.unkept += decision.unkept
      guard isActive(decision) else { continue }
      if case .progressing(let text) = evidence.standings[decision.address] {
        stacks[name]?.notes.append("\(decision.address.resource): \(text)")
      }
      if decision.hasUnknownRevision { stacks[name]?.unknownRevisions += 1 }
      if var change = decision.change {
        change.after = steps.prerequisites[decision.address] ?? []
        change.scope = stacks[name]?.elsewhere(decision.resource.scope)
        change.hint = decision.hint ?? hints[decision.address]
        change.desired = decision.shownDesired(
          hiding: catalog[decision.resource.type]?.facts.properties.proven ?? [])
        let lifecycle = catalog[decision.resource.type]?.facts.lifecycle
        if change.action == .replace {
          change.isNewRevision = lifecycle?.makesRevisions == true
          if change.isNewRevision { change.reason = "a new revision" }
          change.losesData = lifecycle?.holdsData == true && !decision.keepsReplaced
        }
        stacks[name]?.changes.append(change)
      } else if context.disposals[name] == nil {
        stacks[name]?.inSync += 1
        guard let entry = decision.entry,
          context.proofs.proof(of: context.world.entries[entry], at: decision.address) != nil
        else { continue }
        settled[decision.address] = decision.settledBase(
          hiding: catalog[decision.resource.type]?.facts.properties.proven ?? [])
      }
    }
    for removal in removals {
      var change = removal.change
      change.after = steps.deletionPrerequisites[removal.observed.id] ?? []
      change.losesData = removal.losesData
      let stack = removal.stack
      change.scope = stacks[stack.id.name]?.elsewhere(removal.observed.scope)
      stacks[
        stack.id.name,
        default: Plan.Stack(id: stack.id, account: stack.account, region: stack.region)
      ].changes.append(change)
    }
    let shown = stacks.values.filter { options.acts(on: $0.id.name) }.map { stack in
      var stack = stack
      stack.changes.sort { ($0.address, $0.id ?? "") < ($1.address, $1.id ?? "") }
      return stack
    }
    return Plan(
      stacks: shown.sorted { $0.id < $1.id }, resources: resources(context), steps: steps.steps,
      settled: settled, vanished: vanished(failed, decisions: decisions, context: context))
  }

  /// The resources of the stacks acted on, with what they need.
  private func resources(_ context: Context) -> [Plan.Resource] {
    context.index.sorted.filter { options.acts(on: $0.address.stack) }.map {
      Plan.Resource(
        address: $0.address, type: $0.type, needs: context.index.prerequisites[$0.address] ?? [])
    }
  }

  /// Where something that refers to a resource exists and waits to be adopted, what it refers to is
  /// likely to be the resource: the key behind an alias.
  private func hints(_ context: Context, _ decisions: [Address: Decision]) -> [Address: String] {
    var hints: [Address: String] = [:]
    let held = decisions.values.filter(\.isHeldForAdoption)
    for decision in held.sorted(by: { $0.address < $1.address }) {
      guard let blocker = decision.blocker else { continue }
      for (path, reference) in decision.resource.properties.references
      where decisions[reference.address]?.change?.action == .create
        || decisions[reference.address]?.change?.action == .blocked
      {
        guard path.components.count == 1, let property = path.property,
          let text = blocker.properties[property]?.string
        else { continue }
        hints[reference.address] =
          "\(blocker.id) exists and refers to \(text); take that over with: trueup adopt "
          + "\(reference.address) \(text)"
      }
    }
    return hints
  }

  /// What the base knows of the stacks acted on, and neither the desired state nor AWS does.
  private func vanished(
    _ failed: Set<String>, decisions: [Address: Decision], context: Context
  ) -> Set<Address> {
    // What goes by another logical id now, and is as desired under that.
    let renamed = Set(
      context.index.renamed.compactMap { address, old in
        guard let decision = decisions[address], decision.live != nil, decision.change == nil else {
          return nil
        }
        return Address(stack: address.stack, resource: old)
      } as [Address])
    var shown: [Snapshot.Key: Set<String>] = [:]
    return Set(
      evidence.base.resources.filter { address, last in
        let key = Snapshot.Key(scope: last.scope, type: last.type)
        let isKept =
          context.index.resources[address] != nil && context.disposals[address.stack] == nil
        guard context.index.stacks[address.stack] != nil, options.acts(on: address.stack),
          !failed.contains(address.stack), !isKept, let present = snapshot.resources[key],
          let id = last.id
        else { return false }
        if renamed.contains(address) { return true }
        let ids = shown[key] ?? Set(present.map(\.id))
        shown[key] = ids
        return !ids.contains(id)
      }.keys)
  }

  /// What is ours, by the owner's full name, with the logical id where one is known: for snapshots.
  public func owned() -> [String: [(observed: Observed, logicalID: String?)]] {
    let context = context()
    var owned: [String: [(observed: Observed, logicalID: String?)]] = [:]
    for entry in context.world.entries {
      switch entry.owner {
      case .nobody: continue
      case .tagged(let stack, let resource):
        owned[stack, default: []].append((entry.observed, resource))
      case .inferred(let address, _):
        guard let stack = context.index.stacks[address.stack] else { continue }
        owned[stack.id.owner, default: []].append((entry.observed, address.resource))
      case .within(let parent):
        guard let stack = context.index.stacks[parent.stack] else { continue }
        owned[stack.id.owner, default: []].append((entry.observed, nil))
      }
    }
    return owned
  }
}
