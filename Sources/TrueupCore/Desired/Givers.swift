import Document

/// Puts what refers to a property that other resources bring about (`Ownership.gives`) after those:
/// the subnets that are cut out of a VPC's IPv6 range after the range.
public enum Givers {
  /// The resources of one stack, with further `dependsOn`. What a giver itself needs does not wait for it.
  public static func ordered(_ resources: [DesiredResource], catalog: Catalog) -> [DesiredResource]
  {
    var givers: [Reference: [Address]] = [:]
    for resource in resources {
      guard let facts = catalog[resource.type]?.facts,
        let parent = facts.parentAddress(of: resource)
      else { continue }
      for name in facts.ownership.gives {
        givers[Reference(parent, attribute: name), default: []].append(resource.address)
      }
    }
    guard !givers.isEmpty else { return resources }
    let isWanted = resources.contains { resource in
      var found = false
      resource.properties.forEachReference { found = found || givers[$0] != nil }
      return found
    }
    guard isWanted else { return resources }
    let needs = Dictionary(
      resources.map { ($0.address, Set(ReferenceOrder.prerequisites(of: $0).map(\.address))) },
      uniquingKeysWith: { first, _ in first })
    return resources.map { resource in
      var resource = resource
      let wanted = resource.properties.references.flatMap { givers[$0.reference] ?? [] }
      for giver in Set(wanted).sorted()
      where giver != resource.address && !resource.dependsOn.contains(giver)
        && !isNeeded(resource.address, by: giver, needs)
      {
        resource.dependsOn.append(giver)
      }
      return resource
    }
  }

  private static func isNeeded(
    _ address: Address, by giver: Address, _ needs: [Address: Set<Address>]
  ) -> Bool {
    var seen: Set<Address> = []
    var open = [giver]
    while let next = open.popLast() {
      if next == address { return true }
      if seen.insert(next).inserted { open += needs[next] ?? [] }
    }
    return false
  }
}

extension TypeFacts {
  /// The resource of which this one brings about properties.
  func parentAddress(of resource: DesiredResource) -> Address? {
    guard !ownership.gives.isEmpty, let parent = ownership.parent,
      case .reference(let reference)? = resource.properties[parent]
    else { return nil }
    return reference.address
  }
}
