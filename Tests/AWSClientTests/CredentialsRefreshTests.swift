import XCTest

@testable import AWSClient

/// A source that counts how often it is asked, on a clock that the test moves.
private final class Source: Sendable {
  let now = Locked(0.0)
  let asked = Locked(0)
  let fails = Locked(false)
  let life: Double

  init(life: Double = 3600) { self.life = life }

  static let refusal = AWSError.configuration(place: "test", reason: "no more")

  var provider: RefreshableCredentials {
    RefreshableCredentials(
      clock: WallClock(now: { self.now.access { $0 } }, sleep: { _ in })
    ) { () async throws(AWSError) in
      let number = self.asked.access { count in
        count += 1
        return count
      }
      for _ in 0..<20 { await Task.yield() }
      if self.fails.access({ $0 }) { throw Self.refusal }
      return Credentials(
        accessKeyID: "A\(number)", secretAccessKey: "S",
        expiration: self.now.access { $0 } + self.life)
    }
  }

  /// Waits until the source has been asked so often and the renewals beside the calls are through.
  func settle(_ count: Int) async {
    for _ in 0..<1_000_000 where asked.access({ $0 }) < count { await Task.yield() }
    for _ in 0..<1000 { await Task.yield() }
  }
}

final class CredentialsRefreshTests: XCTestCase {
  func testManyTasksShareOneFetch() async throws {
    let source = Source()
    let provider = source.provider
    let keys = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await provider.credentials().accessKeyID } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    XCTAssertEqual(keys, ["A1"], "all tasks get the same credentials")
    XCTAssertEqual(source.asked.access { $0 }, 1, "one fetch is made for all")
  }

  func testInTheLastFifteenMinutesTheyAreRenewedBesideTheCalls() async throws {
    let source = Source()
    let provider = source.provider
    for (time, key, asked) in [(0.0, "A1", 1), (2699, "A1", 1), (2700, "A1", 2), (2701, "A2", 2)] {
      source.now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, key, "after \(time) s")
      await source.settle(asked)
      XCTAssertEqual(source.asked.access { $0 }, asked, "fetches after \(time) s")
    }
  }

  func testInTheLastTenMinutesCallsWait() async throws {
    let source = Source()
    let provider = source.provider
    for (time, key) in [(0.0, "A1"), (3000, "A2"), (6000, "A3")] {
      source.now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, key, "after \(time) s")
    }
  }

  func testShortLivedCredentialsAreNotFetchedBeforeEveryCall() async throws {
    let source = Source(life: 900)
    let provider = source.provider
    for (time, key) in [(0.0, "A1"), (449, "A1"), (601, "A2"), (1050, "A2")] {
      source.now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, key, "after \(time) s of credentials for 15 minutes")
    }
  }

  func testAFailedRenewalLeavesTheCurrentCredentialsUntilTheyExpire() async throws {
    let source = Source()
    let provider = source.provider
    _ = try await provider.credentials()
    source.fails.access { $0 = true }
    for (time, asked) in [(3100.0, 2), (3105, 2), (3111, 3), (3599, 4)] {
      source.now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, "A1", "after \(time) s they still serve")
      XCTAssertEqual(
        source.asked.access { $0 }, asked, "a source that fails is not asked before every call")
    }
    source.now.access { $0 = 3600 }
    let error = await thrown { () async throws(AWSError) in try await provider.credentials() }
    XCTAssertEqual(error, Source.refusal, "expired credentials are not used")
  }

  func testAFailureIsToldAgainForAMomentWithoutAsking() async throws {
    let source = Source()
    let provider = source.provider
    source.fails.access { $0 = true }
    for (time, asked) in [(0.0, 1), (9, 1), (10, 2)] {
      source.now.access { $0 = time }
      let error = await thrown { () async throws(AWSError) in try await provider.credentials() }
      XCTAssertEqual(error, Source.refusal, "after \(time) s")
      XCTAssertEqual(source.asked.access { $0 }, asked, "fetches after \(time) s")
    }
    source.now.access { $0 = 20 }
    source.fails.access { $0 = false }
    let found = try await provider.credentials()
    XCTAssertEqual(found.accessKeyID, "A3", "what works again is used")
  }
}
