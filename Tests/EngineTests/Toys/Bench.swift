import AWSClient
import Document
import Foundation
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// A workbench: a cloud, a clock, a journal on disk, and the engine between them.
final class Bench: Sendable {
  let clock = VirtualClock()
  let cloud: InMemoryCloud
  let directory: String
  let events = Locked<[RunEvent]>([])
  let parallelism: Int
  /// The desired states that were committed, oldest first.
  private let commits = Locked<[(revision: String, desired: Desired)]>([])
  private let isRepository: Bool
  private let catalog: Catalog
  private let generation = Locked(0)
  private let runs = Locked<UInt16>(0)

  /// - Parameters:
  ///   - isRepository: every desired state is committed before it is used.
  ///   - kinds: those that the engine knows.
  init(
    parallelism: Int = 4, isRepository: Bool = false,
    kinds: [any Kind] = [ToyNet(), ToyHost()]
  ) throws {
    self.isRepository = isRepository
    catalog = Catalog(kinds)
    cloud = InMemoryCloud(clock: clock)
    self.parallelism = parallelism
    directory = NSTemporaryDirectory() + "engine-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// The journal in use; a process that dies leaves its own behind.
  var journalPath: String { "\(directory)/journal-\(generation.access { $0 }).db" }

  /// Keeps the journal as it is at this instant for the next process; the one that is dying goes on
  /// writing to its own.
  func freezeJournal() {
    let old = journalPath
    generation.access { $0 += 1 }
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: old + suffix) {
      XCTAssertNoThrow(
        try FileManager.default.copyItem(atPath: old + suffix, toPath: journalPath + suffix))
    }
  }

  /// The revision of a desired state; `nil` where nothing is committed.
  func commit(_ desired: Desired) -> String? {
    guard isRepository else { return nil }
    return commits.access { commits in
      if let last = commits.last, last.desired == desired { return last.revision }
      commits.append(("commit-\(commits.count)", desired))
      return commits.last?.revision
    }
  }

  private var history: History {
    let commits = commits
    return History(
      desired: { revision, _ in
        commits.access { $0 }.first { $0.revision == revision }.map { .desired($0.desired) }
          ?? .unknown
      },
      isAncestor: { ancestor, descendant in
        let order = commits.access { $0.map(\.revision) }
        guard let first = order.firstIndex(of: ancestor),
          let second = order.firstIndex(of: descendant)
        else { return false }
        return first <= second
      })
  }

  /// A journal that never was.
  func loseJournal() { generation.access { $0 += 1 } }

  func engine(
    parallelism: Int? = nil, environment: [String: String] = [:],
    desiredAt: @escaping @Sendable (String) async -> Desired? = { _ in nil },
    history: History? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Reconciler {
    let (events, runs) = (events, runs)
    return Reconciler(
      catalog: catalog, cloud: cloud,
      journal: try Journal(path: journalPath), locks: FileStackLocks(directory: directory),
      clock: clock.engineClock,
      random: {
        runs.access {
          $0 += 1
          return $0
        }
      }, parallelism: parallelism ?? self.parallelism,
      environment: environment,
      history: history ?? (isRepository ? self.history : History(desiredAt: desiredAt)),
      shouldStop: shouldStop,
      events: { event in events.access { $0.append(event) } })
  }

  @discardableResult
  func apply(_ desired: Desired, _ change: (inout Reconciler.Request) -> Void = { _ in })
    async throws -> RunReport
  {
    try await apply(desired, by: engine(), change)
  }

  @discardableResult
  func apply(
    _ desired: Desired, by engine: Reconciler,
    _ change: (inout Reconciler.Request) -> Void = { _ in }
  ) async throws -> RunReport {
    var request = Reconciler.Request(command: .apply, desired: desired)
    request.revision = commit(desired)
    change(&request)
    return try await engine.apply(request, by: Reconciler.Operator(user: "u", host: "h"))
  }

  func plan(
    _ desired: Desired, by engine: Reconciler? = nil,
    _ change: (inout Reconciler.Request) -> Void = { _ in }
  ) async throws -> RunReport {
    var request = Reconciler.Request(command: .plan, desired: desired)
    request.revision = commit(desired)
    change(&request)
    return try await (engine ?? self.engine()).plan(request)
  }

  /// Everything that stands in the journal's files.
  func journalText() throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasPrefix("journal-") }
      .map { name in
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))
        return String(decoding: data, as: UTF8.self)
      }
      .joined()
  }

  /// The toys that exist, `Net net-1` with their logical ids.
  func inventory() async -> [String] {
    await cloud.things.map { "\($0.tags[OwnershipTags.resource] ?? "unowned")" }.sorted()
  }
}

extension RunReport {
  /// `create acme-prod/Net new succeeded`, one per change.
  var lines: [String] {
    plan.changes.map { change in
      [
        change.action.rawValue, change.address.description, change.cause.rawValue,
        change.outcome?.result.rawValue,
      ].compactMap(\.self).joined(separator: " ")
    }
  }

  func change(of address: String) -> Change? {
    plan.changes.first { $0.address.description == address }
  }
}

extension History {
  /// The same for all stacks, without any ancestry.
  init(desiredAt: @escaping @Sendable (String) async -> Desired?) {
    self.init(
      desired: { revision, stacks in
        guard var desired = await desiredAt(revision) else { return .unknown }
        desired.stacks = desired.stacks.filter { stacks.contains($0.id.name) }
        return .desired(desired)
      }, isAncestor: { _, _ in false })
  }
}
