import Document

/// Computes what a run has to do: pure, from the desired state, the observed world and what is
/// remembered.
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
    /// Stacks that are taken over: the revisions in their tags count as known, and the new one is
    /// written to every resource.
    public var takesOver: Set<String>
    /// Replace and delete also what carries our tags and is not proven ours.
    public var allowsOrphans: Bool
    /// Create what is missing of a new stack of which other parts wait to be adopted.
    public var allowsPartial: Bool
    /// What a person says of resources, for this run.
    public var answers: [Address: Answer] = [:]
    /// Whether AWS was asked for the values that blueprints take from accounts: what it did not tell is
    /// not there.
    public var asksAccounts: Bool

    public init(
      selected: Set<String>? = nil, destroy: [String: DataDisposal] = [:],
      secret: @escaping @Sendable (SecretReference) -> String? = { _ in nil },
      revision: String? = nil, revisions: [String: String] = [:], takesOver: Set<String> = [],
      allowsOrphans: Bool = false, allowsPartial: Bool = false, asksAccounts: Bool = false
    ) {
      self.selected = selected
      self.destroy = destroy
      self.secret = secret
      self.revision = revision
      self.revisions = revisions
      self.takesOver = takesOver
      self.allowsOrphans = allowsOrphans
      self.allowsPartial = allowsPartial
      self.asksAccounts = asksAccounts
    }

    func acts(on stack: String) -> Bool { selected?.contains(stack) ?? true }

    func revision(of stack: String) -> String? { revisions[stack] ?? revision }
  }

  /// What is built once per plan.
  struct Context {
    let index: DesiredIndex
    let world: World
    let kinds: [String: PlannedKind]
    let proofs: Proofs
    let claims: Claims
    /// What becomes of the data of stacks that are removed, by stack name.
    let disposals: [String: DataDisposal]
  }

  let catalog: Catalog
  let desired: Desired
  let snapshot: Snapshot
  let evidence: Evidence
  let options: Options

  public init(
    catalog: Catalog, desired: Desired, snapshot: Snapshot, evidence: Evidence = Evidence(),
    options: Options = Options()
  ) {
    self.catalog = catalog
    self.desired = desired
    self.snapshot = snapshot
    self.evidence = evidence
    self.options = options
  }

  /// The plan. Stacks that cannot be planned carry their error; the others are planned all the same.
  public func plan() -> Plan { decided().plan }

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

  // MARK: One after the other

  func context() -> Context {
    let index = DesiredIndex(desired)
    let values = ObservedValues(
      snapshot, catalog: catalog, desired: desired, renamed: index.renamed,
      places: index.resources.mapValues { Snapshot.Key(scope: $0.scope, type: $0.type) })
    let places = Set(index.byPlace.keys).union(evidence.base.byPlace.keys)
    let types = Set(places.union(snapshot.resources.keys).map(\.type))
    let world = World(
      snapshot, catalog: catalog, rules: ReferenceRules(catalog, types: types), places: places,
      owners: formerOwners)
    Inference(
      index: index, base: evidence.base, values: values, catalog: catalog,
      intents: evidence.intents,
      revision: options.revision(of:), knownIDs: evidence.knownIDs, secret: options.secret
    ).apply(to: world)
    let kinds = PlannedKind.all(catalog, types: types)
    return Context(
      index: index, world: world, kinds: kinds,
      proofs: Proofs(
        index: index, world: world, kinds: kinds, evidence: evidence, takesOver: options.takesOver,
        allowsOrphans: options.allowsOrphans),
      claims: Claims(index: index, world: world, values: values, base: evidence.base),
      disposals: Dictionary(
        desired.stacks.compactMap { stack in
          (options.destroy[stack.id.name] ?? stack.destroy).map { (stack.id.name, $0) }
        }, uniquingKeysWith: { first, _ in first }))
  }

  /// The owners of today by those that the tags may still name.
  private var formerOwners: [String: String] {
    guard let former = desired.formerProject else { return [:] }
    return Dictionary(
      desired.stacks.map { ("\(former)/\($0.id.name)", $0.id.owner) },
      uniquingKeysWith: { first, _ in first })
  }

  private func decided() -> (plan: Plan, decisions: [Address: Decision]) {
    let context = context()
    var stacks = Dictionary(
      desired.stacks.map {
        ($0.id.name, Plan.Stack(id: $0.id, account: $0.account, region: $0.region))
      }, uniquingKeysWith: { first, _ in first })
    for stack in desired.stacks { stacks[stack.id.name]?.error = error(of: stack) }
    var decisions = decisions(context, &stacks)
    let failed = Set(stacks.values.filter { $0.error != nil }.map(\.id.name))
    if !failed.isEmpty { decisions = decisions.filter { !failed.contains($0.key.stack) } }
    for name in context.disposals.keys {
      for resource in context.index.stacks[name]?.resources ?? [] {
        decisions[resource.address]?.change = nil
      }
    }
    let removals = Removals(planner: self, context: context, decisions: decisions)
      .all(failed: failed)
    makeWay(removals, context: context, decisions: decisions)
    let steps = StepOrder(
      catalog: catalog, context: context,
      decisions: options.selected == nil ? decisions : decisions.filter { isActive($0.value) },
      removals: removals, evidence: evidence, options: options
    ).steps()
    let plan = plan(
      context, stacks: stacks, decisions: decisions, removals: removals, steps: steps,
      failed: failed)
    return (plan, decisions)
  }

  private func decisions(_ context: Context, _ stacks: inout [String: Plan.Stack])
    -> [Address: Decision]
  {
    let deciding = Deciding(self, context)
    for resource in context.index.ordered {
      guard let stack = context.index.stacks[resource.address.stack],
        stacks[stack.id.name]?.error == nil, let known = context.kinds[resource.type]
      else { continue }
      let planner = ResourcePlanner(
        deciding: deciding, known: known, base: last(of: resource),
        removed: evidence.removed[resource.address],
        unkept: evidence.unkept[resource.address] ?? [])
      do {
        let decision = try planner.decide(resource, of: stack.id)
        blockWithoutFacts(decision)
        stall(decision)
        deleteFirst(decision, deciding.decisions)
        blockWithPrerequisites(decision, decisions: deciding.decisions, context: context)
        deciding.note(decision, known.facts)
      } catch {
        stacks[stack.id.name]?.error =
          "\(resource.location): \(resource.address.resource): \(error.description)"
      }
    }
    holdPartial(context, deciding.decisions)
    return deciding.decisions
  }

  /// What was applied last at the address; another type under the same logical id is another resource.
  private func last(of resource: DesiredResource) -> Base.Resource? {
    [resource.address.resource, resource.was].lazy.compactMap(\.self).compactMap {
      evidence.base.resources[Address(stack: resource.address.stack, resource: $0)]
    }.first { $0.type == resource.type }
  }

  private func resolve(_ reference: Reference, _ decisions: [Address: Decision]) -> Document? {
    guard let decision = decisions[reference.address] else { return nil }
    return decision.value(of: reference.attribute, ref: decision.ref, isActedOn: false)
  }

  func isActive(_ decision: Decision) -> Bool { options.acts(on: decision.address.stack) }

  /// Why a stack cannot be planned at all.
  private func error(of stack: DesiredStack) -> String? {
    for resource in stack.resources {
      if let last = evidence.base.resources[resource.address], last.type == resource.type,
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
