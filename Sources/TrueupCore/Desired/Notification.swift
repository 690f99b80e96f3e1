/// Who is told of drift and deployments: `notify` in `fleet.jsonc`.
public struct NotificationSettings: Hashable, Sendable {
  public var destinations: [NotificationDestination]
  /// The hour of the day (UTC) from which the daily digest is due; `nil` for none.
  public var digestHour: Int?
  /// The directory that relative paths of secret files begin at: that of `fleet.jsonc`.
  public var directory: String

  public init(destinations: [NotificationDestination], digestHour: Int?, directory: String) {
    self.destinations = destinations
    self.digestHour = digestHour
    self.directory = directory
  }
}

/// One place that messages go to.
public struct NotificationDestination: Hashable, Sendable {
  public enum Service: Hashable, Sendable {
    /// Slack, "Sending messages using incoming webhooks": the URL is the secret, and decides the
    /// channel.
    case slackWebhook(url: SecretSource)
    /// Slack Web API, `chat.postMessage`, at `api`.
    case slackBot(token: SecretSource, channel: String, api: String)
    /// Any HTTP service that takes JSON; what is sent is signed with the secret.
    case webhook(url: SecretSource, secret: SecretSource)
  }

  /// The name under which the journal keeps what waits for the destination.
  public var name: String
  public var service: Service
  /// The clients that the destination hears about; `nil` for all.
  public var clients: Set<String>?

  public init(name: String, service: Service, clients: Set<String>? = nil) {
    self.name = name
    self.service = service
    self.clients = clients
  }

  /// Whether a client's news go there; news of a stack that no manifest declares (`nil`) go only to
  /// those who hear about all clients.
  public func hears(about client: String?) -> Bool {
    guard let clients else { return true }
    return client.map(clients.contains) ?? false
  }
}
