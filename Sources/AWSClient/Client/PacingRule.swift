/// How many calls of a kind AWS takes: what a bucket holds at first, and what it gains per second.
///
/// The rates are AWS's published ones where it publishes them, else those commonly seen; they are the
/// start, and a pacer learns from there. A bucket holds no more than a second's worth where AWS's own
/// is not known to hold more, so that it is never AWS's that runs dry first.
/// Sources: "Request throttling for the Amazon EC2 API"; the quota pages of Elastic Load Balancing,
/// Route 53, IAM, CloudWatch, CloudWatch Logs, Systems Manager, KMS, SNS, Lambda and CloudTrail.
struct PacingRule: Hashable, Sendable {
  /// Calls of one bucket count together: an operation's name, or what a group of them shares.
  var bucket: String
  /// Calls per second.
  var rate: Double
  /// Calls that a full bucket takes at once.
  var burst: Double

  init(bucket: String, rate: Double, burst: Double? = nil) {
    self.bucket = bucket
    self.rate = rate
    self.burst = burst ?? rate
  }

  /// The rule for a call.
  static func rule(service: String, operation: String, isRead: Bool) -> PacingRule {
    if let rate = operations[service]?[operation] {
      return PacingRule(bucket: operation, rate: rate.rate, burst: rate.burst)
    }
    let limits = services[service] ?? unknown
    let rate = isRead ? limits.reads : limits.writes
    if limits.isShared { return PacingRule(bucket: "all", rate: rate) }
    if isRead { return PacingRule(bucket: "reads", rate: rate) }
    return PacingRule(
      bucket: limits.writesByOperation ? operation : "writes", rate: rate,
      burst: rate * limits.writeSeconds)
  }

  private struct Limits {
    var reads: Double
    var writes: Double
    /// Reads and writes draw from one bucket.
    var isShared = false
    /// Each operation that changes something has a bucket of its own.
    var writesByOperation = false
    /// Seconds' worth of calls that change something which a full bucket takes at once.
    var writeSeconds = 1.0
  }

  private static let unknown = Limits(reads: 50, writes: 20)

  private static let services: [String: Limits] = [
    "ec2": Limits(reads: 20, writes: 5, writesByOperation: true, writeSeconds: 5),
    "elbv2": Limits(reads: 10, writes: 3),
    "route53": Limits(reads: 5, writes: 5, isShared: true),
    "iam": Limits(reads: 15, writes: 5, writesByOperation: true, writeSeconds: 3),
    "cloudwatch": Limits(reads: 9, writes: 3, writesByOperation: true),
    "logs": Limits(reads: 10, writes: 5, writesByOperation: true),
    "ssm": Limits(reads: 40, writes: 3),
    "kms": Limits(reads: 50, writes: 5, writesByOperation: true),
    "secretsmanager": Limits(reads: 50, writes: 50),
    "sns": Limits(reads: 30, writes: 30),
    "sqs": Limits(reads: 50, writes: 50),
    "s3": Limits(reads: 100, writes: 50),
    "lambda": Limits(reads: 15, writes: 15, isShared: true),
    "acm": Limits(reads: 8, writes: 5),
    "cloudfront": Limits(reads: 10, writes: 5),
    "application-autoscaling": Limits(reads: 5, writes: 5),
    "events": Limits(reads: 50, writes: 5),
    "ecs": Limits(reads: 20, writes: 10),
    "rds": Limits(reads: 20, writes: 5),
    "elasticache": Limits(reads: 20, writes: 5),
    "cloudtrail": Limits(reads: 10, writes: 5),
    "resourcegroupstaggingapi": Limits(reads: 15, writes: 5),
    "budgets": Limits(reads: 5, writes: 2),
    "service-quotas": Limits(reads: 10, writes: 2),
  ]

  /// Operations with a bucket of their own.
  private static let operations: [String: [String: (rate: Double, burst: Double)]] = [
    "ec2": [
      "CreateVpcEndpoint": (1, 6), "CreateNatGateway": (1, 10), "CreateFlowLogs": (1, 10),
    ],
    "ssm": ["DescribeParameters": (5, 5)],
    "cloudtrail": ["LookupEvents": (2, 2)],
    "lambda": ["GetFunction": (100, 100)],
  ]
}
