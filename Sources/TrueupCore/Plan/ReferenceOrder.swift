/// Sorts the resources of a fleet so that each comes after what it refers to or depends on.
enum ReferenceOrder {
  /// Stable: by address where references leave the order open. What runs in a circle (the compiler
  /// refuses that) comes last.
  ///
  /// - Parameter resources: sorted by address, each once.
  static func sorted(
    _ resources: [DesiredResource], _ prerequisites: [Address: [Change.Prerequisite]]
  ) -> [DesiredResource] {
    let places = Dictionary(
      resources.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
    var open = [Int](repeating: 0, count: resources.count)
    var neededBy = [[Int]](repeating: [], count: resources.count)
    for (place, resource) in resources.enumerated() {
      for prerequisite in prerequisites[resource.address] ?? [] {
        guard let needed = places[prerequisite.address], needed != place else { continue }
        open[place] += 1
        neededBy[needed].append(place)
      }
    }
    var ready = PriorityQueue(open.indices.filter { open[$0] == 0 })
    var order: [DesiredResource] = []
    order.reserveCapacity(resources.count)
    while let next = ready.popFirst() {
      order.append(resources[next])
      for dependent in neededBy[next] {
        open[dependent] -= 1
        if open[dependent] == 0 { ready.insert(dependent) }
      }
    }
    return order + open.indices.filter { open[$0] > 0 }.map { resources[$0] }
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
