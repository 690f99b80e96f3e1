import Document
import XCTest

@testable import TrueupCore

final class ThreeWayTests: XCTestCase {
  private let comparison = Comparison(
    table: [
      "/Rules": .keyed("Key").ownedWhole([["Key": "standard"]]),
      "/Set": .set.ownedWhole([]),
    ])

  func testCausesTellWhichSideMoved() {
    struct Case {
      var base: Document?
      var desired: Document
      var observed: Document
      var causes: [Cause]
      var reason: String
    }
    let table = [
      Case(
        base: ["A": 1], desired: ["A": 2], observed: ["A": 1], causes: [.pending],
        reason: "the desired value moved"),
      Case(
        base: ["A": 1], desired: ["A": 1], observed: ["A": 2], causes: [.drift],
        reason: "the observed value moved"),
      Case(
        base: ["A": 1], desired: ["A": 2], observed: ["A": 3], causes: [.conflict],
        reason: "both moved"),
      Case(
        base: ["A": 1], desired: ["A": 1], observed: [:], causes: [.drift],
        reason: "the value was taken away behind our back"),
      Case(
        base: [:], desired: ["A": 1], observed: [:], causes: [.pending],
        reason: "a newly declared property"),
      Case(
        base: [:], desired: ["A": 1], observed: ["A": 2], causes: [.pending],
        reason: "a newly declared property was not managed before, so it cannot have drifted"),
      Case(
        base: ["Rules": [["Key": "a"]]], desired: ["Rules": [["Key": "a"]]],
        observed: ["Rules": [["Key": "a"], ["Key": "b"]]], causes: [.drift],
        reason: "an extra element in a list that is owned whole"),
      Case(
        base: [:], desired: ["Rules": [["Key": "standard"]]],
        observed: ["Rules": [["Key": "standard"], ["Key": "b"]]], causes: [.drift],
        reason: "an extra element where the blueprint never declared the list"),
      Case(
        base: ["Set": [1]], desired: ["Set": [1]], observed: ["Set": [1, 2]], causes: [.drift],
        reason: "an extra element in a set"),
      Case(
        base: ["Rules": [["Key": "a"]]], desired: ["Rules": [["Key": "b"]]],
        observed: ["Rules": [["Key": "a"]]], causes: [.pending, .pending],
        reason: "one element was declared anew, another is declared no more"),
      Case(
        base: ["A": 1], desired: [:], observed: ["A": 1], causes: [.pending],
        reason: "a property is declared no more"),
      Case(
        base: ["A": 1], desired: [:], observed: ["A": 2], causes: [.conflict],
        reason: "a property that is declared no more had moved too"),
      Case(
        base: nil, desired: ["A": 1], observed: ["A": 2], causes: [.unknown],
        reason: "there is nothing to compare with"),
      Case(
        base: ["A": .secret(nil)], desired: ["A": "x"], observed: ["A": "y"],
        causes: [.unknown], reason: "which secret was applied is not noted"),
      Case(
        base: ["A": .unknown("acme-prod/B")], desired: ["A": "x"], observed: ["A": "y"],
        causes: [.unknown], reason: "what the reference gave is not noted"),
    ]
    for row in table {
      let threeWay = ThreeWay(comparison: comparison, base: row.base)
      var findings = comparison.findings(row.desired, row.observed)
      if let base = row.base {
        findings += comparison.removals(
          base: base, desired: row.desired, observed: row.observed)
      }
      XCTAssertEqual(
        findings.map { threeWay.cause(of: $0, in: row.desired, row.observed) }, row.causes,
        row.reason)
    }
  }

  func testACauseForManyDifferences() {
    let table: [(causes: [Cause], merged: Cause)] = [
      ([.drift], .drift), ([.pending, .pending], .pending), ([.pending, .drift], .conflict),
      ([.drift, .conflict], .conflict), ([.unknown, .drift], .unknown),
    ]
    for (causes, merged) in table {
      XCTAssertEqual(ThreeWay.merged(causes), merged, "\(causes)")
    }
  }
}
