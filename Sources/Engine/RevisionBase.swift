import Document
import TrueupCore

/// The base of resources that the journal does not know: the revision in their tag `trueup:rev`,
/// compiled again.
struct RevisionBase {
  let catalog: Catalog
  let project: String
  let snapshot: Snapshot
  /// The desired state at a revision; `nil` where git does not know it or it does not compile.
  let desired: @Sendable (_ revision: String) async -> Desired?

  /// `known` with what the revisions tell of the stacks' other resources.
  func completed(_ known: Base, stacks: [DesiredStack]) async -> Base {
    var base = known
    let values = ObservedValues(snapshot, catalog: catalog, project: project)
    let owned = Dictionary(
      grouping: snapshot.resources.values.joined().filter {
        $0.tags[OwnershipTags.revision] != nil && $0.tags[OwnershipTags.resource] != nil
      }, by: { $0.tags[OwnershipTags.stack] ?? "" })
    var compiled: [String: Desired?] = [:]
    for stack in stacks {
      let resources = owned[stack.id.owner] ?? []
      let needed = Set(stack.resources.map(\.address)).union(
        resources.compactMap { $0.tags[OwnershipTags.resource] }.map {
          Address(stack: stack.id.name, resource: $0)
        })
      guard needed.contains(where: { known.resources[$0] == nil }) else { continue }
      let revisions = Set(resources.compactMap { $0.tags[OwnershipTags.revision] }).sorted()
      for revision in revisions {
        if compiled[revision] == nil { compiled[revision] = await desired(revision) }
        guard let found = compiled[revision], let found,
          let old = found.stacks.first(where: { $0.id == stack.id })
        else { continue }
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
