import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElasticLoadBalancingV2::ListenerCertificate`.
final class ListenerCertificateTests: XCTestCase {
  private let certificate = ListenerCertificate()

  private static func list(_ names: String...) -> Document {
    .list(names.map { ["CertificateArn": .string("arn:\($0)")] })
  }

  private static func desired(_ names: String...) -> Document {
    [
      "ListenerArn": .string(Balancing.listener),
      "Certificates": .list(names.map { ["CertificateArn": .string("arn:\($0)")] }),
    ]
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "GetResources": Balancing.sweep(Balancing.listener, Balancing.rule)
    case "DescribeListenerCertificates":
      .success([
        "Certificates": [
          ["CertificateArn": "arn:own", "IsDefault": true],
          ["CertificateArn": "arn:a", "IsDefault": false],
          ["CertificateArn": "arn:b", "IsDefault": false],
        ]
      ])
    default: .success([:])
    }
  }

  func testTheListenersOwnIsNotAmongThem() throws {
    let observation = ObservationRehearsal(certificate, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      observation.observed.map(\.id),
      ["\(Balancing.listener)|arn:a", "\(Balancing.listener)|arn:b"])
    XCTAssertEqual(
      observation.observed[0].properties["Certificates"], Self.list("a", "b"))
    XCTAssertEqual(try uncovered(certificate, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testAddsBeforeItTakesAway() throws {
    let id = "\(Balancing.listener)|arn:a"
    let update = Step.updating(
      id, from: Self.desired("a", "b"), to: Self.desired("b", "c"), changed: ["Certificates"])
    let changed = Rehearsal(certificate, update)
    XCTAssertEqual(
      changed.calls.map(\.operation), ["AddListenerCertificates", "RemoveListenerCertificates"])
    XCTAssertEqual(
      changed.calls.map { $0.input["Certificates"] }, [Self.list("c"), Self.list("a")])
    XCTAssertEqual(changed.id, "\(Balancing.listener)|arn:b", "the first is another one now")
    let full = Rehearsal(certificate, update) { call in
      call.absentCodes.contains("TooManyCertificates") ? .absent : .success([:])
    }
    XCTAssertEqual(
      full.calls.map(\.operation),
      ["AddListenerCertificates", "RemoveListenerCertificates", "AddListenerCertificates"])
    XCTAssertEqual(try modelProblems(changed.calls + full.calls), [])
  }

  func testADeletionLeavesWhatOthersAdded() {
    let deletion = Step.deleting("\(Balancing.listener)|arn:a", Self.desired("a", "b", "theirs"))
    func removed(_ step: Step) -> [Document?] {
      Rehearsal(certificate, step).calls.map { $0.input["Certificates"] }
    }
    XCTAssertEqual(removed(deletion.applied(Self.desired("a", "b"))), [Self.list("a", "b")])
    XCTAssertEqual(removed(deletion), [Self.list("a")])
  }
}
