import Document

/// What all decisions of a plan are made with, and those that are made already.
final class Deciding {
  let matching: Matching
  let claims: Claims
  /// Values that belong to accounts.
  let accountFacts: [Fact: Document]
  /// The value of a secret; `nil` where its source is not at hand.
  let secret: @Sendable (SecretReference) -> String?
  private(set) var decisions: [Address: Decision] = [:]
  /// References to what other changes of the run bring about.
  private(set) var unsettled: Set<Reference> = []
  private let catalog: Catalog
  private let generated: Set<SecretReference>
  /// The stacks that the run acts on; `nil` for all.
  private let selected: Set<String>?
  private let foretoldValues: ForetoldValues

  init(_ planner: Planner, _ context: Planner.Context) {
    matching = Matching(world: context.world, proofs: context.proofs, index: context.index)
    claims = context.claims
    accountFacts = planner.snapshot.facts
    secret = planner.options.secret
    catalog = planner.catalog
    selected = planner.options.selected
    foretoldValues = ForetoldValues(index: context.index, catalog: planner.catalog)
    generated = Set(
      planner.desired.stacks.flatMap { stack in
        stack.secretSources.compactMap { parameter, source in
          guard case .generate = source else { return nil }
          return SecretReference(stack: stack.id.name, parameter: parameter)
        }
      })
    decisions.reserveCapacity(context.index.ordered.count)
  }

  func note(_ decision: Decision, _ facts: TypeFacts) {
    decisions[decision.address] = decision
    unsettled.formUnion(decision.unsettled(facts))
  }

  /// Whether a secret is made up where it is missing, and kept by AWS alone.
  func isGenerated(_ secret: SecretReference) -> Bool { generated.contains(secret) }

  /// The value of a reference; `nil` while it is not known.
  func value(of reference: Reference) -> Document? {
    guard let decision = decisions[reference.address] else { return nil }
    return decision.value(
      of: reference.attribute, ref: decision.ref,
      isActedOn: selected?.contains(reference.address.stack) ?? true)
  }

  /// What a reference to something that is made for the first time, or again, will come to: what is
  /// replaced gets another name.
  func foretold(_ reference: Reference) -> Document? {
    guard let decision = decisions[reference.address], decision.change?.action == .create,
      let name = catalog[decision.resource.type]?.facts.identity.name?.property
    else { return nil }
    return foretoldValues.value(of: reference, name: decision.desired[name]?.document)
  }

  /// The change that is planned of another resource.
  func change(of address: Address) -> Change? { decisions[address]?.change }
}
