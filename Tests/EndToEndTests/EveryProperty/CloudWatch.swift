/// CloudWatch: all properties, in all forms.
extension EveryProperty {
  /// Alarms on a metric, on a percentile, on an expression, on a band and on a query, and dashboards.
  static let alarms = #"""
    "Alarm": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {
        "AlarmName": "a declared alarm",
        "AlarmDescription": "All properties of an alarm",
        "ActionsEnabled": false,
        "AlarmActions": [
          "arn:aws:sns:us-east-1:123456789012:second", "arn:aws:sns:us-east-1:123456789012:first"
        ],
        "OKActions": ["arn:aws:sns:us-east-1:123456789012:first"],
        "InsufficientDataActions": ["arn:aws:sns:us-east-1:123456789012:second"],
        "MetricName": "CPUUtilization",
        "Namespace": "AWS/ECS",
        "Statistic": "Average",
        "Dimensions": [
          { "Name": "ServiceName", "Value": "web" }, { "Name": "ClusterName", "Value": "acme" }
        ],
        "Period": 60,
        "Unit": "Percent",
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "breaching",
        "Tags": [{ "Key": "Name", "Value": "alarm" }]
      }
    },
    "Percentile": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {
        "MetricName": "Latency",
        "Namespace": "AWS/ELB",
        "ExtendedStatistic": "p99.9",
        "EvaluateLowSampleCountPercentile": "ignore",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0.25,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold"
      }
    },
    "Expression": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {
        "ComparisonOperator": "GreaterThanUpperThreshold",
        "EvaluationPeriods": 2,
        "ThresholdMetricId": "band",
        "Metrics": [
          { "Id": "band", "Expression": "ANOMALY_DETECTION_BAND(rate, 2)", "Label": "expected",
            "ReturnData": true, "Period": 300 },
          { "Id": "rate", "ReturnData": true, "AccountId": "123456789012",
            "MetricStat": {
              "Metric": {
                "Namespace": "AWS/ApplicationELB", "MetricName": "HTTPCode_Target_5XX_Count",
                "Dimensions": [
                  { "Name": "TargetGroup", "Value": "t" }, { "Name": "LoadBalancer", "Value": "l" }
                ]
              },
              "Period": 300, "Stat": "Sum", "Unit": "Count"
            } }
        ]
      }
    },
    "Query": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {
        "EvaluationInterval": 60,
        "EvaluationCriteria": {
          "PromQLCriteria": {
            "Query": "rate(http_requests_total[5m]) > 10", "PendingPeriod": 120,
            "RecoveryPeriod": 300
          }
        }
      }
    },
    "Dashboard": {
      "Type": "AWS::CloudWatch::Dashboard",
      "Properties": {
        "DashboardName": "a-declared-dashboard",
        "DashboardBody": "{ \"widgets\": [ { \"type\": \"text\", \"properties\": { \"markdown\": \"hello\" } } ] }"
      }
    },
    "Nameless": {
      "Type": "AWS::CloudWatch::Dashboard",
      "Properties": { "DashboardBody": "{\"widgets\":[]}" }
    }
    """#

  static let metricFilters = #"""
    "Group": { "Type": "AWS::Logs::LogGroup" },
    "Filter": {
      "Type": "AWS::Logs::MetricFilter",
      "Properties": {
        "LogGroupName": { "Ref": "Group" },
        "FilterName": "a-declared-filter",
        "FilterPattern": "{ $.level = \"error\" }",
        "ApplyOnTransformedLogs": true,
        "FieldSelectionCriteria": "@aws.region = \"us-east-1\"",
        "EmitSystemFieldDimensions": ["@aws.region", "@aws.account"],
        "MetricTransformations": [
          { "MetricName": "Errors", "MetricNamespace": "Acme", "MetricValue": "$.count",
            "Unit": "Count",
            "Dimensions": [
              { "Key": "Service", "Value": "$.service" }, { "Key": "Client", "Value": "$.client" }
            ] }
        ]
      }
    },
    "Counting": {
      "Type": "AWS::Logs::MetricFilter",
      "Properties": {
        "LogGroupName": { "Ref": "Group" },
        "FilterPattern": "",
        "MetricTransformations": [
          { "MetricName": "All", "MetricNamespace": "Acme", "MetricValue": "1", "DefaultValue": 0 }
        ]
      }
    }
    """#
}
