import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SQS::QueuePolicy`. What it has in common with the policies of topics is tested there.
final class SQSQueuePolicyTests: XCTestCase {
  private let policy = QueuePolicy()
  private static let document: Document = [
    "Statement": [["Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"]]
  ]

  private static func url(_ name: String) -> String {
    "https://sqs.eu-west-1.amazonaws.com/111122223333/\(name)"
  }

  func testShowsTheQueuesThatHaveOne() throws {
    var context = ReadContext.rehearsal()
    context.names["AWS::SQS::Queue"] = ["a", Self.url("b"), "c"]
    let observation = ObservationRehearsal(policy, context) { call in
      switch call.operation {
      case "ListQueues":
        return .success(["QueueUrls": .list(["a", "b", "c", "d"].map { .string(Self.url($0)) })])
      case "GetQueueAttributes":
        guard call.input["QueueUrl"]?.string != Self.url("c") else {
          return .success(["Attributes": ["DelaySeconds": "0"]])
        }
        return .success(["Attributes": ["Policy": .string(Self.document.json())]])
      default: return .success([:])
      }
    }
    XCTAssertEqual(
      observation.reads.filter { $0.call.operation == "GetQueueAttributes" }.count, 3,
      "nobody names the fourth")
    let id = "policy|" + Self.url("a")
    let observed = try XCTUnwrap(observation[id])
    XCTAssertEqual(
      observed.properties,
      [
        "Id": .string(id), "Anchor": .string(Self.url("a")), "PolicyDocument": Self.document,
        "Queues": [.string(Self.url("a")), .string(Self.url("b"))],
      ])
    XCTAssertEqual(observation.observed.count, 2, "a queue without a policy shows none")
    XCTAssertEqual(try uncovered(policy, shown: [observed]), [])
  }

  func testIsPutAndTakenAway() throws {
    let desired: Document = ["Queues": ["u"], "PolicyDocument": Self.document]
    let created = Rehearsal(policy, .creating(desired, tags: [:]))
    XCTAssertEqual(
      created.calls.map(\.input),
      [["QueueUrl": "u", "Attributes": ["Policy": .string(Self.document.json())]]])
    XCTAssertTrue(
      created.calls[0].transientCodes.contains("InvalidAttributeValue"),
      "SQS does not know a new principal at once")
    var step = Step.deleting("policy|u")
    step.observed = Observed(
      type: policy.type, id: "policy|u", scope: .rehearsal, properties: desired)
    let deleted = Rehearsal(policy, step)
    XCTAssertEqual(
      deleted.lines, [#"SetQueueAttributes {"Attributes":{"Policy":""},"QueueUrl":"u"}"#])
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("QueueDoesNotExist"))
    XCTAssertEqual(try modelProblems(created.calls + deleted.calls), [])
  }
}
