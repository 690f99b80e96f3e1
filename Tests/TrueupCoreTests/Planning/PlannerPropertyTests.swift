import Document
import XCTest

@testable import TrueupCore

/// Random fleets, changed at random in git and behind our back.
final class PlannerPropertyTests: XCTestCase {
  func testAPlanCarriedOutLeavesNothingToDo() {
    for seed in 1...250 {
      var random = SeededGenerator(state: UInt64(seed))
      var fleet = RandomFleet(&random)
      var world = TestWorld()
      for round in 0..<4 {
        let desired = fleet.desired
        let plan = world.plan(desired)
        let problems = world.carryOut(plan) { $0.shuffle(using: &random) }
        XCTAssertEqual(
          problems, [],
          "seed \(seed), round \(round): \(plan.lines) by \(plan.steps.map(\.id.description))")
        XCTAssertEqual(world.plan(desired).lines, [], "seed \(seed), round \(round)")
        XCTAssertEqual(
          world.resources.count, desired.stacks.flatMap(\.resources).count,
          "seed \(seed), round \(round): something is left over or missing")
        guard problems.isEmpty else { break }
        for _ in 0..<Int.random(in: 0...2, using: &random) { fleet.drift(&world, &random) }
        for _ in 0..<Int.random(in: 0...3, using: &random) { fleet.change(&random) }
      }
    }
  }

  func testAKilledRunIsCompletedByTheNext() {
    for seed in 1...150 {
      var random = SeededGenerator(state: UInt64(seed))
      var fleet = RandomFleet(&random)
      var world = TestWorld()
      for round in 0..<4 {
        let kill = Int.random(in: 0...6, using: &random)
        world.carryOut(world.plan(fleet.desired), limit: kill) { $0.shuffle(using: &random) }
        let plan = world.plan(fleet.desired)
        let problems = world.carryOut(plan)
        XCTAssertEqual(
          problems, [], "seed \(seed), round \(round), killed after \(kill): \(plan.lines)")
        XCTAssertEqual(world.plan(fleet.desired).lines, [], "seed \(seed), round \(round)")
        guard problems.isEmpty else { break }
        for _ in 0..<Int.random(in: 1...3, using: &random) { fleet.change(&random) }
      }
    }
  }

  func testRunsThatAreKilledOneAfterTheOtherEndWell() {
    for seed in 1...300 {
      var random = SeededGenerator(state: UInt64(seed))
      var fleet = RandomFleet(&random)
      var world = TestWorld()
      world.converge(fleet.desired)
      for _ in 0..<3 {
        for _ in 0..<Int.random(in: 1...3, using: &random) { fleet.change(&random) }
        let kill = Int.random(in: 0...5, using: &random)
        world.carryOut(world.plan(fleet.desired), limit: kill) { $0.shuffle(using: &random) }
      }
      let plan = world.plan(fleet.desired)
      let problems = world.carryOut(plan)
      XCTAssertEqual(problems, [], "seed \(seed): \(plan.lines)")
      XCTAssertEqual(world.plan(fleet.desired).lines, [], "seed \(seed)")
      XCTAssertEqual(
        world.resources.count, fleet.desired.stacks.flatMap(\.resources).count, "seed \(seed)")
    }
  }

  func testADestroyedFleetLeavesNothing() {
    for seed in 1...150 {
      var random = SeededGenerator(state: UInt64(seed))
      var fleet = RandomFleet(&random)
      var world = TestWorld()
      world.converge(fleet.desired)
      for _ in 0..<3 { fleet.drift(&world, &random) }
      for _ in 0..<2 { fleet.change(&random) }
      let all = Dictionary(
        uniqueKeysWithValues: fleet.desired.stacks.map { ($0.id.name, DataDisposal.delete) })
      let plan = world.plan(fleet.desired, destroy: all)
      let problems = world.carryOut(plan) { $0.shuffle(using: &random) }
      XCTAssertEqual(problems, [], "seed \(seed): \(plan.steps.map(\.id.description))")
      XCTAssertEqual(world.resources.map(\.id), [], "seed \(seed)")
      XCTAssertEqual(world.base.resources, [:], "seed \(seed)")
    }
  }

  func testTheBaseChangesNoAction() {
    for seed in 1...250 {
      var random = SeededGenerator(state: UInt64(seed))
      var fleet = RandomFleet(&random)
      var world = TestWorld()
      world.converge(fleet.desired)
      for _ in 0..<3 { fleet.drift(&world, &random) }
      // A property that is taken out is the honest exception: only the base knows that it was ours.
      for _ in 0..<3 { fleet.change(&random, takingOut: false) }
      func actions(_ plan: Plan) -> [String] {
        plan.changes.map { "\($0.action) \($0.address) \($0.id ?? "")" }
      }
      let with = world.plan(fleet.desired)
      let without = world.plan(fleet.desired, withBase: false)
      XCTAssertEqual(actions(with), actions(without), "seed \(seed)")
      XCTAssertEqual(
        with.steps.map(\.id.description), without.steps.map(\.id.description), "seed \(seed)")
    }
  }
}

