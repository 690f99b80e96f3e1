import XCTest

/// Topics and queues.
extension EveryPropertyDriftTests {
  private static let open =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#
  private static let closed =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#

  private func arn(ofTopic resource: String) throws -> String {
    "arn:aws:sns:us-east-1:123456789012:" + (try physicalID(resource))
  }

  func testTopics() throws {
    continueAfterFailure = true
    let workspace = try applied(EveryProperty.topics)
    let (topic, ordered) = (try arn(ofTopic: "Topic"), try arn(ofTopic: "Ordered"))
    let subscriptions = try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array
    let handling = try XCTUnwrap(
      subscriptions.first {
        $0["TopicArn"].string == topic && $0["Endpoint"].string?.hasSuffix(":handle") == true
      }?["SubscriptionArn"].string)
    func set(_ property: String, _ value: String, of arn: String, as attribute: String? = nil)
      -> Case
    {
      Case(
        property, "sns", "set_topic_attributes",
        [
          "TopicArn": arn, "AttributeName": attribute ?? property, "AttributeValue": value,
        ])
    }
    var tried = try mend(
      workspace, "Topic",
      [
        set("DisplayName", "by hand", of: topic), set("KmsMasterKeyId", "", of: topic),
        set("SignatureVersion", "1", of: topic), set("TracingConfig", "PassThrough", of: topic),
        set("DeliveryStatusLogging", "", of: topic, as: "SQSFailureFeedbackRoleArn"),
        Case(
          "DataProtectionPolicy", "sns", "put_data_protection_policy",
          ["ResourceArn": topic, "DataProtectionPolicy": ""]),
        Case("Subscription", "sns", "unsubscribe", ["SubscriptionArn": handling]),
        Case(
          "Tags", "sns", "tag_resource",
          ["ResourceArn": topic, "Tags": [["Key": "Name", "Value": "by hand"]]]),
      ])
    tried += try mend(
      workspace, "Ordered",
      [
        set("ContentBasedDeduplication", "false", of: ordered),
        set("FifoThroughputScope", "Topic", of: ordered),
        set("ArchivePolicy", #"{"MessageRetentionPeriod":"1"}"#, of: ordered),
      ])
    try assertAll("AWS::SNS::Topic", tried)
    try assertMended(
      workspace, "TopicPolicy", "AWS::SNS::TopicPolicy",
      [
        set("PolicyDocument", Self.open, of: topic, as: "Policy"),
        set("Topics", Self.closed, of: ordered, as: "Policy"),
      ])
    try changeSubscriptions(workspace, topic)
  }

  private func changeSubscriptions(_ workspace: Workspace, _ topic: String) throws {
    // Subscribing again tells the ARN that SNS hides until the endpoint confirms.
    let server = try endpoint.aws(
      "sns", "subscribe",
      [
        "TopicArn": topic, "Protocol": "https", "ReturnSubscriptionArn": true,
        "Endpoint": "https://orders:secret@example.com/orders",
      ])["SubscriptionArn"].string
    let token = try XCTUnwrap(server?.split(separator: ":").last.map(String.init))
    try endpoint.aws("sns", "confirm_subscription", ["TopicArn": topic, "Token": token])
    try assertInSync(workspace)
    func set(_ property: String, of resource: String, _ value: String?) throws -> Case {
      var input: [String: Any] = [
        "SubscriptionArn": try subscription(resource), "AttributeName": property,
      ]
      input["AttributeValue"] = value
      return Case(property, "sns", "set_subscription_attributes", input)
    }
    var tried = try mend(
      workspace, "ToQueue",
      [
        set("RawMessageDelivery", of: "sqs", "false"),
        set("FilterPolicy", of: "sqs", #"{"store":["flat"]}"#),
        set("FilterPolicyScope", of: "sqs", "MessageAttributes"),
        set("RedrivePolicy", of: "sqs", nil),
      ])
    tried += try mend(
      workspace, "ToStream",
      [
        set(
          "SubscriptionRoleArn", of: "firehose", "arn:aws:iam::123456789012:role/by-hand")
      ])
    tried += try mend(
      workspace, "ToServer",
      [
        set(
          "DeliveryPolicy", of: "https",
          #"{"healthyRetryPolicy":{"numRetries":1,"minDelayTarget":1}}"#)
      ])
    tried += try mend(
      workspace, "Again",
      [set("ReplayPolicy", of: "sqs.fifo", nil)])
    try assertAll("AWS::SNS::Subscription", tried)
  }

  /// The ARN of the subscription over a protocol; `sqs.fifo` is that of the FIFO topic.
  private func subscription(_ name: String) throws -> String {
    let all = try endpoint.aws("sns", "list_subscriptions")["Subscriptions"].array
    let isFIFO = name.hasSuffix(".fifo")
    let found = all.first {
      $0["Protocol"].string == name.replacingOccurrences(of: ".fifo", with: "")
        && $0["TopicArn"].string?.hasSuffix(".fifo") == isFIFO
    }
    return try XCTUnwrap(found?["SubscriptionArn"].string)
  }

  func testQueues() throws {
    continueAfterFailure = true
    let workspace = try applied(EveryProperty.queues)
    let (queue, dead) = (try url(ofQueue: "Queue"), try url(ofQueue: "Dead"))
    func set(_ property: String, _ value: String, of url: String, as attribute: String? = nil)
      -> Case
    {
      Case(
        property, "sqs", "set_queue_attributes",
        ["QueueUrl": url, "Attributes": [attribute ?? property: value]])
    }
    var tried = try mend(
      workspace, "Queue",
      [
        set("DelaySeconds", "0", of: queue), set("MaximumMessageSize", "1024", of: queue),
        set("MessageRetentionPeriod", "60", of: queue),
        set("ReceiveMessageWaitTimeSeconds", "0", of: queue),
        set("VisibilityTimeout", "30", of: queue),
        set("KmsMasterKeyId", "alias/by-hand", of: queue),
        set("KmsDataKeyReusePeriodSeconds", "60", of: queue),
        set("RedrivePolicy", "", of: queue),
        Case("Tags", "sqs", "tag_queue", ["QueueUrl": queue, "Tags": ["Name": "by hand"]]),
      ])
    tried += try mend(
      workspace, "Dead",
      [
        set("SqsManagedSseEnabled", "true", of: dead),
        set("RedriveAllowPolicy", #"{"redrivePermission":"denyAll"}"#, of: dead),
      ])
    let ordered = try url(ofQueue: "Ordered")
    tried += try mend(
      workspace, "Ordered",
      [
        set("ContentBasedDeduplication", "false", of: ordered),
        set("DeduplicationScope", "queue", of: ordered),
        set("FifoThroughputLimit", "perQueue", of: ordered),
      ])
    try assertAll("AWS::SQS::Queue", tried)
    try assertMended(
      workspace, "QueuePolicy", "AWS::SQS::QueuePolicy",
      [
        set("PolicyDocument", Self.open, of: queue, as: "Policy"),
        set("Queues", "", of: dead, as: "Policy"),
      ])
  }

  func testAQueueThatSomebodyEncryptedOtherwiseIsEncryptedAsDeclared() throws {
    let workspace = try applied(
      """
      "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "SqsManagedSseEnabled": true } }
      """)
    let queue = try url(ofQueue: "Queue")
    _ = try mend(
      workspace, "Queue",
      [
        Case(
          "SqsManagedSseEnabled", "sqs", "set_queue_attributes",
          ["QueueUrl": queue, "Attributes": ["KmsMasterKeyId": "alias/by-hand"]])
      ])
  }

  private func url(ofQueue resource: String) throws -> String {
    "https://sqs.us-east-1.amazonaws.com/123456789012/" + (try physicalID(resource))
  }
}
