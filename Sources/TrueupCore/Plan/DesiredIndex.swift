/// The desired state, indexed: built once per plan.
final class DesiredIndex: Sendable {
  let desired: Desired
  let resources: [Address: DesiredResource]
  let stacks: [String: DesiredStack]
  let stacksByOwner: [String: DesiredStack]
  /// The resources of each type and scope, by address.
  let byPlace: [Snapshot.Key: [DesiredResource]]
  /// The earlier logical ids of renamed resources.
  let renamed: [Address: String]
  /// By address.
  let sorted: [DesiredResource]
  /// Each after what it refers to or depends on.
  let ordered: [DesiredResource]
  let prerequisites: [Address: [Change.Prerequisite]]
  /// What depends explicitly on a resource.
  let dependents: [Address: [Address]]

  init(_ desired: Desired) {
    self.desired = desired
    stacks = Dictionary(
      desired.stacks.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
    stacksByOwner = Dictionary(
      desired.stacks.map { ($0.id.owner, $0) }, uniquingKeysWith: { first, _ in first })
    let all = desired.stacks.sorted { $0.id.name < $1.id.name }.flatMap { stack in
      stack.resources.sorted { $0.address < $1.address }
    }
    var resources: [Address: DesiredResource] = [:]
    resources.reserveCapacity(all.count)
    var sorted: [DesiredResource] = []
    sorted.reserveCapacity(all.count)
    var byPlace: [Snapshot.Key: [DesiredResource]] = [:]
    var renamed: [Address: String] = [:]
    var prerequisites: [Address: [Change.Prerequisite]] = [:]
    prerequisites.reserveCapacity(all.count)
    var dependents: [Address: [Address]] = [:]
    for resource in all where resources[resource.address] == nil {
      resources[resource.address] = resource
      sorted.append(resource)
      byPlace[Snapshot.Key(scope: resource.scope, type: resource.type), default: []]
        .append(resource)
      if let was = resource.was { renamed[resource.address] = was }
      prerequisites[resource.address] = ReferenceOrder.prerequisites(of: resource)
      for needed in resource.dependsOn { dependents[needed, default: []].append(resource.address) }
    }
    self.resources = resources
    self.byPlace = byPlace
    self.renamed = renamed
    self.prerequisites = prerequisites
    self.dependents = dependents
    self.sorted = sorted
    ordered = ReferenceOrder.sorted(sorted, prerequisites)
  }

  /// The address at which a logical id of an owner stands, whether it is desired or not; `nil` for
  /// owners without a manifest.
  func address(_ owner: String, _ resource: String) -> Address? {
    stacksByOwner[owner].map { Address(stack: $0.id.name, resource: resource) }
  }
}
