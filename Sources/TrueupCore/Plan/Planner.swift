import Document

/// Computes what a run has to do: pure, from the desired state, the observed world and the base.
///
/// One direction: every resource is decided after what it refers to, so that a replacement cascades;
/// then what is ours and no longer desired; then the steps and their order.
public struct Planner: Sendable {
  public struct Options: Sendable {
    /// Names of the stacks to act on; `nil` for all. The others are compiled and observed, so that
    /// references between stacks resolve, and left alone.
    public var selected: Set<String>?
    /// Stacks to remove, beyond those whose manifest says so.
    public var destroy: [String: DataDisposal]
    /// The value of a `NoEcho` parameter, where its source is at hand.
    public var secret: @Sendable (SecretReference) -> String?
    /// Written to `trueup:rev` along with changes; `nil` from a dirty tree.
    public var revision: String?
    /// The same for stacks that are held back at another revision, by stack name.
    public var revisions: [String: String]

    public init(
      selected: Set<String>? = nil, destroy: [String: DataDisposal] = [:],
      secret: @escaping @Sendable (SecretReference) -> String? = { _ in nil },
      revision: String? = nil, revisions: [String: String] = [:]
    ) {
      self.selected = selected
      self.destroy = destroy
      self.secret = secret
      self.revision = revision
      self.revisions = revisions
    }

    func acts(on stack: String) -> Bool { selected?.contains(stack) ?? true }

    func revision(of stack: String) -> String? { revisions[stack] ?? revision }
  }

  let catalog: Catalog
  let desired: Desired
  let snapshot: Snapshot
  let base: Base
  let options: Options

  public init(
    catalog: Catalog, desired: Desired, snapshot: Snapshot, base: Base,
    options: Options = Options()
  ) {
    self.catalog = catalog
    self.desired = desired
    self.snapshot = snapshot
    self.base = base
    self.options = options
  }

  /// The plan. Stacks that cannot be planned carry their error; the others are planned all the same.
  public func plan() -> Plan {
    decided().plan
  }

  /// The outputs of the stacks acted on, by stack and output name, as far as they are known; secrets
  /// and unknowns are redacted.
  public func outputs() -> [String: [String: Document]] {
    let decisions = decided().decisions
    var outputs: [String: [String: Document]] = [:]
    for stack in desired.stacks where options.acts(on: stack.id.name) {
      for output in stack.outputs {
        let value = try? output.value.evaluated { leaf in
          switch leaf {
          case .reference(let reference): resolve(reference, decisions)
          case .fact(let fact): snapshot.facts[fact]
          default: nil
          }
        }
        outputs[stack.id.name, default: [:]][output.name] = (value ?? output.value).redacted
      }
    }
    return outputs
  }

