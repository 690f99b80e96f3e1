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
          base.resources[resource.address] = self.base(of: resource, observed, revision)
        }
      }
    }
    return base
  }

  private func base(of resource: DesiredResource, _ observed: Observed?, _ revision: String)
    -> Base.Resource
  {
    let properties = (try? resource.properties.evaluated(known)) ?? resource.properties
    var tags = Base.Resource.noted(
      resource.tags.mapValues { (try? $0.evaluated(known)) ?? $0 })
    for key in OwnershipTags.all { tags[key] = observed?.tags[key] }
    return Base.Resource(
      type: resource.type, id: observed?.id, scope: resource.scope,
      properties: properties.redacted, tags: tags, revision: revision)
  }

  private func known(_ leaf: Value) -> Document? {
    switch leaf {
    case .fact(let fact):
      return snapshot.facts[fact]
    case .reference(let reference):
      let owner = "\(project)/\(reference.address.stack)"
      guard
        let observed = snapshot.resources.values.joined().first(where: {
          $0.tags[OwnershipTags.stack] == owner
            && $0.tags[OwnershipTags.resource] == reference.address.resource
        }), let annotations = catalog[observed.type]?.annotations
      else { return nil }
      guard let attribute = reference.attribute else {
        return observed.properties[annotations.ref] ?? .string(observed.id)
      }
      return attribute.split(separator: ".").reduce(Optional(observed.properties)) {
        $0?[String($1)]
      }
    default:
      return nil
    }
  }
}
