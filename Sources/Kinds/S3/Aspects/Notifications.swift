import Document
import TrueupCore

extension BucketAspect {
  /// S3 holds all notifications in one configuration, in which what is not mentioned is off. It tries each
  /// destination: one whose policy is a moment old is refused.
  static let notifications = BucketAspect(
    property: "NotificationConfiguration", reading: "GetBucketNotificationConfiguration",
    writing: "PutBucketNotificationConfiguration",
    absentValue: [
      "LambdaConfigurations": [], "QueueConfigurations": [], "TopicConfigurations": [],
      "EventBridgeConfiguration": ["EventBridgeEnabled": false],
    ], transientCodes: ["InvalidArgument"],
    names: [
      "LambdaConfigurations": "LambdaFunctionConfigurations",
      "LambdaConfigurations/*/Function": "LambdaFunctionArn",
      "QueueConfigurations/*/Queue": "QueueArn", "TopicConfigurations/*/Topic": "TopicArn",
      "*/*/Event": "Events", "*/*/Filter/S3Key": "Key", "*/*/Filter/S3Key/Rules": "FilterRules",
    ], defaults: ["EventBridgeConfiguration/EventBridgeEnabled": true],
    facts: [
      "LambdaConfigurations": .set.losing(.members),
      "LambdaConfigurations/*/Filter/S3Key/Rules": .set,
      "QueueConfigurations": .set.losing(.members),
      "QueueConfigurations/*/Filter/S3Key/Rules": .set,
      "TopicConfigurations": .set.losing(.members),
      "TopicConfigurations/*/Filter/S3Key/Rules": .set,
    ],
    settled: { value in
      // S3 answers `Prefix` for the `prefix` that it was given.
      value.changing("*/*/Filter/S3Key/Rules/*/Name") { name in
        name.string.map { .string($0.lowercased()) } ?? name
      }.changing("*/*") { $0.dropping(["Filter": ["S3Key": ["Rules": []]]]) }
    },
    shown: { output in
      output.changing("*", entryPerEvent)
        .changing("EventBridgeConfiguration") { _ in ["EventBridgeEnabled": true] }
    },
    written: { value in
      let isOn = value["EventBridgeConfiguration"] == ["EventBridgeEnabled": true]
      return value.changing("*/*/Event") { [$0] }
        .setting("EventBridgeConfiguration", isOn ? [:] : nil)
    })

  /// The registry has one entry per event, S3 one per destination with several events.
  private static func entryPerEvent(_ member: Document) -> Document {
    guard let entries = member.list else { return member }
    return .list(
      entries.flatMap { entry in entry.elements("Events").map { entry.setting("Events", $0) } })
  }
}
