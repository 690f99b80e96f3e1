/// Decides which steps may run now; never awaits anything.
///
/// `next(limit:)` hands out steps whose prerequisites have succeeded, `finish` takes an outcome. A
/// failure skips what depends on it, and nothing else.
public struct Schedule<ID: Hashable & Comparable & Sendable>: Sendable {
  public enum Finish: Hashable, Sendable {
    case succeeded, failed
  }

  private var waiting: [ID: Set<ID>]
  private var dependents: [ID: Set<ID>]
  private var ready: PriorityQueue<Ready>
  private var running: Set<ID> = []
  /// The number of steps on the longest chain from a step: long chains go first.
  private let depth: [ID: Int]

  /// A step that may run, in the order in which steps are handed out.
  private struct Ready: Comparable, Sendable {
    var depth: Int
    var id: ID

    static func < (left: Ready, right: Ready) -> Bool {
      left.depth == right.depth ? left.id < right.id : left.depth > right.depth
    }
  }

  /// Takes each step with the steps that must have succeeded first. Prerequisites that are no steps
  /// themselves count as met.
  ///
  /// Throws where the prerequisites run in a circle; the error names the steps of one.
  public init(_ steps: [ID: Set<ID>]) throws(ScheduleError<ID>) {
    let waiting = steps.mapValues { $0.filter { steps[$0] != nil } }
    var dependents: [ID: Set<ID>] = [:]
    for (id, prerequisites) in waiting {
      for prerequisite in prerequisites { dependents[prerequisite, default: []].insert(id) }
    }
    self.waiting = waiting.filter { !$0.value.isEmpty }
    self.dependents = dependents
    let depth = try Self.depths(waiting, dependents)
    self.depth = depth
    ready = PriorityQueue(
      waiting.filter(\.value.isEmpty).keys.map { Ready(depth: depth[$0] ?? 0, id: $0) })
  }

  public var isFinished: Bool { ready.isEmpty && running.isEmpty && waiting.isEmpty }

  /// Whether a step may run now.
  public var hasReady: Bool { !ready.isEmpty }

  /// The number of steps on the longest chain that waits for a step, with the step itself.
  public func depth(of id: ID) -> Int { depth[id] ?? 0 }

  /// Up to `limit` steps that may run now; they count as running from here on.
  public mutating func next(limit: Int) -> [ID] {
    var chosen: [ID] = []
    while chosen.count < limit, let step = ready.popFirst() { chosen.append(step.id) }
    running.formUnion(chosen)
    return chosen
  }

  /// Notes how a running step ended; returns the steps that are skipped because of it.
  public mutating func finish(_ id: ID, _ finish: Finish) -> Set<ID> {
    guard running.remove(id) != nil else { return [] }
    switch finish {
    case .succeeded:
      for dependent in dependents[id] ?? [] {
        waiting[dependent]?.remove(id)
        if waiting[dependent]?.isEmpty == true {
          waiting[dependent] = nil
          ready.insert(Ready(depth: depth[dependent] ?? 0, id: dependent))
        }
      }
      return []
    case .failed:
      return skip(dependentsOf: id)
    }
  }

  /// Takes back everything that has not begun: a run that was asked to stop. Returns it.
  public mutating func stop() -> Set<ID> {
    let stopped = Set(ready.unordered.map(\.id)).union(waiting.keys)
    ready = PriorityQueue([])
    waiting = [:]
    return stopped
  }

  private mutating func skip(dependentsOf id: ID) -> Set<ID> {
    var skipped: Set<ID> = []
    var queue = Array(dependents[id] ?? [])
    while let next = queue.popLast() {
      guard waiting.removeValue(forKey: next) != nil else { continue }
      skipped.insert(next)
      queue += dependents[next] ?? []
    }
    return skipped
  }

  /// The longest chain of dependents below each step, by counting down from the ends.
  private static func depths(_ prerequisites: [ID: Set<ID>], _ dependents: [ID: Set<ID>])
    throws(ScheduleError<ID>) -> [ID: Int]
  {
    var open = prerequisites.mapValues { _ in 0 }
    for id in prerequisites.keys { open[id] = dependents[id]?.count ?? 0 }
    var depth: [ID: Int] = [:]
    var ends = open.filter { $0.value == 0 }.map(\.key)
    while let id = ends.popLast() {
      depth[id] = 1 + ((dependents[id] ?? []).compactMap { depth[$0] }.max() ?? 0)
      for prerequisite in prerequisites[id] ?? [] {
        open[prerequisite, default: 0] -= 1
        if open[prerequisite] == 0 { ends.append(prerequisite) }
      }
    }
    guard depth.count == prerequisites.count else {
      throw ScheduleError(cycle: cycle(in: prerequisites.filter { depth[$0.key] == nil }))
    }
    return depth
  }

  /// One circle of a graph in which every step has a prerequisite or a dependent on one.
  private static func cycle(in prerequisites: [ID: Set<ID>]) -> [ID] {
    var trail: [ID] = []
    guard var current = prerequisites.keys.min() else { return [] }
    while !trail.contains(current) {
      trail.append(current)
      guard let next = prerequisites[current]?.filter({ prerequisites[$0] != nil }).min() else {
        // A dead end that only follows the circle: start again without it.
        return cycle(in: prerequisites.filter { $0.key != current })
      }
      current = next
    }
    return Array(trail.drop { $0 != current })
  }
}

/// The prerequisites of a plan run in a circle.
public struct ScheduleError<ID: Hashable & Sendable>: Error, Hashable {
  /// The steps of one circle, each before its prerequisite.
  public var cycle: [ID]
}
