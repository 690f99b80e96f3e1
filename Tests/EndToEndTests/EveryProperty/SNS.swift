/// SNS: all properties, in all forms.
extension EveryProperty {
  private static let logRole = "arn:aws:iam::123456789012:role/delivery"

  private static func logging(_ protocols: [String]) -> String {
    protocols.map { name in
      """
      { "Protocol": "\(name)", "SuccessFeedbackRoleArn": "\(logRole)",
        "FailureFeedbackRoleArn": "\(logRole)", "SuccessFeedbackSampleRate": "50" }
      """
    }.joined(separator: ", ")
  }

  /// A standard topic and a FIFO topic, each with what the other kind cannot have; subscriptions over
  /// the protocols that have attributes of their own, one of which waits for its confirmation; and a
  /// policy of both.
  static let topics = """
    "Topic": {
      "Type": "AWS::SNS::Topic",
      "Properties": {
        "TopicName": "a-declared-topic",
        "DisplayName": "All properties",
        "KmsMasterKeyId": "\(key)",
        "SignatureVersion": "2",
        "TracingConfig": "Active",
        "DeliveryStatusLogging": [
          \(logging(["http/s", "sqs", "lambda", "firehose", "application"]))
        ],
        "DataProtectionPolicy": {
          "Name": "deny", "Version": "2021-06-01",
          "Statement": [
            { "Sid": "deny", "DataDirection": "Inbound", "Principal": ["*"],
              "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/CreditCardNumber"],
              "Operation": { "Deny": {} } }
          ]
        },
        "Subscription": [
          { "Protocol": "lambda",
            "Endpoint": "arn:aws:lambda:us-east-1:123456789012:function:handle" },
          { "Protocol": "email", "Endpoint": "operator@example.com" }
        ],
        "Tags": [{ "Key": "Name", "Value": "topic" }]
      }
    },
    "Ordered": {
      "Type": "AWS::SNS::Topic",
      "Properties": {
        "FifoTopic": true,
        "ContentBasedDeduplication": true,
        "FifoThroughputScope": "MessageGroup",
        "ArchivePolicy": { "MessageRetentionPeriod": 30 }
      }
    },
    "ToQueue": {
      "Type": "AWS::SNS::Subscription",
      "Properties": {
        "TopicArn": { "Ref": "Topic" },
        "Region": { "Ref": "AWS::Region" },
        "Protocol": "sqs",
        "Endpoint": "arn:aws:sqs:us-east-1:123456789012:orders",
        "RawMessageDelivery": true,
        "FilterPolicy": { "store": { "name": ["first", "second"] } },
        "FilterPolicyScope": "MessageBody",
        "RedrivePolicy": {
          "deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"
        }
      }
    },
    "ToStream": {
      "Type": "AWS::SNS::Subscription",
      "Properties": {
        "TopicArn": { "Ref": "Topic" },
        "Protocol": "firehose",
        "Endpoint": "arn:aws:firehose:us-east-1:123456789012:deliverystream/orders",
        "SubscriptionRoleArn": "arn:aws:iam::123456789012:role/stream"
      }
    },
    "ToServer": {
      "Type": "AWS::SNS::Subscription",
      "Properties": {
        "TopicArn": { "Fn::GetAtt": ["Topic", "TopicArn"] },
        "Protocol": "https",
        "Endpoint": "https://orders:secret@example.com/orders",
        "DeliveryPolicy": { "healthyRetryPolicy": { "numRetries": 5, "minDelayTarget": 1 } }
      }
    },
    "Again": {
      "Type": "AWS::SNS::Subscription",
      "Properties": {
        "TopicArn": { "Ref": "Ordered" },
        "Protocol": "sqs",
        "Endpoint": "arn:aws:sqs:us-east-1:123456789012:orders.fifo",
        "ReplayPolicy": {
          "PointType": "Timestamp", "StartingPoint": "2026-01-01T00:00:00.000Z"
        }
      }
    },
    "TopicPolicy": {
      "Type": "AWS::SNS::TopicPolicy",
      "Properties": {
        "Topics": [{ "Ref": "Topic" }, { "Ref": "Ordered" }],
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" },
              "Action": "sns:Publish", "Resource": { "Ref": "Topic" } }
          ]
        }
      }
    }
    """
}
