/// The desired state, indexed: built once per plan.
struct DesiredIndex: Sendable {
  let desired: Desired
  let resources: [Address: DesiredResource]
  let stacks: [String: DesiredStack]
  let stacksByOwner: [String: DesiredStack]
  /// The resources of each type and scope, by address.
  let byPlace: [Snapshot.Key: [DesiredResource]]
  /// The earlier logical ids of renamed resources.
  let renamed: [Address: String]
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
    let all = desired.stacks.flatMap(\.resources)
    var resources: [Address: DesiredResource] = [:]
    resources.reserveCapacity(all.count)
    var byPlace: [Snapshot.Key: [DesiredResource]] = [:]
    var renamed: [Address: String] = [:]
    var prerequisites: [Address: [Change.Prerequisite]] = [:]
    var dependents: [Address: [Address]] = [:]
    for resource in all where resources[resource.address] == nil {
      resources[resource.address] = resource
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
    ordered = ReferenceOrder.sorted(all, prerequisites)
  }

  /// The address at which a logical id of an owner stands, whether it is desired or not; `nil` for
  /// owners without a manifest.
  func address(_ owner: String, _ resource: String) -> Address? {
    stacksByOwner[owner].map { Address(stack: $0.id.name, resource: resource) }
  }
}
