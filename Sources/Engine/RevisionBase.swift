import Document
import TrueupCore

/// The base of resources that the journal does not know: the revision in their tag `trueup:rev`,
/// compiled again.
struct RevisionBase {
  let catalog: Catalog
  let project: String
  let snapshot: Snapshot
  let history: History

  /// `known` with what the revisions tell of the stacks' other resources.
  func completed(_ known: Base, stacks: [DesiredStack]) async -> Base {
    var base = known
    let values = ObservedValues(snapshot, catalog: catalog, project: project)
    let owned = Dictionary(
      grouping: snapshot.resources.values.joined().filter {
        $0.tags[OwnershipTags.revision] != nil && $0.tags[OwnershipTags.resource] != nil
      }, by: { $0.tags[OwnershipTags.stack] ?? "" })
    var wanted: [String: [StackID]] = [:]
    for stack in stacks {
      let resources = owned[stack.id.owner] ?? []
      let needed = Set(stack.resources.map(\.address)).union(
        resources.compactMap { $0.tags[OwnershipTags.resource] }.map {
          Address(stack: stack.id.name, resource: $0)
        })
      guard needed.contains(where: { known.resources[$0] == nil }) else { continue }
      for revision in Set(resources.compactMap { $0.tags[OwnershipTags.revision] }) {
        wanted[revision, default: []].append(stack.id)
      }
    }
    for (revision, ids) in wanted.sorted(by: { $0.key < $1.key }) {
      for old in await recalled(ids, at: revision) {
        let resources = owned[old.id.owner] ?? []
        for resource in old.resources where known.resources[resource.address] == nil {
          let observed = resources.first {
            $0.tags[OwnershipTags.resource] == resource.address.resource && $0.type == resource.type
          }
          let isItsRevision = observed?.tags[OwnershipTags.revision] == revision
          guard isItsRevision || observed == nil else { continue }
          base.resources[resource.address] = self.base(
            of: resource, observed, revision, values)
        }
      }
    }
    return base
  }

  /// The stacks as the revision wanted them; those that do not compile then are left out.
  private func recalled(_ ids: [StackID], at revision: String) async -> [DesiredStack] {
    var names = Set(ids.map(\.name))
    var found: [DesiredStack] = []
    switch await history.desired(revision, names) {
    case .desired(let desired): found = desired.stacks
    case .broken where names.count > 1:
      while let name = names.popFirst() {
        guard case .desired(let desired) = await history.desired(revision, [name]) else { continue }
        found += desired.stacks
      }
    case .broken, .unknown: break
    }
    return found.filter { ids.contains($0.id) }
  }

  private func base(
    of resource: DesiredResource, _ observed: Observed?, _ revision: String,
    _ values: ObservedValues
  ) -> Base.Resource {
    var tags = Base.Resource.noted(resource.tags.mapValues(values.evaluated))
    for key in OwnershipTags.all { tags[key] = observed?.tags[key] }
    if catalog[resource.type]?.facts.ownership.isTaggable == false {
      tags[OwnershipTags.deletionPolicy] = resource.deletionPolicy?.rawValue
    }
    return Base.Resource(
      type: resource.type, id: observed?.id, scope: resource.scope,
      properties: values.evaluated(resource.properties).redacted(
        hiding: catalog[resource.type]?.facts.properties.proven ?? []), tags: tags, revision: revision)
  }
}
