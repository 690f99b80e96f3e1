import Document
import TrueupCore

/// A desired state that chance makes and changes, within what AWS can carry out.
struct SoakFleet {
  private(set) var stacks: [[DesiredResource]] = []
  private var numbers = 0
  private static let names = ["web", "app", "db"]
  private static let location = SourceLocation(
    file: "clients/soak.jsonc", position: Position(line: 1, column: 1))

  init(_ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...2, using: &random) { stacks.append([]) }
    for _ in 0..<Int.random(in: 2...10, using: &random) { attempt(&random) { $0.add(&$1) } }
    if count == 0 { add(&random) }
  }

  var count: Int { stacks.map(\.count).reduce(0, +) }
  var all: [DesiredResource] { stacks.flatMap(\.self) }

  func id(_ stack: Int) -> StackID {
    StackID(project: "fleet", client: "client\(stack)", environment: "prod")
  }

  var desired: Desired {
    Desired(
      project: "fleet", accounts: [],
      stacks: stacks.enumerated().map { index, resources in
        DesiredStack(
          id: id(index), account: SoakWorld.account, region: "us-east-1", resources: resources,
          manifest: Self.location)
      })
  }

  /// Everything of an earlier desired state comes back.
  mutating func revert(to earlier: Desired) { stacks = earlier.stacks.map(\.resources) }

  /// A person lets what exists be taken over.
  mutating func adoptWhatExists() {
    for stack in stacks.indices {
      for index in stacks[stack].indices { stacks[stack][index].adopt = true }
    }
  }

  /// A change that would not be valid is not made.
  mutating func attempt(
    _ random: inout SeededGenerator, _ change: (inout SoakFleet, inout SeededGenerator) -> Void
  ) {
    var copy = self
    change(&copy, &random)
    numbers = copy.numbers
    if copy.isValid { self = copy }
  }

  // MARK: Validity

  private var isValid: Bool {
    let all = all
    guard !all.isEmpty, all.count <= 12 else { return false }
    let addresses = Set(all.map(\.address))
    let isWhole = all.allSatisfy { resource in
      ReferenceOrderCheck.needs(resource).isSubset(of: addresses)
    }
    let forms = all.map { ($0, Self.known($0)) }
    let isAlone = forms.enumerated().allSatisfy { index, one in
      forms.dropFirst(index + 1).allSatisfy { other in
        one.0.type != other.0.type || one.0.scope != other.0.scope
          || SoakKind.of(one.0.type)?.facts.identity.keys.allSatisfy {
            $0.conflict(one.1, other.1) != .same
          } ?? true
      }
    }
    return isWhole && isAlone && ReferenceOrderCheck.isAcyclic(all)
  }

  /// The properties with a text in place of each reference.
  private static func known(_ resource: DesiredResource) -> Document {
    let value = try? resource.properties.evaluated { leaf in
      if case .reference(let reference) = leaf { .string(reference.text) } else { nil }
    }
    return value?.document ?? .null
  }

  // MARK: Parts

  private mutating func number() -> Int {
    numbers += 1
    return numbers
  }

  private mutating func network(_ random: inout SeededGenerator) -> String {
    // A few are used again and again.
    let second = random.once(in: 3) ? Int.random(in: 0...2, using: &random) : number()
    return "10.\(second / 250).\(second % 250).0/24"
  }

  private func of(_ kind: SoakKind, _ stack: Int) -> [DesiredResource] {
    stacks[stack].filter { $0.type == kind.type }
  }

  private func ref(_ resource: DesiredResource, _ attribute: String? = nil) -> Value {
    .reference(Reference(resource.address, attribute: attribute))
  }

  mutating func add(_ random: inout SeededGenerator) {
    let stack = Int.random(in: 0..<stacks.count, using: &random)
    stacks[stack].append(make("R\(number())", stack, &random))
  }

  private mutating func make(_ id: String, _ stack: Int, _ random: inout SeededGenerator)
    -> DesiredResource
  {
    var scope =
      random.once(in: 4) ? random.pick(SoakWorld.scopes) : SoakWorld.scopes[0]
    var properties: [String: Value] = [:]
    var kind = random.pick(SoakKind.all)
    let parent: SoakKind? =
      switch kind.type {
      case SoakKind.sub.type, SoakKind.group.type, SoakKind.link.type: .net
      case SoakKind.rule.type: .group
      case SoakKind.wire.type: .box
      default: nil
      }
    if let parent, let holder = of(parent, stack).randomElement(using: &random) {
      properties[parent.facts.identity.ref] = ref(holder)
      scope = holder.scope
    } else if parent != nil {
      kind = parent ?? .net
      if kind.type == SoakKind.group.type { kind = .net }
    }
    switch kind.type {
    case SoakKind.net.type, SoakKind.sub.type, SoakKind.link.type:
      properties["Cidr"] = .string(network(&random))
    case SoakKind.group.type:
      if let other = of(.group, stack).filter({ $0.scope == scope }).randomElement(using: &random) {
        properties["Rules"] = .list(of: [
          .object(of: ["Source": ref(other), "Port": .known(1)])
        ])
      }
    case SoakKind.rule.type:
      properties["Port"] = .known(.integer(Int.random(in: 2...4, using: &random)))
    case SoakKind.box.type:
      if random.once(in: 2) { properties["BoxName"] = .string(random.pick(Self.names)) }
      if random.once(in: 3) { properties["Lease"] = .string("lease-\(number())") }
      if random.once(in: 3),
        let net = all.filter({ $0.type == SoakKind.net.type })
          .randomElement(using: &random)
      {
        properties["Place"] = ref(net, "Arn")
      }
    case SoakKind.queue.type:
      if random.once(in: 2) { properties["QueueName"] = .string(random.pick(Self.names)) }
    case SoakKind.board.type:
      if random.once(in: 2) { properties["BoardName"] = .string(random.pick(Self.names)) }
    default:
      if let queue = all.filter({ $0.type == SoakKind.queue.type }).randomElement(using: &random) {
        properties["Endpoint"] = ref(queue, "Arn")
      } else {
        properties["Endpoint"] = .string("mail-\(number())")
      }
    }
    return DesiredResource(
      address: Address(stack: self.id(stack).name, resource: id), type: kind.type, scope: scope,
      properties: .object(of: properties), tags: ["Project": .string("Fleet")],
      replaceDeleteFirst: random.once(in: 4)
        && ![SoakKind.group.type, SoakKind.net.type].contains(kind.type)
        || kind.facts.identity.name.map { properties[$0.property] != nil } ?? false,
      location: Self.location)
  }

  // MARK: Changes in git

  mutating func change(_ random: inout SeededGenerator) { attempt(&random) { $0.step(&$1) } }

  private mutating func step(_ random: inout SeededGenerator) {
    let stack = Int.random(in: 0..<stacks.count, using: &random)
    guard let index = stacks[stack].indices.randomElement(using: &random) else {
      return add(&random)
    }
    let resource = stacks[stack][index]
    func set(_ property: String, _ value: Value?, in fleet: inout SoakFleet) {
      var members = resource.properties.members ?? [:]
      members[property] = value
      fleet.stacks[stack][index].properties = .object(of: members)
      fleet.stacks[stack][index].was = nil
    }
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1: add(&random)
    case 2, 3: stacks[stack].remove(at: index)
    case 12: move(stack, index, &random)
    case 13:
      if let other = stacks[stack].randomElement(using: &random), other.address != resource.address
      {
        stacks[stack][index].dependsOn = [other.address]
      }
    case 4, 5, 14, 15:
      let literal = (SoakKind.of(resource.type)?.createOnly ?? []).filter {
        resource.properties[$0]?.document != nil
      }
      switch literal.randomElement(using: &random) {
      case "Cidr": set("Cidr", .string(network(&random)), in: &self)
      case "Port": set("Port", .known(.integer(Int.random(in: 2...4, using: &random))), in: &self)
      case "Lease": set("Lease", .string("lease-\(number())"), in: &self)
      case let name? where name.hasSuffix("Name"):
        set(name, .string(random.pick(Self.names)), in: &self)
      default:
        let property = resource.type == SoakKind.group.type ? "Purpose" : "Engine"
        if [SoakKind.group, .box, .queue].map(\.type).contains(resource.type) {
          set(property, .string("engine-\(number())"), in: &self)
        }
      }
    case 6: trade(stack, index, &random)
    case 7:
      if SoakKind.of(resource.type)?.facts.ownership.isTaggable == true {
        stacks[stack][index].tags["Number"] = .string("\(number())")
      }
    case 8: set("Note", nil, in: &self)
    case 9:
      // Another type under the same logical id.
      let other = make(resource.address.resource, stack, &random)
      let isOther = other.type != resource.type && other.scope == resource.scope
      if isOther, !isNeeded(resource) { stacks[stack][index] = other }
    default: set("Note", .string("note \(number())"), in: &self)
    }
  }

  private func isNeeded(_ resource: DesiredResource) -> Bool {
    all.contains { ReferenceOrderCheck.needs($0).contains(resource.address) }
  }

  /// A resource goes into another parent, or refers to another one.
  private mutating func move(_ stack: Int, _ index: Int, _ random: inout SeededGenerator) {
    let resource = stacks[stack][index]
    guard var members = resource.properties.members,
      let property = members.keys.sorted().first(where: {
        if case .reference = members[$0] { true } else { false }
      }), case .reference(let reference) = members[property],
      let old = all.first(where: { $0.address == reference.address })
    else { return }
    let others = all.filter {
      $0.type == old.type && $0.scope == old.scope && $0.address != resource.address
    }
    guard let other = others.randomElement(using: &random) else { return }
    members[property] = ref(other, reference.attribute)
    stacks[stack][index].properties = .object(of: members)
  }

  /// Two resources swap what AWS allows only once.
  private mutating func trade(_ stack: Int, _ index: Int, _ random: inout SeededGenerator) {
    let resource = stacks[stack][index]
    let others = stacks[stack].indices.filter {
      $0 != index && stacks[stack][$0].type == resource.type
    }
    guard let other = others.randomElement(using: &random) else { return }
    for property in ["Cidr", "Lease", "BoxName", "QueueName", "BoardName", "Port"] {
      guard var one = stacks[stack][index].properties.members,
        var two = stacks[stack][other].properties.members,
        one[property] != nil, two[property] != nil
      else { continue }
      (one[property], two[property]) = (two[property], one[property])
      stacks[stack][index].properties = .object(of: one)
      stacks[stack][other].properties = .object(of: two)
    }
  }
}

/// Whether references run in a circle.
private enum ReferenceOrderCheck {
  static func needs(_ resource: DesiredResource) -> Set<Address> {
    Set(resource.properties.references.map(\.reference.address) + resource.dependsOn)
  }

  static func isAcyclic(_ resources: [DesiredResource]) -> Bool {
    var left = Dictionary(
      resources.map { ($0.address, needs($0)) },
      uniquingKeysWith: { first, _ in first })
    while let next = left.first(where: { entry in
      entry.value.allSatisfy { left[$0] == nil }
    }) {
      left[next.key] = nil
    }
    return left.isEmpty
  }
}
