/// How many calls AWS takes: a token bucket, and which APIs draw from it.
///
/// Source: "Request throttling for the Amazon EC2 API" in the Amazon EC2 Developer Guide, by which each API
/// has a bucket of its own; the quota pages of the other services.
struct PacingRule: Hashable, Sendable {
  /// APIs of one bucket count together: an operation's name, or what a group of them shares.
  var bucket: String
  /// Calls that a full bucket takes at once.
  var capacity: Double
  /// Calls per second that it gains.
  var refill: Double
  /// Whether AWS publishes it. Else it is where a pacer starts to learn.
  var isPublished: Bool

  /// The rule for a call.
  ///
  /// - Parameter isBounded: it names, filters or pages what it reads.
  static func rule(
    service: String, operation: String, isRead: Bool, isBounded: Bool
  ) -> PacingRule {
    if service == "ec2", !isBounded, PublishedRate.unboundedOperations.contains(operation) {
      return PacingRule("\(operation) of everything", PublishedRate.unbounded)
    }
    if let rate = PublishedRate.operations[service]?[operation] {
      return PacingRule(operation, rate)
    }
    if let group = PublishedRate.groups[service]?.first(where: { $0.contains(operation) }) {
      return PacingRule(group.name, group.rate)
    }
    if service == "ec2" {
      return PacingRule(operation, isRead ? PublishedRate.nonMutating : PublishedRate.mutating)
    }
    return PacingRule(
      bucket: operation, capacity: unknown, refill: unknown, isPublished: false)
  }

  /// Where AWS publishes nothing: calls at once, and per second.
  private static let unknown = 20.0
}

extension PacingRule {
  fileprivate init(_ bucket: String, _ rate: PublishedRate) {
    self.init(bucket: bucket, capacity: rate.capacity, refill: rate.refill, isPublished: true)
  }
}
