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
