import Document
import XCTest

@testable import AWSClient

/// A clock that shows what it is told to.
private func stopped(_ now: Locked<Double>) -> WallClock {
  WallClock(now: { now.access { $0 } }, sleep: { _ in })
}

/// An output of `AssumeRole`.
private func output(_ number: Int, _ expiration: Document) -> Document {
  [
    "Credentials": [
      "AccessKeyId": .string("A\(number)"), "SecretAccessKey": "S", "SessionToken": "T",
      "Expiration": expiration,
    ]
  ]
}

final class CredentialsAssumeRoleTests: XCTestCase {
  private let role = AssumeRoleCredentials.Role(
    arn: "arn:aws:iam::1:role/x", sessionName: "session", externalID: "external",
    durationSeconds: 900)

  func testTheRoleIsAskedForAsConfigured() async throws {
    let inputs = Locked<[Document]>([])
    let provider = AssumeRoleCredentials(role, clock: stopped(Locked(0))) { input in
      inputs.access { $0.append(input) }
      return output(1, "1970-01-01T01:00:00Z")
    }
    let found = try await provider.credentials()
    XCTAssertEqual(
      found,
      Credentials(
        accessKeyID: "A1", secretAccessKey: "S", sessionToken: "T", expiration: 3600))
    XCTAssertEqual(
      inputs.access { $0 },
      [
        [
          "RoleArn": "arn:aws:iam::1:role/x", "RoleSessionName": "session",
          "ExternalId": "external", "DurationSeconds": 900,
        ]
      ])
  }

  func testManyTasksShareOneCall() async throws {
    let calls = Locked(0)
    let provider = AssumeRoleCredentials(role, clock: stopped(Locked(0))) { _ in
      let number = calls.access { count in
        count += 1
        return count
      }
      for _ in 0..<20 { await Task.yield() }
      return output(number, 3600)
    }
    let keys = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await provider.credentials().accessKeyID } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    XCTAssertEqual(keys, ["A1"], "all tasks get the same credentials")
    XCTAssertEqual(calls.access { $0 }, 1, "one call is made for all")
  }

  func testCredentialsAreRenewedFiveMinutesBeforeTheyExpire() async throws {
    let now = Locked(0.0)
    let calls = Locked(0)
    let provider = AssumeRoleCredentials(role, clock: stopped(now)) { _ in
      let number = calls.access { count in
        count += 1
        return count
      }
      return output(number, .double(now.access { $0 } + 3600))
    }
    for (time, key) in [(0.0, "A1"), (3299, "A1"), (3300, "A2"), (6599, "A2"), (6600, "A3")] {
      now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, key, "after \(time) s")
    }
  }

  func testAFailedRenewalLeavesTheCurrentCredentialsUntilTheyExpire() async throws {
    let now = Locked(0.0)
    let refusal = AWSError.configuration(place: "test", reason: "no more")
    let provider = AssumeRoleCredentials(role, clock: stopped(now)) {
      _ async throws(AWSError) in
      if now.access({ $0 }) > 0 { throw refusal }
      return output(1, 3600)
    }
    for time in [0.0, 3400] {
      now.access { $0 = time }
      let found = try await provider.credentials()
      XCTAssertEqual(found.accessKeyID, "A1", "after \(time) s they still serve")
    }
    now.access { $0 = 3600 }
    let error = await thrown { () async throws(AWSError) in try await provider.credentials() }
    XCTAssertEqual(error, refusal, "expired credentials are not used")
  }

  func testAnIncompleteReplyIsRefused() async {
    let provider = AssumeRoleCredentials(role, clock: stopped(Locked(0))) { _ in
      ["Credentials": [:]]
    }
    let error = await thrown { () async throws(AWSError) in try await provider.credentials() }
    guard case .malformedReply(_, "AssumeRole", _, _)? = error else {
      return XCTFail("\(String(describing: error))")
    }
  }
}
