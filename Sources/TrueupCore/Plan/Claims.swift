import Document

/// What resources of their own describe inside others: rules inside a security group, policies inside a
/// role. Of all stacks, so that narrowing a run never makes one stack undo another's; and also what was
/// applied and is about to be deleted by a step of its own.
final class Claims {
  /// By the entry of the resource inside which they are.
  private var byParent: [Int: [Claim]] = [:]
  private let world: World
  private var last: (entry: Int, claims: [Claim])?

  init(index: DesiredIndex, world: World, values: ObservedValues, base: Base) {
    self.world = world
    for resource in index.ordered {
      guard let facts = world.catalog[resource.type]?.facts, !facts.ownership.parents.isEmpty else {
        continue
      }
      let properties = values.evaluated(resource.properties).redacted
      note(
        Claim(
          type: resource.type, properties: properties,
          observed: values.observed(at: resource.address)), facts: facts, scope: resource.scope)
    }
    for (address, last) in base.resources.sorted(by: { $0.key < $1.key }) {
      guard let facts = world.catalog[last.type]?.facts, !facts.ownership.parents.isEmpty,
        index.stacks[address.stack] != nil,
        !isDesired(last, at: address, index: index, values: values)
      else { continue }
      note(Claim(type: last.type, properties: last.properties), facts: facts, scope: last.scope)
    }
  }

  /// Whether what was applied last is what is desired, which has claimed its part already.
  private func isDesired(
    _ last: Base.Resource, at address: Address, index: DesiredIndex, values: ObservedValues
  ) -> Bool {
    guard let wanted = index.resources[address], wanted.type == last.type else { return false }
    return values.evaluated(wanted.properties).redacted == last.properties
  }

  private func note(_ claim: Claim, facts: TypeFacts, scope: Scope) {
    for parent in Set(world.parents(of: claim.properties, facts.ownership, in: scope)) {
      byParent[parent, default: []].append(claim)
    }
  }

  /// The resource without what others describe of it, inside it or, where it has a parent itself,
  /// beside it.
  func without(_ entry: Int, _ kind: any Kind) -> Observed {
    let claims = claims(on: entry, kind)
    let observed = world.entries[entry].observed
    return claims.isEmpty ? observed : kind.without(claims, in: observed)
  }

  /// What resources of other types describe of it.
  func parts(of entry: Int, _ kind: any Kind) -> [Claim] {
    claims(on: entry, kind).filter { $0.type != kind.type }
  }

  /// What others describe inside a resource, or beside it.
  private func claims(on entry: Int, _ kind: any Kind) -> [Claim] {
    if byParent.isEmpty { return [] }
    // A resource is asked about several times in a row.
    if let last, last.entry == entry { return last.claims }
    let observed = world.entries[entry].observed
    let beside = world.parents(of: observed.properties, kind.facts.ownership, in: observed.scope)
    let claims = ([entry] + Set(beside).subtracting([entry]).sorted())
      .flatMap { byParent[$0] ?? [] }
    last = (entry, claims)
    return claims
  }
}
