/// SQS: all properties, in all forms.
extension EveryProperty {
  /// A queue with a key of KMS and a dead-letter queue, that one without encryption, a FIFO queue, and a
  /// policy of the first two.
  static let queues = """
    "Queue": {
      "Type": "AWS::SQS::Queue",
      "Properties": {
        "QueueName": "a-declared-queue",
        "DelaySeconds": 5,
        "MaximumMessageSize": 2048,
        "MessageRetentionPeriod": 3600,
        "ReceiveMessageWaitTimeSeconds": 10,
        "VisibilityTimeout": 60,
        "KmsMasterKeyId": "\(key)",
        "KmsDataKeyReusePeriodSeconds": 600,
        "RedrivePolicy": {
          "deadLetterTargetArn": { "Fn::GetAtt": ["Dead", "Arn"] }, "maxReceiveCount": 3
        },
        "Tags": [{ "Key": "Name", "Value": "queue" }]
      }
    },
    "Dead": {
      "Type": "AWS::SQS::Queue",
      "Properties": {
        "SqsManagedSseEnabled": false,
        "RedriveAllowPolicy": {
          "redrivePermission": "byQueue",
          "sourceQueueArns": ["arn:aws:sqs:us-east-1:123456789012:a-declared-queue"]
        }
      }
    },
    "Ordered": {
      "Type": "AWS::SQS::Queue",
      "Properties": {
        "FifoQueue": true,
        "ContentBasedDeduplication": true,
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId"
      }
    },
    "QueuePolicy": {
      "Type": "AWS::SQS::QueuePolicy",
      "Properties": {
        "Queues": [{ "Ref": "Queue" }, { "Ref": "Dead" }],
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" },
              "Action": "sqs:SendMessage", "Resource": "*",
              "Condition": { "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } } }
          ]
        }
      }
    }
    """
}
