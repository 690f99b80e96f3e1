/// Spaces the calls of one account, so that AWS has no cause to throttle them: a token bucket per region
/// and API, or group of APIs where AWS counts them together. A bucket learns: a throttled call slows it
/// and empties it, calls that go through raise its rate again, little by little, to what AWS publishes;
/// where AWS publishes nothing, beyond what it was at first, as long as calls have to wait. Calls that
/// wait already go by what was learned.
///
/// Source: "adaptive" retry mode in the AWS SDKs and Tools Reference Guide, whose rate is by client;
/// AWS's limits are by account, region and API.
public actor Pacer {
  fileprivate struct Key: Hashable {
    var region: String
    var service: String
    var bucket: String
  }

  private struct Bucket {
    /// Calls per second now, and at first.
    var rate: Double
    let fullRate: Double
    /// Calls that it takes at once when full.
    let burst: Double
    let isPublished: Bool
    /// Calls that asked to be sent so far, and how many of them may be, in the order of their asking.
    var asked = 0.0
    var granted: Double
    /// Seconds since 1970.
    var filledAt: Double
    var slowedAt = -Double.infinity
    /// The rate at which a call was throttled last.
    var tooFast = Double.infinity

    mutating func fill(at time: Double) {
      let capacity = max(rate / fullRate * burst, 1)
      granted = min(granted + max(time - filledAt, 0) * rate, asked + capacity)
      filledAt = max(filledAt, time)
    }
  }

  /// A call's place in the queue of its bucket.
  struct Ticket: Sendable {
    fileprivate var key: Key
    fileprivate var number: Double
  }

  /// The share of AWS's rate that is used, and the seconds by which some calls are longer on their way
  /// than others: they do not arrive as evenly as they are sent.
  private static let share = 0.98
  private static let jitter = 0.1
  /// The least rate that throttling leads to, in calls per second.
  private static let floor = 0.25
  /// What a throttled call leaves of the rate. Calls that are on their way together are throttled
  /// together, and slow the bucket once: seconds.
  private static let slowed = 0.7
  private static let together = 0.5
  /// By which share each call that goes through raises the rate: by less near the rate that was too
  /// fast, so that the same limit is not run into again soon.
  private static let recovery = 0.03
  private static let near = 0.9...1.1
  private static let nearRecovery = 0.005

  /// Seconds after which a call that waits does well to ask again: the rate may have risen.
  static let nap = 1.0

  private var buckets: [Key: Bucket] = [:]

  public init() {}

  /// Takes a place in the queue of such calls.
  ///
  /// - Parameter time: seconds since 1970.
  func ticket(
    _ rule: PacingRule, service: String, region: String, at time: Double
  ) -> Ticket {
    let key = Key(region: region, service: service, bucket: rule.bucket)
    let rate = rule.refill * Self.share
    let burst = rule.capacity - rule.refill * Self.jitter
    var bucket =
      buckets[key]
      ?? Bucket(
        rate: rate, fullRate: rate, burst: burst, isPublished: rule.isPublished, granted: burst,
        filledAt: time)
    bucket.fill(at: time)
    bucket.asked += 1
    buckets[key] = bucket
    return Ticket(key: key, number: bucket.asked)
  }

  /// The seconds until a call's turn, as the rate is now; 0 where it may be sent.
  func wait(for ticket: Ticket, at time: Double) -> Double {
    buckets[ticket.key]?.fill(at: time)
    guard let bucket = buckets[ticket.key] else { return 0 }
    let missing = ticket.number - bucket.granted
    // What is lost in rounding, of seconds since 1970 too, is no reason to wait.
    return missing > 1e-3 ? missing / bucket.rate : 0
  }

  /// Learns how AWS took a call.
  func note(_ ticket: Ticket, wasThrottled: Bool, at time: Double) {
    guard var bucket = buckets[ticket.key] else { return }
    bucket.fill(at: time)
    if wasThrottled {
      if time - bucket.slowedAt < Self.together { return }
      bucket.slowedAt = time
      bucket.tooFast = bucket.rate
      bucket.rate = max(bucket.rate * Self.slowed, Self.floor)
      bucket.granted = min(bucket.granted, bucket.asked)
    } else {
      let isNear = Self.near.contains(bucket.rate / bucket.tooFast)
      let raised = bucket.rate * (1 + (isNear ? Self.nearRecovery : Self.recovery))
      let isInDemand = bucket.asked > bucket.granted
      let ceiling = bucket.isPublished || !isInDemand ? bucket.fullRate : .infinity
      bucket.rate = max(bucket.rate, min(raised, ceiling))
    }
    buckets[ticket.key] = bucket
  }
}
