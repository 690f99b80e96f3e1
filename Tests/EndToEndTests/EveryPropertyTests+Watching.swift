/// What watches: alarms, dashboards, metric filters; and parameters.
extension EveryPropertyTests {
  func testAlarms() throws { try assertConverges(EveryProperty.alarms) }

  func testMetricFilters() throws { try assertConverges(EveryProperty.metricFilters) }

  func testParameters() throws { try assertConverges(EveryProperty.parameters) }
}

extension EveryPropertyResetTests {
  func testAlarms() throws {
    try assertReset(
      EveryProperty.alarms, ["Alarm"],
      essential: [
        "MetricName", "Namespace", "Statistic", "Period", "EvaluationPeriods", "Threshold",
        "ComparisonOperator",
      ])
  }

  func testMetricFilters() throws { try assertReset(EveryProperty.metricFilters, ["Filter"]) }

  func testParameters() throws { try assertReset(EveryProperty.parameters, ["Parameter"]) }
}

extension EveryPropertyDriftTests {
  func testAlarms() throws {
    let workspace = try applied(EveryProperty.alarms)
    func rewritten(_ alarm: String, _ properties: [String: Any]) throws -> [Case] {
      let name = alarm == "Alarm" ? "a declared alarm" : try physicalID(alarm)
      return properties.keys.sorted().map { property in
        Case(
          property, "cloudwatch", "put_metric_alarm",
          properties.merging(["AlarmName": name]) { $1 })
      }
    }
    let elsewhere = "arn:aws:sns:us-east-1:123456789012:by-hand"
    var tried = try mend(
      workspace, "Alarm",
      try rewritten(
        "Alarm",
        [
          "AlarmDescription": "by hand", "ActionsEnabled": true, "AlarmActions": [elsewhere],
          "OKActions": [elsewhere], "InsufficientDataActions": [elsewhere],
          "MetricName": "MemoryUtilization", "Namespace": "AWS/EC2", "Statistic": "Maximum",
          "Dimensions": [["Name": "ServiceName", "Value": "by hand"]], "Period": 120,
          "Unit": "None", "EvaluationPeriods": 7, "DatapointsToAlarm": 4, "Threshold": 81.5,
          "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "ignore",
        ]) + [
          Case(
            "Tags", "cloudwatch", "tag_resource",
            [
              "ResourceARN": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a declared alarm",
              "Tags": [["Key": "Name", "Value": "by hand"]],
            ])
        ])
    let percentile: [String: Any] = [
      "ExtendedStatistic": "p90", "EvaluateLowSampleCountPercentile": "evaluate",
    ]
    tried += try mend(
      workspace, "Percentile",
      try rewritten("Percentile", percentile).map { test in
        var test = test
        test.input.merge([
          "MetricName": "Latency", "Namespace": "AWS/ELB", "Period": 60, "EvaluationPeriods": 1,
          "Threshold": 0.25, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        ]) { $1 }
        return test
      })
    let metrics: [[String: Any]] = [
      ["Id": "other", "Expression": "ANOMALY_DETECTION_BAND(rate, 5)", "Period": 300],
      [
        "Id": "rate",
        "MetricStat": [
          "Metric": ["Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"],
          "Period": 300, "Stat": "Sum",
        ],
      ],
    ]
    tried += try mend(
      workspace, "Expression",
      try rewritten("Expression", ["Metrics": metrics, "ThresholdMetricId": "other"]).map { test in
        var test = test
        test.input.merge([
          "ComparisonOperator": "GreaterThanUpperThreshold", "EvaluationPeriods": 2,
        ]) { $1 }
        return test
      })
    tried += try mend(
      workspace, "Query",
      try rewritten(
        "Query",
        [
          "EvaluationInterval": 120,
          "EvaluationCriteria": ["PromQLCriteria": ["Query": "up == 0"]],
        ]))
    try assertAll("AWS::CloudWatch::Alarm", tried)
    try assertMended(
      workspace, "Dashboard", "AWS::CloudWatch::Dashboard",
      [
        Case(
          "DashboardBody", "cloudwatch", "put_dashboard",
          ["DashboardName": "a-declared-dashboard", "DashboardBody": #"{"widgets":[]}"#])
      ])
  }

  func testMetricFilters() throws {
    let workspace = try applied(EveryProperty.metricFilters)
    let group = try physicalID("Group")
    let rewritten: [String: Any] = [
      "logGroupName": group, "filterName": "a-declared-filter", "filterPattern": "by hand",
      "metricTransformations": [
        [
          "metricName": "Errors", "metricNamespace": "Acme", "metricValue": "1", "unit": "Bytes",
          "dimensions": ["Service": "$.other"],
        ]
      ],
      "applyOnTransformedLogs": false, "fieldSelectionCriteria": "@aws.account = 1",
      "emitSystemFieldDimensions": ["@aws.account"],
    ]
    try assertMended(
      workspace, "Filter", "AWS::Logs::MetricFilter",
      [
        "FilterPattern", "ApplyOnTransformedLogs", "FieldSelectionCriteria",
        "EmitSystemFieldDimensions", "MetricTransformations",
      ].map { Case($0, "logs", "put_metric_filter", rewritten) })
  }

  func testParameters() throws {
    let workspace = try applied(EveryProperty.parameters)
    func change(_ property: String, _ value: Any) -> Case {
      var input: [String: Any] = [
        "Name": "/acme/a-declared-parameter", "Value": "ami-12345678", "Overwrite": true,
      ]
      input[property] = value
      return Case(property, "ssm", "put_parameter", input)
    }
    try assertMended(
      workspace, "Parameter", "AWS::SSM::Parameter",
      [
        change("Description", "by hand"), change("AllowedPattern", ".*"),
        change("DataType", "text"), change("Policies", "[{}]"), change("Value", "ami-87654321"),
        Case(
          "Tags", "ssm", "add_tags_to_resource",
          [
            "ResourceType": "Parameter", "ResourceId": "/acme/a-declared-parameter",
            "Tags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
  }
}
