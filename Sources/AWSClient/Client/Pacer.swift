/// Spaces the calls of one account, so that AWS has no cause to throttle them: a token bucket per
/// region, service and kind of call. A bucket learns: a throttled call halves its rate and empties it,
/// calls that go through raise it again, little by little, to what it was at first.
///
/// Source: "adaptive" retry mode in the AWS SDKs and Tools Reference Guide, whose rate is by client;
/// AWS's limits are by account, region and service.
public actor Pacer {
  private struct Key: Hashable {
    var region: String
    var service: String
    var bucket: String
  }

  private struct Bucket {
    /// Calls per second now, and at first.
    var rate: Double
    let fullRate: Double
    /// Negative while calls wait.
    var tokens: Double
    /// Seconds since 1970.
    var filledAt: Double
    var slowedAt = -Double.infinity

    /// Calls that it takes at once when full.
    let burst: Double

    var capacity: Double { max(rate / fullRate * burst, 1) }

    mutating func fill(at time: Double) {
      tokens = min(capacity, tokens + max(time - filledAt, 0) * rate)
      filledAt = max(filledAt, time)
    }
  }

  /// The share of AWS's rate that is used: calls do not arrive as evenly as they are sent.
  private static let share = 0.95
  /// The least rate that throttling leads to, in calls per second.
  private static let floor = 0.25
  /// Calls that are on their way together are throttled together, and slow the bucket once: seconds.
  private static let burst = 0.5
  /// The share of the full rate that each call which goes through gives back.
  private static let recovery = 0.02

  private var buckets: [Key: Bucket] = [:]

  public init() {}

  /// Takes a place in the queue of such calls.
  ///
  /// - Parameter time: seconds since 1970.
  /// - Returns: the seconds to wait before the call; 0 where it may be sent at once.
  func reserve(
    service: String, operation: String, isRead: Bool, region: String, at time: Double
  ) -> Double {
    let rule = PacingRule.rule(service: service, operation: operation, isRead: isRead)
    let key = Key(region: region, service: service, bucket: rule.bucket)
    let rate = rule.rate * Self.share
    let burst = rule.burst * Self.share
    var bucket =
      buckets[key]
      ?? Bucket(
        rate: rate, fullRate: rate, tokens: burst, filledAt: time, burst: burst)
    bucket.fill(at: time)
    bucket.tokens -= 1
    buckets[key] = bucket
    return bucket.tokens >= 0 ? 0 : -bucket.tokens / bucket.rate
  }

  /// Learns how AWS took a call.
  func note(
    service: String, operation: String, isRead: Bool, region: String, wasThrottled: Bool,
    at time: Double
  ) {
    let rule = PacingRule.rule(service: service, operation: operation, isRead: isRead)
    let key = Key(region: region, service: service, bucket: rule.bucket)
    guard var bucket = buckets[key] else { return }
    bucket.fill(at: time)
    if wasThrottled {
      if time - bucket.slowedAt < Self.burst { return }
      bucket.slowedAt = time
      bucket.rate = max(bucket.rate / 2, Self.floor)
      bucket.tokens = min(bucket.tokens, 0)
    } else {
      bucket.rate = min(bucket.rate + bucket.fullRate * Self.recovery, bucket.fullRate)
    }
    buckets[key] = bucket
  }
}