/// A fleet of toys that changes at random, within what AWS can carry out.
private struct RandomFleet {
  private var stacks: [[DesiredResource]] = []
  private var networks = 0
  private var logicalIDs = 0

  init(_ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...3, using: &random) { stacks.append([]) }
    for index in stacks.indices {
      for _ in 0..<Int.random(in: 1...7, using: &random) { add(to: index, &random) }
    }
  }

  var desired: Desired {
    Fleet.desired(
      stacks.enumerated().map { index, resources in
        var stack = Fleet.stack("client\(index)", [])
        stack.resources = resources
        return stack
      })
  }

  private mutating func network(_ prefix: Int) -> String {
    networks += 1
    return "10.\(networks / 200).\(networks % 200).0/\(prefix)"
  }

  private func nets(_ stack: Int) -> [DesiredResource] {
    stacks[stack].filter { $0.type == ToyKind.net.type }
  }

  private mutating func add(to stack: Int, _ random: inout SeededGenerator) {
    logicalIDs += 1
    let id = "R\(logicalIDs)"
    let nets = nets(stack)
    var made: DesiredResource
    switch Int.random(in: 0..<5, using: &random) {
    case 1 where !nets.isEmpty:
      made = Fleet.sub(id, cidr: network(24)).setting("NetId", ref(random.pick(nets)))
    case 2 where !nets.isEmpty, 3 where !nets.isEmpty:
      made = Fleet.group(id).setting("NetId", ref(random.pick(nets)))
      let others = stacks[stack].filter { $0.type == ToyKind.group.type }
      if !others.isEmpty {
        made = made.setting(
          "Rules",
          .list(of: [.object(of: ["Source": ref(random.pick(others)), "Port": .known(443)])]))
      }
    case 4:
      made = Fleet.store(id, ["Size": .known(1)])
      if let target = stacks.joined().filter({ $0.type == ToyKind.net.type }).randomElement(
        using: &random)
      {
        made = made.setting("Place", ref(target, "Arn"))
      }
    default:
      made = Fleet.net(id, cidr: network(24))
    }
    made.address = Address(stack: "client\(stack)-prod", resource: made.address.resource)
    stacks[stack].append(made)
  }

  private func ref(_ resource: DesiredResource, _ attribute: String? = nil) -> Value {
    .reference(Reference(resource.address, attribute: attribute))
  }

  /// A change in git.
  mutating func change(_ random: inout SeededGenerator, takingOut: Bool = true) {
    let stack = Int.random(in: 0..<stacks.count, using: &random)
    guard let index = stacks[stack].indices.randomElement(using: &random) else {
      return add(to: stack, &random)
    }
    let resource = stacks[stack][index]
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      add(to: stack, &random)
    case 2:
      let isNeeded = stacks.joined().contains { other in
        ReferenceOrder.prerequisites(of: other).contains { $0.address == resource.address }
      }
      if !isNeeded { stacks[stack].remove(at: index) }
    case 3, 4:
      switch resource.type {
      case ToyKind.net.type, ToyKind.sub.type:
        stacks[stack][index] = resource.setting("Cidr", .string(network(24)))
      case ToyKind.group.type:
        stacks[stack][index] = resource.setting("Purpose", .string(network(24)))
      default:
        stacks[stack][index] = resource.setting("Engine", .string(network(24)))
      }
    case 5 where takingOut:
      stacks[stack][index] = resource.setting("Note", nil)
    case 6:
      stacks[stack][index] = resource.with { $0.tags["Number"] = .string("\(networks)") }
    default:
      networks += 1
      stacks[stack][index] = resource.setting("Note", .string("note \(networks)"))
    }
  }

  /// A change behind our back.
  mutating func drift(_ world: inout TestWorld, _ random: inout SeededGenerator) {
    guard let index = world.resources.indices.randomElement(using: &random) else { return }
    let victim = world.resources[index]
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      let isHeld = world.resources.contains { other in
        other.id != victim.id && other.properties.json().contains("\(victim.id)\"")
      }
      if !isHeld { world.resources.remove(at: index) }
    case 1:
      world.resources[index].tags["Project"] = nil
      world.resources[index].tags["foreign"] = "x"
    case 2 where victim.type == ToyKind.group.type:
      let others = world.resources.filter { $0.type == victim.type && $0.id != victim.id }
      let source = others.randomElement(using: &random)?.id ?? "0.0.0.0/0"
      world.resources[index].properties = victim.properties.setting(
        "Rules", [["Source": .string(source)]])
    default:
      networks += 1
      world.resources[index].properties = victim.properties.setting(
        "Note", .string("drift \(networks)"))
    }
  }
}
