import Document

/// What desired resources of their own describe inside others: rules inside a security group, policies
/// inside a role. Of all stacks, so that narrowing a run never makes one stack undo another's.
struct Claims {
  /// By the id or ARN of the resource inside which they are.
  private var byParent: [String: [Claim]] = [:]

  init(catalog: Catalog, desired: Desired, snapshot: Snapshot) {
    let values = ObservedValues(
      snapshot, catalog: catalog, project: desired.project, renamed: desired.renamed)
    for resource in desired.stacks.flatMap(\.resources) {
      guard let parent = catalog[resource.type]?.annotations.parent,
        let parents = resource.properties[parent].map(values.evaluated)?.redacted
      else { continue }
      let claim = Claim(
        type: resource.type, properties: values.evaluated(resource.properties).redacted,
        observed: values.observed(at: resource.address))
      for identifier in (parents.list ?? [parents]).compactMap(\.string) {
        byParent[identifier, default: []].append(claim)
      }
    }
  }

  /// The resource without what others describe of it, inside it or, where it has a parent itself,
  /// beside it.
  func without(_ observed: Observed, _ kind: any Kind) -> Observed {
    let claims = claims(on: observed, kind)
    return claims.isEmpty ? observed : kind.without(claims, in: observed)
  }

  /// What resources of other types describe of it.
  func parts(of observed: Observed, _ kind: any Kind) -> [Claim] {
    claims(on: observed, kind).filter { $0.type != kind.type }
  }

  private func claims(on observed: Observed, _ kind: any Kind) -> [Claim] {
    if byParent.isEmpty { return [] }
    let parents = kind.annotations.parent.flatMap { observed.properties[$0] }
    let beside = (parents?.list ?? [parents].compactMap(\.self)).compactMap(\.string)
    return observed.identifiers(kind.annotations).union(beside).sorted()
      .flatMap { byParent[$0] ?? [] }
  }
}
