import Document
import TrueupCore

extension FleetCompiler {
  private func groups(_ names: (Blueprint) -> [String]) -> [(parameter: String, [StackCompiler])] {
    let byBlueprint = Dictionary(grouping: stacks) { $0.blueprint.name }
    return byBlueprint.values.flatMap { stacks in
      Set(stacks.flatMap { names($0.blueprint) }).sorted().map { ($0, stacks) }
    }
  }

  /// As people find it: `acme-prod (clients/acme-prod.jsonc:7:28)`.
  private func place(_ stack: StackCompiler, _ location: SourceLocation) -> String {
    "\(stack.id) (\(stack.manifest.path):\(location.position))"
  }

  /// `Metadata.Trueup.Unique`: no two stacks of a blueprint have the same value.
  func checkUnique() {
    for (parameter, stacks) in groups(\.unique) {
      var holders: [Document: StackCompiler] = [:]
      for stack in stacks {
        guard let value = stack.parameterValues[parameter]?.document else { continue }
        let location = stack.location(ofParameter: parameter)
        if let holder = holders[value] {
          log.error(
            "\(parameter) \(value.scalarText ?? value.json()) is also that of "
              + place(holder, holder.location(ofParameter: parameter)), at: location)
        } else {
          holders[value] = stack
        }
      }
    }
  }

  /// `Metadata.Trueup.DisjointCidrs`: no network of a stack overlaps one of another.
  func checkDisjointCIDRs() {
    for (parameter, stacks) in groups(\.disjointCIDRs) {
      var known: [DeclaredNetwork] = []
      for stack in stacks {
        guard let value = stack.parameterValues[parameter]?.document else { continue }
        let location = stack.location(ofParameter: parameter)
        let texts = (value.list ?? [value]).compactMap(\.scalarText)
        for text in texts {
          guard let network = Network(text) else {
            log.error(
              "\(parameter) must be a network such as 10.0.0.0/16, not \(text.quoted)",
              at: location)
            continue
          }
          known.append(DeclaredNetwork(network: network, text: text, stack: stack))
        }
      }
      for cluster in Self.overlapping(known) { checkDisjoint(cluster, parameter) }
    }
  }

  /// A network that a stack declares, as it is written.
  private struct DeclaredNetwork {
    var network: Network
    var text: String
    var stack: StackCompiler
  }

  /// Each with the first one before it that it overlaps.
  private func checkDisjoint(_ ranges: [DeclaredNetwork], _ parameter: String) {
    for (index, range) in ranges.enumerated() {
      let other = ranges[..<index].first {
        $0.stack !== range.stack && $0.network.overlaps(range.network)
      }
      guard let other, !isReportedAsUnique(parameter, stack: range.stack, other: other.stack) else {
        continue
      }
      log.error(
        "\(parameter) \(range.text) overlaps \(other.network) of "
          + place(other.stack, other.stack.location(ofParameter: parameter)),
        at: range.stack.location(ofParameter: parameter))
    }
  }