  private func decided() -> (plan: Plan, decisions: [Address: Decision]) {
    var stacks = Dictionary(
      desired.stacks.map {
        ($0.id.name, Plan.Stack(id: $0.id, account: $0.account, region: $0.region))
      }, uniquingKeysWith: { first, _ in first })
    for stack in desired.stacks { stacks[stack.id.name]?.error = error(of: stack) }

    var decisions: [Address: Decision] = [:]
    var unsettled: Set<Reference> = []
    let matching = Matching(snapshot: snapshot)
    let claims = Claims(catalog: catalog, desired: desired, snapshot: snapshot)
    let byName = Dictionary(
      desired.stacks.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
    for resource in ReferenceOrder.sorted(desired.stacks.flatMap(\.resources)) {
      guard let stack = byName[resource.address.stack], stacks[stack.id.name]?.error == nil,
        let kind = catalog[resource.type]
      else { continue }
      do {
        let decision = try planner(for: resource, kind, matching, claims, decisions, unsettled)
          .decide(resource, of: stack.id)
        decisions[resource.address] = withBlockedPrerequisites(
          deletedFirst(decision, decisions), decisions)
        unsettled.formUnion(decision.unsettled(kind.annotations))
      } catch {
        stacks[stack.id.name]?.error =
          "\(resource.location): \(resource.address.resource): \(error.description)"
      }
    }
    let failed = Set(stacks.values.filter { $0.error != nil }.map(\.id.name))
    decisions = decisions.filter { !failed.contains($0.key.stack) }
    for stack in desired.stacks where disposal(of: stack) != nil {
      for resource in stack.resources { decisions[resource.address]?.change = nil }
    }

    let removals = Removals(planner: self, decisions: decisions).all(failed: failed)
    let steps = StepOrder(
      catalog: catalog, desired: desired, decisions: decisions.filter { isActive($0.value) },
      removals: removals, snapshot: snapshot, revision: options.revision(of:)
    ).steps()
    var settled: [Address: Base.Resource] = [:]
    for decision in decisions.values.sorted(by: { $0.address < $1.address }) {
      let name = decision.address.stack
      stacks[name]?.notChecked += decision.notChecked
      guard isActive(decision) else { continue }
      if var change = decision.change {
        change.after = steps.prerequisites[decision.address] ?? []
        change.scope = stacks[name]?.elsewhere(decision.resource.scope)
        stacks[name]?.changes.append(change)
      } else if disposal(ofStack: name) == nil {
        stacks[name]?.inSync += 1
        settled[decision.address] = decision.settledBase(
          hiding: catalog[decision.resource.type]?.annotations.proven ?? [])
      }
    }
    for removal in removals {
      var change = removal.change
      change.after = steps.deletionPrerequisites[removal.observed.id] ?? []
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
    let plan = Plan(
      stacks: shown.sorted { $0.id < $1.id }, resources: resources(), steps: steps.steps,
      settled: settled, vanished: vanished(failed: failed, decisions))
    return (plan, decisions)
  }

  /// The resources of the stacks acted on, with what they need.
  private func resources() -> [Plan.Resource] {
    desired.stacks.filter { options.acts(on: $0.id.name) }.flatMap(\.resources).map {
      Plan.Resource(
        address: $0.address, type: $0.type, needs: ReferenceOrder.prerequisites(of: $0))
    }.sorted { $0.address < $1.address }
  }

  /// What the base knows of the stacks acted on, and neither the desired state nor AWS does.
  private func vanished(failed: Set<String>, _ decisions: [Address: Decision]) -> Set<Address> {
    let kept = Set(
      desired.stacks.filter { disposal(of: $0) == nil }.flatMap(\.resources).map(\.address))
    let compiled = Set(desired.stacks.map(\.id.name))
    // What goes by another logical id now, and is as desired under that.
    let renamed = Set(
      desired.renamed.compactMap { address, old in
        guard let decision = decisions[address], decision.live != nil, decision.change == nil else {
          return nil
        }
        return Address(stack: address.stack, resource: old)
      } as [Address])
    return Set(
      base.resources.filter { address, last in
        let key = Snapshot.Key(scope: last.scope, type: last.type)
        guard compiled.contains(address.stack), options.acts(on: address.stack),
          !failed.contains(address.stack), !kept.contains(address),
          let shown = snapshot.resources[key], let id = last.id
        else { return false }
        if renamed.contains(address) { return true }
        return !shown.contains { $0.id == id }
      }.keys)
  }

  private func planner(
    for resource: DesiredResource, _ kind: any Kind, _ matching: Matching, _ claims: Claims,
    _ decisions: [Address: Decision], _ unsettled: Set<Reference>
  ) -> ResourcePlanner {
    // Another type under the same logical id is another resource.
    let last = [resource.address.resource, resource.was].lazy.compactMap(\.self).compactMap {
      base.resources[Address(stack: resource.address.stack, resource: $0)]
    }.first { $0.type == resource.type }
    return ResourcePlanner(
      kind: kind, schema: ResourceSchema.embedded(resource.type), matching: matching,
      base: last, claims: claims, facts: snapshot.facts, secret: options.secret,
      isGenerated: isGenerated,
      reference: { resolve($0, decisions) }, unsettled: unsettled)
  }

  private func isGenerated(_ secret: SecretReference) -> Bool {
    let stack = desired.stacks.first { $0.id.name == secret.stack }
    guard case .generate = stack?.secretSources[secret.parameter] else { return false }
    return true
  }

  private func resolve(_ reference: Reference, _ decisions: [Address: Decision]) -> Document? {
    guard let decision = decisions[reference.address],
      let kind = catalog[decision.resource.type]
    else { return nil }
    return decision.value(of: reference.attribute, kind.annotations)
  }

  /// What lies for good in something that is deleted first goes before it, and comes after it.
  private func deletedFirst(_ decision: Decision, _ decisions: [Address: Decision]) -> Decision {
    guard let change = decision.change, change.action == .replace else { return decision }
    let replacing = Set(
      change.differences.filter { $0.effect == .replace }.compactMap(\.path.property))
    let follows = decision.resource.properties.references.contains { path, reference in
      guard let needed = decisions[reference.address], needed.change?.action == .replace,
        let property = path.property
      else { return false }
      return needed.deletesFirst && replacing.contains(property)
    }
    var decision = decision
    if follows { decision.deletesFirst = true }
    return decision
  }

  /// What has to be made from something that is blocked, or would come to refer to it, is blocked
  /// itself: what stands in its place is not ours. So is what would need a resource that another
  /// stack has still to make.
  private func withBlockedPrerequisites(_ decision: Decision, _ decisions: [Address: Decision])
    -> Decision
  {
    guard let change = decision.change, change.action != .blocked else { return decision }
    var decision = decision
    for prerequisite in ReferenceOrder.prerequisites(of: decision.resource) {
      let needed = prerequisite.address
      let isBlocked = decisions[needed]?.change?.action == .blocked
      let isElsewhere =
        needed.stack != decision.address.stack && !options.acts(on: needed.stack)
        && decisions[needed]?.creates == true
      let refers = decision.resource.properties.references.contains { path, reference in
        reference.address == needed
          && change.differences.contains { $0.path.property == path.property }
      }
      guard isBlocked && (change.action == .create || refers) || isElsewhere else { continue }
      decision.change?.action = .blocked
      decision.change?.reason =
        isBlocked
        ? "needs \(needed), which is blocked" : "needs \(needed), which is not in this run"
    }
    return decision
  }

  // MARK: Stacks

  func disposal(of stack: DesiredStack) -> DataDisposal? {
    options.destroy[stack.id.name] ?? stack.destroy
  }

  func disposal(ofStack name: String) -> DataDisposal? {
    desired.stacks.first { $0.id.name == name }.flatMap(disposal)
  }

  private func isActive(_ decision: Decision) -> Bool { options.acts(on: decision.address.stack) }

  /// Why a stack cannot be planned at all.
  private func error(of stack: DesiredStack) -> String? {
    for resource in stack.resources {
      if let last = base.resources[resource.address], last.type == resource.type,
        last.scope != resource.scope
      {
        return
          "\(resource.address) was applied in \(last.scope) and would move to \(resource.scope): "
          + "moving a stack is refused; destroy it there first, or restore its account and region"
      }
      let key = Snapshot.Key(scope: resource.scope, type: resource.type)
      if let failure = snapshot.failures[key] {
        return "\(resource.type) could not be observed in \(resource.scope): \(failure.message)"
      }
    }
    return nil
  }
}
