/// A request limit that AWS publishes, of an account and region.
struct PublishedRate: Hashable, Sendable {
  /// Calls that a full bucket takes at once.
  var capacity: Double
  /// Calls per second that it gains.
  var refill: Double

  init(_ capacity: Double, _ refill: Double) {
    self.capacity = capacity
    self.refill = refill
  }

  /// A quota in calls per second, without a burst beyond it.
  init(perSecond rate: Double) { self.init(rate, rate) }

  /// APIs that draw from one bucket.
  struct Group: Hashable, Sendable {
    var name: String
    var rate: PublishedRate
    /// What their names begin with.
    var prefixes: [String]

    func contains(_ operation: String) -> Bool { prefixes.contains(where: operation.hasPrefix) }
  }

  // MARK: EC2

  /// `Describe*`, `Get*`, … of EC2, each by itself.
  static let nonMutating = PublishedRate(100, 20)
  /// What changes something in EC2, each API by itself.
  static let mutating = PublishedRate(50, 5)
  /// Reads of EC2 that take from a smaller bucket where they name neither filters nor a page size.
  static let unbounded = PublishedRate(50, 10)
  static let unboundedOperations: Set<String> = [
    "DescribeInstances", "DescribeInstanceStatus", "DescribeNetworkInterfaces",
    "DescribeSecurityGroups", "DescribeSnapshots", "DescribeSpotInstanceRequests",
    "DescribeVolumes",
  ]

  // MARK: Tables

  /// APIs with a bucket of their own, by service.
  /// Sources: EC2 Developer Guide, "Request throttling"; ACM User Guide, "Quotas"; KMS Developer Guide, "Request quotas"; "CloudWatch
  /// service quotas"; "CloudWatch Logs quotas"; AWS General Reference, endpoints and quotas of Amazon SNS, AWS
  /// Secrets Manager, AWS Lambda and AWS CloudTrail.
  static let operations: [String: [String: PublishedRate]] = [
    "ec2": [
      "CreateTags": PublishedRate(100, 10), "DeleteTags": PublishedRate(100, 10),
      "CreateVpcEndpoint": PublishedRate(4, 0.3), "ModifyVpcEndpoint": PublishedRate(4, 0.3),
      "DeleteVpcEndpoints": PublishedRate(4, 0.3),
      "CreateNatGateway": PublishedRate(10, 1), "DeleteNatGateway": PublishedRate(10, 1),
      "AssociateNatGatewayAddress": PublishedRate(10, 1),
      "DisassociateNatGatewayAddress": PublishedRate(10, 1),
      "AssignPrivateNatGatewayAddress": PublishedRate(10, 1),
      "UnassignPrivateNatGatewayAddress": PublishedRate(10, 1),
    ],
    "acm": perSecond([
      5: [
        "AddTagsToCertificate", "RemoveTagsFromCertificate", "RequestCertificate",
        "UpdateCertificateOptions",
      ],
      8: ["ListCertificates"],
      10: ["DeleteCertificate", "DescribeCertificate", "ListTagsForCertificate"],
    ]),
    "cloudtrail": perSecond([
      2: ["LookupEvents"], 10: ["DescribeTrails", "GetTrailStatus"],
    ]),
    "cloudwatch": perSecond([
      3: ["PutMetricAlarm", "DeleteAlarms"], 9: ["DescribeAlarms"],
      10: ["ListDashboards", "GetDashboard", "PutDashboard", "DeleteDashboards"],
      20: ["TagResource", "UntagResource"],
    ]),
    "kms": perSecond([
      5: ["CreateKey", "CreateAlias"], 10: ["TagResource"],
      15: ["PutKeyPolicy", "DeleteAlias", "EnableKeyRotation", "ScheduleKeyDeletion"],
      500: ["ListAliases", "ListKeys", "ListResourceTags"],
      1000: ["GetKeyPolicy", "GetKeyRotationStatus"], 2000: ["DescribeKey"],
    ]),
    "lambda": perSecond([15: ["GetPolicy"], 100: ["GetFunction"]]),
    "logs": perSecond([
      5: ["DescribeMetricFilters", "ListTagsForResource", "GetDataProtectionPolicy"],
      10: ["DescribeLogGroups", "CreateLogGroup", "DeleteLogGroup", "PutRetentionPolicy"],
    ]),
    "secretsmanager": perSecond([100: ["BatchGetSecretValue", "ListSecrets"]]),
    "sns": perSecond([
      30: ["ListTopics", "ListSubscriptions"], 100: ["Subscribe", "SetSubscriptionAttributes"],
    ]),
  ]

  /// Buckets that several APIs share, by service, for what has none of its own.
  /// Sources: AWS General Reference, endpoints and quotas of Elastic Load Balancing, Amazon Route 53, AWS
  /// Lambda, AWS Systems Manager and AWS Secrets Manager; Amazon ECS API Reference, "Request throttling".
  static let groups: [String: [Group]] = [
    "ecs": [
      Group(
        name: "cluster reads", rate: PublishedRate(50, 20),
        prefixes: ["DescribeClusters", "ListClusters"]),
      Group(
        name: "service reads", rate: PublishedRate(100, 20),
        prefixes: ["DescribeServices", "ListServices"]),
      Group(
        name: "task definition writes", rate: PublishedRate(20, 1),
        prefixes: ["RegisterTaskDefinition", "DeregisterTaskDefinition"]),
    ],
    "elbv2": [Group(name: "reads", rate: PublishedRate(40, 10), prefixes: ["Describe"])],
    "lambda": [Group(name: "all", rate: PublishedRate(perSecond: 15), prefixes: [""])],
    "route53": [Group(name: "all", rate: PublishedRate(perSecond: 5), prefixes: [""])],
    "secretsmanager": [
      Group(
        name: "values", rate: PublishedRate(perSecond: 10_000),
        prefixes: ["DescribeSecret", "GetSecretValue"])
    ],
    "ssm": [
      Group(name: "values", rate: PublishedRate(perSecond: 40), prefixes: ["GetParameter"])
    ],
  ]

  private static func perSecond(_ rates: [Double: [String]]) -> [String: PublishedRate] {
    var table: [String: PublishedRate] = [:]
    for (rate, operations) in rates {
      for operation in operations { table[operation] = PublishedRate(perSecond: rate) }
    }
    return table
  }
}
