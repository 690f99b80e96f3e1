import Foundation
import TrueupCore

/// `notify` of `fleet.jsonc`: `{ "digestHour": 8, "destinations": { NAME: … } }`.
extension NotificationSettings {
  private static let digestHour = 8
  private static let slackAPI = "https://slack.com/api"

  /// The settings, `nil` where there are none, and the clients that they name.
  static func read(
    _ fleet: ObjectReader
  ) -> (settings: NotificationSettings?, clients: [Located<String>]) {
    guard let node = fleet["notify"],
      let notify = ObjectReader(
        node, in: fleet.file, as: "\"notify\"", allowed: ObjectSchema.notify.names,
        log: fleet.log)
    else { return (nil, []) }
    var hour: Int? = digestHour
    if let given = notify["digestHour"] {
      hour = given.document.isNull ? nil : notify.count("digestHour")
      if let number = hour, number > 23 {
        notify.error("\"digestHour\" must be from 0 to 23 (UTC), or null", at: given.position)
      }
    }
    var named: [Located<String>] = []
    var destinations: [NotificationDestination] = []
    for member in notify.object("destinations") {
      guard
        let reader = ObjectReader(
          member.value, in: notify.file, as: "destination \(member.key.quoted)",
          allowed: ObjectSchema.destination.names, log: notify.log),
        let service = service(reader)
      else { continue }
      let clients = reader["clients"] == nil ? nil : reader.strings("clients")
      named += clients ?? []
      destinations.append(
        NotificationDestination(
          name: member.key, service: service, clients: clients.map { Set($0.map(\.value)) }))
    }
    let settings = NotificationSettings(
      destinations: destinations, digestHour: hour,
      directory: (fleet.file as NSString).deletingLastPathComponent)
    return (settings, named)
  }

  private static func service(_ reader: ObjectReader) -> NotificationDestination.Service? {
    switch (reader["slack"], reader["webhook"]) {
    case (let node?, nil):
      return ObjectReader(
        node, in: reader.file, as: "\"slack\" of \(reader.subject)",
        allowed: ObjectSchema.slack.names, log: reader.log
      ).flatMap(slack)
    case (nil, let node?):
      return ObjectReader(
        node, in: reader.file, as: "\"webhook\" of \(reader.subject)",
        allowed: ObjectSchema.webhook.names,
        log: reader.log
      ).flatMap(webhook)
    default:
      reader.error(
        "\(reader.subject) needs either \"slack\" or \"webhook\"", at: reader.position)
      return nil
    }
  }

  private static func slack(_ reader: ObjectReader) -> NotificationDestination.Service? {
    switch (reader["webhook"] != nil, reader["token"] != nil) {
    case (true, false):
      for other in ["channel", "api"] {
        guard let node = reader[other] else { continue }
        reader.error(
          "an incoming webhook decides the channel by itself; \(other.quoted) belongs to a "
            + "\"token\"", at: node.position)
      }
      return source("webhook", reader).map { .slackWebhook(url: $0) }
    case (false, true):
      guard let token = source("token", reader),
        let channel = reader.string("channel", required: true)
      else { return nil }
      return .slackBot(
        token: token, channel: channel.value, api: reader.string("api")?.value ?? slackAPI)
    default:
      reader.error(
        "\(reader.subject) needs either \"webhook\", or \"token\" and \"channel\"",
        at: reader.position)
      return nil
    }
  }

  private static func webhook(_ reader: ObjectReader) -> NotificationDestination.Service? {
    guard let url = source("url", reader), let secret = source("secret", reader) else { return nil }
    return .webhook(url: url, secret: secret)
  }

  /// Where a secret is read from: never the secret itself, which does not belong into git.
  private static func source(_ key: String, _ reader: ObjectReader) -> SecretSource? {
    let example = "{ \"env\": VARIABLE } or { \"file\": PATH }"
    guard let node = reader[key] else {
      reader.error("\(reader.subject) needs \(key.quoted): \(example)", at: reader.position)
      return nil
    }
    guard node.members?.count == 1,
      let source = ObjectReader(
        node, in: reader.file, as: "\(key.quoted) of \(reader.subject)",
        allowed: ObjectSchema.secretPlace.names,
        log: reader.log)
    else {
      reader.error(
        "\(key.quoted) of \(reader.subject) is a secret, and must say where it is read from: "
          + example, at: node.position)
      return nil
    }
    if let variable = source.string("env") { return .environment(variable: variable.value) }
    return source.string("file").map { .file(path: $0.value) }
  }
}