  /// The ranges that overlap any other, in groups that do not overlap one another, in their order. A
  /// network either holds another or has nothing in common with it: sorted, those that overlap stand
  /// together behind the largest.
  private static func overlapping(_ ranges: [DeclaredNetwork]) -> [[DeclaredNetwork]] {
    let sorted = ranges.indices.sorted { left, right in
      let (first, second) = (ranges[left].network, ranges[right].network)
      if first.bytes.count != second.bytes.count { return first.bytes.count < second.bytes.count }
      if first.bytes != second.bytes { return first.bytes.lexicographicallyPrecedes(second.bytes) }
      return (first.prefixLength, left) < (second.prefixLength, right)
    }
    var groups: [[Int]] = []
    for index in sorted {
      if let largest = groups.last?.first, ranges[largest].network.overlaps(ranges[index].network) {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups.filter { $0.count > 1 }.map { $0.sorted().map { ranges[$0] } }
  }

  /// One mistake is told once: the same value twice is an error of `Unique` already.
  private func isReportedAsUnique(
    _ parameter: String, stack: StackCompiler, other: StackCompiler
  ) -> Bool {
    stack.blueprint.unique.contains(parameter)
      && stack.parameterValues[parameter] == other.parameterValues[parameter]
  }

  /// No two resources may be one in AWS. Returns those that are.
  func checkCollisions(_ compiled: [DesiredStack]) -> Set<Address> {
    var found: Set<Address> = []
    var collisions = Collisions(catalog: settings.catalog)
    for group in collisions.groups(in: compiled) {
      let resources = group.resources
      found.formUnion(resources.map(\.address))
      let isOneStack = Set(resources.map(\.address.stack)).count == 1
      let names = resources.prefix(3).map {
        isOneStack ? $0.address.resource : $0.address.description
      }
      let more = resources.count - names.count
      let list =
        more == 0 ? Self.listed(names) : names.joined(separator: ", ") + " and \(more) more"
      for resource in resources {
        let declared = group.properties.filter { resource.properties[$0] != nil }
        log.error(
          "\(list) have the same \(Self.listed(declared)): AWS has one such \(resource.type)",
          at: resource.location, stack: resource.address.stack)
      }
    }
    return found
  }

  private static func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// No resource may need itself, through whatever references and dependencies.
  func checkCycles(_ compiled: [DesiredStack]) {
    var needs: [Address: Set<Address>] = [:]
    for resource in compiled.flatMap(\.resources) { needs[resource.address] = resource.targets }
    while true {
      Self.dropAcyclic(&needs)
      guard let start = needs.keys.min() else { return }
      let loop = Self.loop(from: start, in: needs)
      report(loop)
      for address in loop { needs[address] = nil }
    }
  }

  /// Takes away, again and again, what needs nothing that is left.
  private static func dropAcyclic(_ needs: inout [Address: Set<Address>]) {
    let addresses = Array(needs.keys)
    let places = Dictionary(uniqueKeysWithValues: addresses.enumerated().map { ($1, $0) })
    var open = [Int](repeating: 0, count: addresses.count)
    var neededBy = [[Int]](repeating: [], count: addresses.count)
    for (place, address) in addresses.enumerated() {
      for needed in needs[address]?.lazy.compactMap({ places[$0] }) ?? [] {
        open[place] += 1
        neededBy[needed].append(place)
      }
    }
    var free = open.indices.filter { open[$0] == 0 }
    while let place = free.popLast() {
      for dependent in neededBy[place] {
        open[dependent] -= 1
        if open[dependent] == 0 { free.append(dependent) }
      }
    }
    let left = Set(open.indices.lazy.filter { open[$0] > 0 }.map { addresses[$0] })
    needs = left.isEmpty ? [:] : needs.filter { left.contains($0.key) }
    for address in left { needs[address]?.formIntersection(left) }
  }

  /// Everything left needs something that is left, so that walking on must come round.
  private static func loop(from start: Address, in needs: [Address: Set<Address>]) -> [Address] {
    var path: [Address] = []
    var current: Address? = start
    while let address = current {
      if let first = path.firstIndex(of: address) { return Array(path[first...]) }
      path.append(address)
      current = needs[address]?.min()
    }
    return path
  }

  private func report(_ loop: [Address]) {
    guard let least = loop.min(), let first = loop.firstIndex(of: least) else { return }
    let ordered = Array(loop[first...] + loop[..<first] + [least])
    let isOneStack = Set(loop.map(\.stack)).count == 1
    let text = ordered.map { isOneStack ? $0.resource : $0.description }
      .joined(separator: " -> ")
    guard let stack = stacks.first(where: { $0.id.name == least.stack }) else { return }
    let next = ordered[1].stack == least.stack ? ordered[1].resource : ""
    let location =
      stack.edges[least.resource]?[next].map(stack.place)
      ?? stack.resources[least.resource].map { stack.place($0.member.position) }
    log.error("resources form a cycle: \(text)", at: location, stack: least.stack)
  }
}
