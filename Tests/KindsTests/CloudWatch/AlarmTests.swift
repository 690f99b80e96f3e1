import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::CloudWatch::Alarm`.
final class AlarmTests: XCTestCase {
  private let alarm = Alarm()
  private static let arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:"
  private static let everything: Document = [
    "AlarmName": "a", "AlarmDescription": "d", "ActionsEnabled": false, "AlarmActions": ["x"],
    "OKActions": ["x"], "InsufficientDataActions": ["x"], "MetricName": "M", "Namespace": "N",
    "Statistic": "Sum", "Dimensions": [["Name": "n", "Value": "v"]], "Period": 60,
    "Unit": "Count", "EvaluationPeriods": 2, "DatapointsToAlarm": 1, "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "ignore",
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeAlarms":
      .success([
        "MetricAlarms": [
          everything.with(["AlarmArn": .string(arn + "a"), "StateValue": "OK"]),
          [
            "AlarmName": "known", "AlarmArn": .string(arn + "known"), "ExtendedStatistic": "p90",
            "EvaluateLowSampleCountPercentile": "ignore", "ThresholdMetricId": "t",
            "Metrics": [
              [
                "Id": "t", "Expression": "e", "Label": "l", "ReturnData": true, "Period": 60,
                "AccountId": "1",
                "MetricStat": [
                  "Metric": [
                    "MetricName": "M", "Namespace": "N",
                    "Dimensions": [["Name": "n", "Value": "v"]],
                  ], "Period": 60, "Stat": "Sum", "Unit": "Count",
                ],
              ]
            ],
            "EvaluationInterval": 60,
            "EvaluationCriteria": [
              "PromQLCriteria": ["Query": "q", "PendingPeriod": 1, "RecoveryPeriod": 1]
            ],
          ],
        ]
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "a"), "Tags": .ourTagList]]
      ])
    case "ListTagsForResource": .success(["Tags": [["Key": "k", "Value": "v"]]])
    default: .success([:])
    }
  }

  func testOneListShowsAllAndTagsAreAskedOfWhatTheSweepDoesNotShow() throws {
    let observation = ObservationRehearsal(
      alarm, .rehearsal(candidates: ["known": []]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"DescribeAlarms {"AlarmTypes":["MetricAlarm"]}"#,
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"ListTagsForResource {"ResourceARN":"\#(Self.arn)known"}"#,
      ])
    XCTAssertEqual(observation["a"]?.tags, Step.ourTags)
    XCTAssertEqual(observation["known"]?.tags, ["k": "v"])
    XCTAssertEqual(
      observation["a"]?.properties, Self.everything.with(["Arn": .string(Self.arn + "a")]))
    XCTAssertEqual(try uncovered(alarm, shown: observation.observed), [])
  }

  func testCreatesWithTagsAndChangesThemApart() throws {
    let created = Rehearsal(alarm, .creating(Self.everything))
    XCTAssertEqual(created.calls.map(\.operation), ["PutMetricAlarm"])
    XCTAssertEqual(created.calls[0].input["Tags"]?.list?.count, 2)
    XCTAssertEqual(created.attributes?["Arn"], .string(Self.arn + "a"))
    let tagged = Rehearsal(
      alarm,
      .updating(
        "a", from: Self.everything, to: Self.everything, changed: [], removedTags: ["old"],
        changesTags: true))
    XCTAssertEqual(tagged.calls.map(\.operation), ["UntagResource", "TagResource"])
    XCTAssertEqual(try modelProblems(created.calls + tagged.calls), [])
  }

  func testAnUpdateWritesBackWhatNobodyDeclares() throws {
    let rehearsal = Rehearsal(
      alarm,
      .updating(
        "a", from: Self.everything, to: ["Threshold": 2],
        changed: ["Threshold", "AlarmDescription"]))
    let input = try XCTUnwrap(rehearsal.calls.first?.input)
    XCTAssertEqual(input["Threshold"], 2)
    XCTAssertNil(input["AlarmDescription"], "it is taken out")
    XCTAssertEqual(input["AlarmActions"], ["x"], "one call overwrites all")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testWhatTakesThePlaceOfSomethingElseIsWrittenWithoutIt() throws {
    let metrics: Document = [
      "Metrics": [["Id": "m", "Expression": "1"]], "ThresholdMetricId": "m",
    ]
    let cases: [(desired: Document, gone: [String], kept: [String])] = [
      (
        metrics, ["MetricName", "Namespace", "Statistic", "Dimensions", "Threshold"], ["OKActions"]
      ),
      (["ExtendedStatistic": "p90"], ["Statistic"], ["MetricName", "Threshold"]),
      (
        ["EvaluationCriteria": ["PromQLCriteria": ["Query": "q"]]], ["MetricName", "Period"],
        ["AlarmActions"]
      ),
    ]
    for (desired, gone, kept) in cases {
      let rehearsal = Rehearsal(
        alarm,
        .updating(
          "a", from: Self.everything, to: desired,
          changed: Set(desired.object?.keys.map { $0 } ?? [])))
      let input = try XCTUnwrap(rehearsal.calls.first?.input)
      for property in gone { XCTAssertNil(input[property], "\(property) for \(desired.json())") }
      for property in kept { XCTAssertNotNil(input[property], "\(property) for \(desired.json())") }
    }
  }

  func testDeletesByName() throws {
    let rehearsal = Rehearsal(alarm, .deleting("a")) { _ in .absent }
    XCTAssertEqual(rehearsal.lines, [#"DeleteAlarms {"AlarmNames":["a"]}"#])
    XCTAssertEqual(rehearsal.id, "a")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }
}
