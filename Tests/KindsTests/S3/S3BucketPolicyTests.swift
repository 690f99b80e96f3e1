import Document
import Kinds
import TrueupCore
import XCTest

final class S3BucketPolicyTests: XCTestCase {
  private let kind = BucketPolicy()
  private static let document: Document = [
    "Statement": [["Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"]]
  ]

  private static func answer(_ call: Call) -> Reply {
    switch (call.operation, call.input["Bucket"]?.string) {
    case ("ListBuckets", _):
      .success(["Buckets": [["Name": "named"], ["Name": "bare"], ["Name": "foreign"]]])
    case ("GetBucketPolicy", "bare"): .absent
    default: .success(["Policy": .string(document.json())])
    }
  }

  func testReadsThePolicyOfEachBucketThatConcernsUs() throws {
    var context = ReadContext.rehearsal(candidates: ["based": []])
    context.values["Bucket"] = ["literal"]
    XCTAssertEqual(
      ObservationRehearsal(kind, context, answer: Self.answer).lines,
      [#"GetBucketPolicy {"Bucket":"based"}"#, #"GetBucketPolicy {"Bucket":"literal"}"#],
      "no bucket is listed where none is desired")
    context.names["AWS::S3::Bucket"] = ["named", "bare", "not-there"]
    let observation = ObservationRehearsal(kind, context, answer: Self.answer)
    XCTAssertEqual(
      Set(observation.lines.dropFirst(3)),
      [#"GetBucketPolicy {"Bucket":"bare"}"#, #"GetBucketPolicy {"Bucket":"named"}"#])
    XCTAssertEqual(observation.observed.map(\.id), ["based", "literal", "named"])
    XCTAssertEqual(
      observation["named"]?.properties,
      ["Bucket": "named", "PolicyDocument": Self.document])
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testAPolicyThatMayNotBeReadIsUnreadAndNotAbsent() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["based": []]), answer: denied)
    XCTAssertEqual(
      observation["based"]?.unread["/PolicyDocument"], "GetBucketPolicy is not allowed")
  }

  func testPutsAndDeletes() throws {
    let desired: Document = ["Bucket": "named", "PolicyDocument": Self.document]
    let created = Rehearsal(kind, .creating(desired, tags: [:]))
    let updated = Rehearsal(
      kind, .updating("named", to: desired, changed: ["PolicyDocument"]))
    let deleted = Rehearsal(kind, .deleting("named"))
    XCTAssertEqual(created.calls.map(\.operation), ["PutBucketPolicy"])
    XCTAssertEqual(created.calls.first?.input["Policy"], .string(Self.document.json()))
    XCTAssertTrue(
      created.calls[0].transientCodes.contains("MalformedPolicy"),
      "S3 may not know a new principal yet")
    XCTAssertEqual(updated.calls.first?.input, created.calls.first?.input)
    XCTAssertEqual(deleted.lines, [#"DeleteBucketPolicy {"Bucket":"named"}"#])
    XCTAssertEqual(created.id, "named")
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
