import AWSClient
import Document
import TrueupCore

@testable import Engine

/// An AWS of toys in memory: strict like AWS, and as unreliable as a test wants it to be.
actor InMemoryCloud: Cloud {
  /// A thing that exists, with its properties and tags.
  struct Thing: Hashable, Sendable {
    var target: CallTarget
    var noun: String
    var id: String
    var properties: [String: Document]
    var tags: [String: String]
    var createdAt: Double
    /// What lists show of it until a time.
    var stale: [String: Document] = [:]
    var staleUntil = 0.0
  }

  /// What goes wrong.
  struct Faults: Sendable {
    /// Operations that are denied, and accounts in which all are.
    var denied: Set<String> = []
    /// Error codes by operation and how many times each is given.
    var failures: [String: (code: String, times: Int)] = [:]
    /// Operations that are carried out once, and denied from then on.
    var onlyOnce: Set<String> = []
    /// Operations that are carried out and whose reply is lost, once.
    var lostReplies: Set<String> = []
    /// Seconds for which a new thing is not found, and until it is available.
    var invisible = 0.0
    var pending = 0.0
    /// The process dies at the call of this number (from 1), before or after it is carried out.
    var death: (call: Int, isAfter: Bool)?
    /// Accounts by the account that the credentials really belong to.
    var accounts: [String: Result<String, CallFailure>] = [:]
    /// Changes wait a while for so many to be under way at once; reads likewise.
    var gathering = 0
    var gatheringReads = 0
    /// Properties that a modification leaves as they are, although it succeeds.
    var deaf: Set<String> = []
    /// Seconds for which lists show what was before a modification.
    var lag = 0.0
    /// Error messages repeat the request.
    var echoes = false
  }

  private let clock: VirtualClock
  private let counter = CallCounter()
  private var faults = Faults()
  private(set) var things: [Thing] = []
  /// All calls that reached the cloud, reads too.
  private(set) var log: [Call] = []
  /// For whom changes were made.
  private(set) var clients: Set<String> = []
  private var crowds: [Traffic: Crowd] = [:]
  private var made = 0
  private var calls = 0
  private var isDead = false
  private var whenDying: @Sendable () -> Void = {}
  private var beforeChange: @Sendable (Call) -> Void = { _ in }
  private var afterChange: @Sendable (Call) -> Void = { _ in }

  init(clock: VirtualClock) { self.clock = clock }

  func set(
    _ faults: Faults, beforeChange: @escaping @Sendable (Call) -> Void = { _ in },
    afterChange: @escaping @Sendable (Call) -> Void = { _ in },
    whenDying: @escaping @Sendable () -> Void = {}
  ) {
    self.faults = faults
    self.beforeChange = beforeChange
    self.afterChange = afterChange
    self.whenDying = whenDying
    calls = 0
    log = []
    crowds = [:]
    isDead = false
  }

  var hasDied: Bool { isDead }

  enum Traffic { case reads, changes }

  /// How many calls are under way, and how many were at most.
  private struct Crowd {
    var now = 0
    var most = 0

    mutating func enter() {
      now += 1
      most = max(most, now)
    }
  }

  /// How many of such calls were under way at once since the faults were set.
  func mostAtOnce(_ traffic: Traffic) -> Int { crowds[traffic]?.most ?? 0 }

  /// Mutating calls since the faults were set, by operation.
  var changes: [String] { log.filter { !$0.isRead }.map(\.operation) }

  /// Something happens behind our back.
  func drift(_ change: @Sendable (inout [Thing]) -> Void) { change(&things) }

  // MARK: Cloud

  func perform(_ call: Call, in target: CallTarget, gate: any CallGate) async -> Reply {
    guard await gate.mayLeave() else { return Self.dead(call) }
    var place = target
    place.client = nil
    if !call.isRead { clients.insert(target.client ?? "") }
    return await perform(call, at: place)
  }

  private func perform(_ call: Call, at target: CallTarget) async -> Reply {
    let traffic = call.isRead ? Traffic.reads : .changes
    crowds[traffic, default: Crowd()].enter()
    defer { crowds[traffic]?.now -= 1 }
    // Others get their turn while the call is under way.
    await Task.yield()
    await gather(traffic, call.isRead ? faults.gatheringReads : faults.gathering)
    calls += 1
    let number = calls
    if let death = faults.death, death.call == number, !death.isAfter { die() }
    guard !isDead else { return Self.dead(call) }
    let reply = carryOut(call, target)
    if let death = faults.death, death.call == number, death.isAfter { die() }
    return isDead ? Self.dead(call) : reply
  }

  /// Holds the first calls up until as many have come as are expected at once, and a little longer, so
  /// that one too many would show. Real time: it bounds how long a failing test takes, no more.
  private func gather(_ traffic: Traffic, _ expected: Int) async {
    guard mostAtOnce(traffic) < expected else { return }
    for _ in 0..<5000 where mostAtOnce(traffic) < expected {
      try? await Task.sleep(for: .milliseconds(1))
    }
    for _ in 0..<1000 { await Task.yield() }
  }

  func read(_ read: Read, in target: CallTarget) async -> Reply {
    let reply = await perform(read.call, in: target)
    let items = reply.output?["Items"]?.list?.count ?? 0
    for _ in 0..<max(0, (items - 1) / (read.pageSize ?? .max)) { counter.add(read.call.service) }
    return reply
  }

  func accountID(for target: CallTarget) -> Result<String, CallFailure> {
    isDead
      ? .failure(
        CallFailure(
          reason: .cancelled, service: "sts", operation: "GetCallerIdentity", message: "dead"))
      : faults.accounts[target.account] ?? .success(target.account)
  }

  nonisolated func callCount() -> CallCount { counter.count }

  private func die() {
    guard !isDead else { return }
    isDead = true
    whenDying()
  }

  private static func dead(_ call: Call) -> Reply {
    .failure(
      CallFailure(
        reason: .cancelled, service: call.service, operation: call.operation, message: "dead"))
  }

  // MARK: The toys' API

  private func carryOut(_ call: Call, _ target: CallTarget) -> Reply {
    counter.add(call.service)
    log.append(call)
    if !call.isRead { beforeChange(call) }
    defer { if !call.isRead { afterChange(call) } }
    if !faults.denied.isDisjoint(with: [call.operation, target.account]) {
      return failure(call, .denied, "AccessDenied")
    }
    if let (code, times) = faults.failures[call.operation], times > 0 {
      faults.failures[call.operation] = (code, times - 1)
      return failure(call, .refused, code)
    }
    // Nothing but toys is here.
    if call.service == "ec2" { return .success([:]) }
    if call.operation == "GetResources" { return sweep(target) }
    let noun = ["Host", "Wire", "Board"].first { call.operation.contains($0) } ?? "Net"
    let reply = answer(call, noun, target)
    if faults.onlyOnce.remove(call.operation) != nil { faults.denied.insert(call.operation) }
    if faults.lostReplies.remove(call.operation) != nil {
      return failure(call, .outcomeUnknown, nil)
    }
    return reply
  }

  private func answer(_ call: Call, _ noun: String, _ target: CallTarget) -> Reply {
    let idMember = Self.idMember(of: noun)
    let verb = ["Describe", "Create", "Get", "Modify", "Tag", "Untag", "Delete"].first {
      call.operation.hasPrefix($0)
    }
    if verb == "Describe" {
      let visible = things.filter { isVisible($0) && $0.target == target && $0.noun == noun }
      return .success(["Items": .list(visible.map(document))])
    }
    if verb == "Create" { return create(call, noun, target) }
    let id = call.input[idMember]?.string
    guard
      let index = things.firstIndex(where: {
        $0.id == id && $0.noun == noun && $0.target == target && isVisible($0)
      })
    else { return failure(call, .refused, "\(noun)NotFound") }
    switch verb {
    case "Get":
      return .success(document(things[index]))
    case "Modify":
      things[index].stale = things[index].properties
      things[index].staleUntil = clock.now() + faults.lag
      for (member, value) in call.input.object ?? [:]
      where member != idMember && !faults.deaf.contains(member) {
        things[index].properties[member] = value.isNull ? Document?.none : value
      }
    case "Tag":
      for (key, value) in call.input["Tags"]?.object ?? [:] {
        things[index].tags[key] = value.string
      }
    case "Untag":
      for key in call.input["Keys"]?.list ?? [] {
        things[index].tags[key.string ?? ""] = nil
      }
    default:
      let isHeld = things.contains { other in
        other.id != id && other.properties.values.contains(.string(id ?? ""))
      }
      if isHeld { return failure(call, .refused, "DependencyViolation") }
      things.remove(at: index)
    }
    return .success(.object([:]))
  }

  private static func idMember(of noun: String) -> String {
    noun == "Host" || noun == "Board" ? "\(noun)Name" : "\(noun)Id"
  }

  /// The tagging API's: everything that carries an owner tag.
  private func sweep(_ target: CallTarget) -> Reply {
    let swept = things.filter { $0.target == target && $0.tags[OwnershipTags.stack] != nil }
    return .success([
      "ResourceTagMappingList": .list(
        swept.map { thing in
          let name = "\(thing.noun.lowercased())/\(thing.id)"
          return [
            "ResourceARN": .string("arn:aws:toys:\(target.region):\(target.account):\(name)"),
            "Tags": .list(
              thing.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
          ]
        })
    ])
  }

  private func create(_ call: Call, _ noun: String, _ target: CallTarget) -> Reply {
    var properties = call.input.object ?? [:]
    let tags = properties.removeValue(forKey: "Tags")?.object ?? [:]
    let idMember = Self.idMember(of: noun)
    let name = properties[idMember]?.string
    let twin = things.first { thing in
      noun == "Wire" && thing.noun == noun && thing.target == target
        && ["HostName", "Endpoint"].allSatisfy { thing.properties[$0] == properties[$0] }
    }
    if let twin { return .success(["WireId": .string(twin.id)]) }
    if things.contains(where: { $0.noun == noun && $0.id == name && $0.target == target }) {
      return failure(call, .refused, "\(noun)AlreadyExists")
    }
    for member in ["NetId", "Route"] {
      if let net = properties[member]?.string,
        !things.contains(where: { $0.id == net && $0.target == target && isVisible($0) })
      {
        return failure(call, .refused, "NetNotFound")
      }
    }
    made += 1
    let id = name ?? "\(noun.lowercased())-\(made)"
    properties[idMember] = .string(id)
    things.append(
      Thing(
        target: target, noun: noun, id: id, properties: properties,
        tags: tags.compactMapValues(\.string), createdAt: clock.now()))
    return .success(.object([idMember: .string(id)]))
  }

  private func isVisible(_ thing: Thing) -> Bool {
    clock.now() >= thing.createdAt + faults.invisible
  }

  private func document(_ thing: Thing) -> Document {
    var members = clock.now() < thing.staleUntil ? thing.stale : thing.properties
    // A wire and a board have none, and nothing tells when they were made.
    guard ["Net", "Host"].contains(thing.noun) else { return .object(members) }
    members["Tags"] = ToyReply.tags(thing.tags)
    members["CreatedAt"] = .double(thing.createdAt)
    members["State"] = clock.now() >= thing.createdAt + faults.pending ? "available" : "pending"
    return .object(members)
  }

  private func failure(_ call: Call, _ reason: CallFailure.Reason, _ code: String?) -> Reply {
    if let code, call.absentCodes.contains(code) { return .absent }
    let echo = faults.echoes ? " in \(call.input.json())" : ""
    return .failure(
      CallFailure(
        reason: reason, service: call.service, operation: call.operation, code: code,
        message: "\(call.operation): \(code ?? "the reply was lost")\(echo)"))
  }
}
