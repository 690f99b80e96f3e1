import XCTest

@testable import TrueupCore

final class ScheduleTests: XCTestCase {
  func testStepsRunAfterWhatTheyNeedAndAFailureSkipsOnlyWhatNeedsIt() throws {
    for seed in 1...300 {
      var random = SeededGenerator(state: UInt64(seed))
      let graph = Self.graph(&random)
      let failing = Set(graph.keys.sorted().filter { _ in random.once(in: 8) })
      let limit = Int.random(in: 1...6, using: &random)
      var schedule = try Schedule(graph)
      var running: [Int] = []
      var succeeded: Set<Int> = []
      var failed: Set<Int> = []
      var skipped: Set<Int> = []
      while true {
        for step in schedule.next(limit: limit - running.count) {
          XCTAssertTrue(
            (graph[step] ?? []).isSubset(of: succeeded),
            "seed \(seed): \(step) began before what it needs")
          running.append(step)
        }
        XCTAssertLessThanOrEqual(running.count, limit, "seed \(seed): too many at once")
        guard !running.isEmpty else { break }
        let step = running.remove(at: Int.random(in: 0..<running.count, using: &random))
        if failing.contains(step) {
          failed.insert(step)
          skipped.formUnion(schedule.finish(step, .failed))
        } else {
          succeeded.insert(step)
          XCTAssertEqual(schedule.finish(step, .succeeded), [], "seed \(seed)")
        }
      }
      XCTAssertTrue(schedule.isFinished, "seed \(seed): something never ran")
      XCTAssertEqual(
        skipped, Self.dependents(of: failed, in: graph),
        "seed \(seed): a failure skips what depends on it, and nothing else")
      XCTAssertEqual(
        succeeded.union(failed).union(skipped), Set(graph.keys), "seed \(seed): every step ends")
      XCTAssertTrue(skipped.isDisjoint(with: succeeded.union(failed)), "seed \(seed)")
    }
  }

  func testCirclesAreReported() throws {
    for seed in 1...200 {
      var random = SeededGenerator(state: UInt64(seed))
      var graph = Self.graph(&random)
      let names = graph.keys.sorted()
      let circle = names.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
      for (step, next) in zip(circle, circle.dropFirst() + circle.prefix(1)) {
        graph[step, default: []].insert(next)
      }
      XCTAssertThrowsError(try Schedule(graph), "seed \(seed)") { error in
        guard let found = (error as? ScheduleError<Int>)?.cycle, let last = found.last else {
          return XCTFail("seed \(seed): no circle is named")
        }
        for (step, next) in zip(found, found.dropFirst() + found.prefix(1)) {
          XCTAssertTrue(
            graph[step]?.contains(next) ?? false,
            "seed \(seed): \(found) is no circle, since \(step) does not need \(next)")
        }
        XCTAssertEqual(Set(found).count, found.count, "seed \(seed): \(last) comes twice")
      }
    }
  }

  func testStoppingTakesBackWhatHasNotBegun() throws {
    var schedule = try Schedule<Int>([1: [], 2: [], 3: [1], 4: [3]])
    XCTAssertEqual(schedule.next(limit: 1), [1], "the longest chain goes first")
    XCTAssertEqual(schedule.stop(), [2, 3, 4])
    XCTAssertFalse(schedule.isFinished, "what has begun goes on")
    XCTAssertEqual(schedule.finish(1, .succeeded), [])
    XCTAssertEqual(schedule.next(limit: 9), [], "nothing new begins")
    XCTAssertTrue(schedule.isFinished)
    XCTAssertEqual(schedule.stop(), [], "stopping twice takes nothing back")
  }

  func testPrerequisitesThatAreNoStepsCountAsMet() throws {
    var schedule = try Schedule<Int>([1: [99]])
    XCTAssertEqual(schedule.next(limit: 1), [1])
    XCTAssertEqual(schedule.next(limit: -1), [])
  }

  func testOutcomesOfStepsThatDoNotRunAreIgnored() throws {
    var schedule = try Schedule<Int>([1: [], 2: [1]])
    XCTAssertEqual(schedule.finish(1, .failed), [], "1 has not begun")
    XCTAssertEqual(schedule.next(limit: 2), [1])
  }

  /// A random graph without circles.
  private static func graph(_ random: inout SeededGenerator) -> [Int: Set<Int>] {
    let count = Int.random(in: 1...30, using: &random)
    let density = Int.random(in: 2...12, using: &random)
    let order = Array(0..<count).shuffled(using: &random)
    var graph: [Int: Set<Int>] = [:]
    for (place, step) in order.enumerated() {
      graph[step] = Set(order[..<place].filter { _ in random.once(in: density) })
    }
    return graph
  }

  private static func dependents(of failed: Set<Int>, in graph: [Int: Set<Int>]) -> Set<Int> {
    var reached: Set<Int> = []
    var grows = true
    while grows {
      let more = graph.filter { !$0.value.isDisjoint(with: reached.union(failed)) }.keys
      grows = !Set(more).isSubset(of: reached)
      reached.formUnion(more)
    }
    return reached.subtracting(failed)
  }
}
