import Foundation
import Journal
import XCTest

let stack = "cosyworld/acme-prod"
let otherStack = "cosyworld/bolt-prod"

/// A test case with a directory of its own, which is gone afterwards.
class JournalTestCase: XCTestCase {
  private(set) var directory = ""
  var path: String { directory + "/journal.db" }

  override func setUpWithError() throws {
    directory = NSTemporaryDirectory() + "/journal-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(atPath: directory)
  }

  /// Fails unless `body` throws an error of the journal, and returns that.
  func journalError<Value>(
    _ body: @autoclosure () throws -> Value, file: StaticString = #filePath, line: UInt = #line
  ) -> JournalError? {
    do {
      _ = try body()
      XCTFail("no error was thrown", file: file, line: line)
      return nil
    } catch {
      XCTAssertTrue(error is JournalError, "another error: \(error)", file: file, line: line)
      return error as? JournalError
    }
  }
}

func runStart(_ id: String = "2026-11-20T22:41:07Z-7c1e", at: Double = 1000) -> RunStart {
  RunStart(
    id: RunID(rawValue: id), command: "apply", revision: "abc", dirty: false, user: "ada",
    host: "ops-1", at: at)
}

func changeStart(
  _ run: RunID, ordinal: Int = 0, stack: String = stack, resource: String = "Vpc"
) -> ChangeStart {
  ChangeStart(
    run: run, ordinal: ordinal, stack: stack, resource: resource, type: "AWS::EC2::VPC",
    action: "update", cause: "drift", differences: [["path": "/CidrBlock", "desired": 1.5]],
    at: 1001.25)
}

func intentStart(
  _ run: RunID, stack: String = stack, operation: String = "CreateVpc"
) -> IntentStart {
  IntentStart(
    run: run, stack: stack, resource: "Vpc", type: "AWS::EC2::VPC", action: "create",
    service: "ec2", operation: operation, token: "t-1", request: ["CidrBlock": "10.1.0.0/16"],
    at: 1002.5)
}

func lastApplied(
  _ run: RunID, stack: String = stack, resource: String = "Vpc"
) -> LastApplied {
  LastApplied(
    stack: stack, resource: resource, type: "AWS::EC2::VPC", physicalID: "vpc-1",
    account: "123456789012", region: "us-east-1",
    properties: ["CidrBlock": "10.1.0.0/16", "Tags": [], "N": .null],
    tags: ["Name": "é \"x\"", "Empty": ""], revision: "abc", run: run, at: 1003)
}
