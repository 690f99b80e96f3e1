import Document
import TrueupCore

/// What the kinds of Application Auto Scaling share.
enum Scaling {
  /// Source: Application Auto Scaling API, ServiceNamespace.
  static let namespaces = [
    "appstream", "cassandra", "comprehend", "custom-resource", "dynamodb", "ec2", "ecs",
    "elasticache", "elasticmapreduce", "kafka", "lambda", "neptune", "rds", "sagemaker",
    "workspaces",
  ]

  /// What names a target.
  static let keys = ["ServiceNamespace", "ResourceId", "ScalableDimension"]

  static let notFound: Set<String> = ["ObjectNotFoundException"]

  /// The targets of a namespace: all of them, fifty a page.
  static func targets(_ namespace: String) -> Read {
    read("DescribeScalableTargets", namespace, pageSize: 50)
  }

  /// Ten a page. Source: Application Auto Scaling API, DescribeScalingPolicies.
  static func policies(_ namespace: String) -> Read {
    read("DescribeScalingPolicies", namespace, pageSize: 10)
  }

  static func scheduledActions(_ namespace: String) -> Read {
    read("DescribeScheduledActions", namespace, pageSize: 50)
  }

  private static func read(_ operation: String, _ namespace: String, pageSize: Int) -> Read {
    Read(
      Call(
        "application-autoscaling", operation, ["ServiceNamespace": .string(namespace)]),
      pageSize: pageSize, isEssential: true)
  }

  /// As the registry composes it, and `Ref` returns it: `service/a/b|ecs:service:DesiredCount|ecs`.
  static func id(_ item: Document) -> String? {
    let parts = [item["ResourceId"], item["ScalableDimension"], item["ServiceNamespace"]]
      .compactMap { $0?.string }
    return parts.count == 3 ? parts.joined(separator: "|") : nil
  }

  /// The members that name the target of an id.
  static func target(_ id: String) -> [String: Document?]? {
    let parts = id.split(separator: "|").map { Document.string(String($0)) }
    guard parts.count == 3 else { return nil }
    return [
      "ResourceId": parts[0], "ScalableDimension": parts[1], "ServiceNamespace": parts[2],
    ]
  }

  static func call(
    _ operation: String, _ input: [String: Document?], absent: Set<String> = [],
    transient: Set<String> = []
  ) -> Call {
    Call(
      "application-autoscaling", operation, .members(input), absentCodes: absent,
      transientCodes: transient.union(["ConcurrentUpdateException"]), patience: 120)
  }
}
