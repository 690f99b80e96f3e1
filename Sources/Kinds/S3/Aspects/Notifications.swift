import Document
import TrueupCore

extension BucketAspect {
  /// S3 holds all notifications in one configuration, in which what is not mentioned is off.
  static let notifications = BucketAspect(
    "NotificationConfiguration", read: "GetBucketNotificationConfiguration",
    absentValue: nothingNotified,
    decode: { output in
      let value = Dictionary(
        destinations.map { destination in
          (destination.list, Document.list(destination.registry(output[destination.apiList])))
        }, uniquingKeysWith: { $1 })
      let shown = Document.object(
        value.merging([
          "EventBridgeConfiguration": [
            "EventBridgeEnabled": .bool(output["EventBridgeConfiguration"]?.object != nil)
          ]
        ]) { $1 })
      if shown == nothingNotified { return nil }
      return shown
    },
    canonical: { value in
      destinations.reduce(value.defaulting(to: nothingNotified.object ?? [:])) {
        value, destination in
        value.changing(destination.list) { $0.changingEach(canonicalEntry).unordered }
      }
      .changing("EventBridgeConfiguration") { $0.defaulting(to: ["EventBridgeEnabled": true]) }
    },
    write: { value, change in
      var members = destinations.reduce(into: [String: Document]()) { members, destination in
        members[destination.apiList] = Document.list(destination.api(value)).nonEmpty
      }
      if value["EventBridgeConfiguration"]?["EventBridgeEnabled"] == true {
        members["EventBridgeConfiguration"] = [:]
      }
      return [putNotifications(.object(members), change)]
    },
    reset: { change in [putNotifications([:], change)] })

  private static let nothingNotified: Document = [
    "LambdaConfigurations": [], "QueueConfigurations": [], "TopicConfigurations": [],
    "EventBridgeConfiguration": ["EventBridgeEnabled": false],
  ]

  /// S3 tries each destination: one whose policy is a moment old is refused as `InvalidArgument`.
  private static func putNotifications(_ value: Document, _ change: BucketChange) -> Call {
    change.call(
      "PutBucketNotificationConfiguration", ["NotificationConfiguration": value],
      transientCodes: ["InvalidArgument"], patience: 60)
  }

  private static let destinations = [
    NotificationDestination(
      list: "LambdaConfigurations", member: "Function",
      apiList: "LambdaFunctionConfigurations", apiMember: "LambdaFunctionArn"),
    NotificationDestination(
      list: "QueueConfigurations", member: "Queue",
      apiList: "QueueConfigurations", apiMember: "QueueArn"),
    NotificationDestination(
      list: "TopicConfigurations", member: "Topic",
      apiList: "TopicConfigurations", apiMember: "TopicArn"),
  ]

  /// S3 answers `Prefix` for the `prefix` that it was given.
  private static func canonicalEntry(_ entry: Document) -> Document {
    entry.changing("Filter") { filter in
      filter.changing("S3Key") { key in
        key.changing("Rules") { rules in
          rules.changingEach { rule in
            rule.changing("Name") { $0.string.map { .string($0.lowercased()) } ?? $0 }
          }.unordered
        }
      }
    }.dropping(["Filter": ["S3Key": ["Rules": []]]])
  }
}

/// One of the three lists of notifications. The registry has one entry per event, S3 one per
/// destination with several events.
private struct NotificationDestination: Sendable {
  let list: String
  let member: String
  let apiList: String
  let apiMember: String

  func registry(_ configurations: Document?) -> [Document] {
    (configurations?.list ?? []).flatMap { configuration in
      let rules = configuration["Filter"]?["Key"]?["FilterRules"]?.nonEmpty
      return (configuration["Events"]?.list ?? []).map { event -> Document in
        .members([
          "Event": event, member: configuration[apiMember],
          "Filter": rules.map { ["S3Key": ["Rules": $0]] },
        ])
      }
    }
  }

  func api(_ value: Document) -> [Document] {
    (value[list]?.list ?? []).map { entry -> Document in
      .members([
        "Events": entry["Event"].map { .list([$0]) }, apiMember: entry[member],
        "Filter": entry["Filter"]?["S3Key"]?["Rules"].map { ["Key": ["FilterRules": $0]] },
      ])
    }
  }
}
