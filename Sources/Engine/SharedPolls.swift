import AWSClient
import Document
import TrueupCore

/// The reads of steps that wait: one call answers for all that wait for things of a kind in one place.
actor SharedPolls {
  /// Reads that differ only in the ids that they name, and in whose session they would be made.
  private struct Key: Hashable {
    var call: Call
    var target: CallTarget
  }

  private struct Poll {
    var ids: Set<Document>
    var sentAt: Double
    var reply: Task<Reply, Never>
  }

  /// A poll answers whoever asks within so many seconds of it.
  private static let freshness = 1.0

  private let cloud: any Cloud
  private let clock: EngineClock
  private let slots: CallSlots
  /// How many steps wait for each id.
  private var waiting: [Key: [Document: Int]] = [:]
  private var polls: [Key: [Poll]] = [:]

  init(cloud: any Cloud, clock: EngineClock, slots: CallSlots) {
    self.cloud = cloud
    self.clock = clock
    self.slots = slots
  }

  /// What a read shows after some seconds. The step that asks holds no slot meanwhile.
  ///
  /// - Returns: the reply, and how many calls were made for it; no reply where the step has to make its
  ///   own call: nobody waits alike, or the common call failed, as it does where one id is not there.
  func reply(to call: Call, in target: CallTarget, after seconds: Double) async
    -> (reply: Reply?, calls: Int)
  {
    guard let batch = call.batch, let ids = batch.ids(of: call) else {
      await clock.sleep(seconds)
      return (nil, 0)
    }
    let key = Key(
      call: batch.call(call, for: []),
      target: CallTarget(account: target.account, region: target.region))
    for id in ids { waiting[key, default: [:]][id, default: 0] += 1 }
    defer { leave(ids, key) }
    await clock.sleep(seconds)
    let now = clock.now()
    polls[key]?.removeAll { now - $0.sentAt >= Self.freshness }
    if let poll = polls[key]?.first(where: { $0.ids.isSuperset(of: ids) }) {
      return (batch.part(of: await poll.reply.value, for: ids), 0)
    }
    let answered = (polls[key] ?? []).reduce(into: Set(ids)) { $0.formUnion($1.ids) }
    let others = (waiting[key] ?? [:]).keys.filter { !answered.contains($0) }
      .sorted { ($0.string ?? "") < ($1.string ?? "") }
    guard !others.isEmpty else { return (nil, 0) }
    let all = ids + others.prefix(max(batch.limit - ids.count, 0))
    let poll = Poll(ids: Set(all), sentAt: now, reply: send(batch.call(call, for: all), key.target))
    polls[key, default: []].append(poll)
    return (batch.part(of: await poll.reply.value, for: ids), 1)
  }

  private func send(_ call: Call, _ target: CallTarget) -> Task<Reply, Never> {
    let (cloud, slots) = (cloud, slots)
    return Task {
      await slots.take(depth: .max)
      let reply = await cloud.perform(
        call, in: target, gate: StepGate(slots, depth: .max))
      slots.give()
      return reply
    }
  }

  private func leave(_ ids: [Document], _ key: Key) {
    for id in ids {
      let left = (waiting[key]?[id] ?? 1) - 1
      waiting[key]?[id] = left > 0 ? left : nil
    }
    if waiting[key]?.isEmpty == true {
      waiting[key] = nil
      polls[key] = nil
    }
  }
}
