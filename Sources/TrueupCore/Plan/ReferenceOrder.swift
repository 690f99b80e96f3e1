/// Sorts the resources of a fleet so that each comes after what it refers to or depends on.
enum ReferenceOrder {
  /// Stable: by address where references leave the order open. What runs in a circle (the compiler
  /// refuses that) comes last.
  static func sorted(
    _ resources: [DesiredResource], _ prerequisites: [Address: [Change.Prerequisite]]
  ) -> [DesiredResource] {
    let byAddress = Dictionary(
      resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var needs: [Address: Set<Address>] = [:]
    var neededBy: [Address: [Address]] = [:]
    for resource in byAddress.values {
      let targets = Set((prerequisites[resource.address] ?? []).map(\.address)).filter {
        byAddress[$0] != nil && $0 != resource.address
      }
      needs[resource.address] = targets
      for target in targets { neededBy[target, default: []].append(resource.address) }
    }
    var ready = PriorityQueue(needs.filter(\.value.isEmpty).keys)
    var order: [DesiredResource] = []
    while let next = ready.popFirst() {
      needs[next] = nil
      if let resource = byAddress[next] { order.append(resource) }
      for dependent in neededBy[next] ?? [] {
        needs[dependent]?.remove(next)
        if needs[dependent]?.isEmpty == true { ready.insert(dependent) }
      }
    }
    return order + needs.keys.sorted().compactMap { byAddress[$0] }
  }

  /// What a resource refers to or depends on.
  static func prerequisites(of resource: DesiredResource) -> [Change.Prerequisite] {
    let references = resource.properties.references.map {
      Change.Prerequisite(address: $0.reference.address, because: .reference, path: $0.path)
    }
    let tags = resource.tags.sorted { $0.key < $1.key }.flatMap { key, value in
      value.references.map {
        Change.Prerequisite(
          address: $0.reference.address, because: .reference,
          path: PropertyPath(["Tags", key]))
      }
    }
    let explicit = resource.dependsOn.map {
      Change.Prerequisite(address: $0, because: .dependsOn)
    }
    var seen: Set<Address> = []
    return (references + tags + explicit).filter { seen.insert($0.address).inserted }
  }
}
