import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::Logs::MetricFilter`.
final class MetricFilterTests: XCTestCase {
  private let filter = MetricFilter()
  private static let everything: Document = [
    "FilterName": "f", "LogGroupName": "g", "FilterPattern": "ERROR",
    "ApplyOnTransformedLogs": true, "EmitSystemFieldDimensions": ["@aws.region"],
    "FieldSelectionCriteria": "c",
    "MetricTransformations": [
      [
        "MetricName": "M", "MetricNamespace": "N", "MetricValue": "1", "DefaultValue": 0,
        "Unit": "Count", "Dimensions": [["Key": "k", "Value": "$.v"]],
      ]
    ],
  ]

  func testOneListShowsTheFiltersOfAllGroups() throws {
    let observation = ObservationRehearsal(filter, .rehearsal()) { _ in
      .success([
        "metricFilters": [
          [
            "filterName": "f", "logGroupName": "g", "filterPattern": "ERROR",
            "applyOnTransformedLogs": true, "emitSystemFieldDimensions": ["@aws.region"],
            "fieldSelectionCriteria": "c", "creationTime": 1_700_000_000_000,
            "metricTransformations": [
              [
                "metricName": "M", "metricNamespace": "N", "metricValue": "1", "defaultValue": 0,
                "unit": "Count", "dimensions": ["k": "$.v"],
              ]
            ],
          ]
        ]
      ])
    }
    XCTAssertEqual(observation.lines, ["DescribeMetricFilters {}"])
    XCTAssertEqual(observation["g|f"]?.properties, Self.everything)
    XCTAssertEqual(try uncovered(filter, shown: observation.observed), [])
  }

  func testOneCallWritesAllOfIt() throws {
    let created = Rehearsal(filter, .creating(Self.everything, tags: [:]))
    XCTAssertEqual(created.calls.map(\.operation), ["PutMetricFilter"])
    XCTAssertEqual(created.id, "g|f")
    let updated = Rehearsal(
      filter,
      .updating(
        "g|f", from: Self.everything,
        to: ["FilterName": "f", "LogGroupName": "g", "FilterPattern": "WARN"],
        changed: ["FilterPattern", "FieldSelectionCriteria"]))
    XCTAssertEqual(updated.calls[0].input["filterPattern"], "WARN")
    XCTAssertEqual(updated.calls[0].input["applyOnTransformedLogs"], true, "it stays as it is")
    XCTAssertNil(updated.calls[0].input["fieldSelectionCriteria"], "it is taken out")
    XCTAssertEqual(
      updated.calls[0].input["metricTransformations"],
      created.calls[0].input["metricTransformations"])
    let deleted = Rehearsal(filter, .deleting("g|f"))
    XCTAssertEqual(
      deleted.lines, [#"DeleteMetricFilter {"filterName":"f","logGroupName":"g"}"#])
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
