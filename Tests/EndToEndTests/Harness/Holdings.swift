/// Everything that the endpoint holds, as its lists show it: to see what a run left behind, and what it left
/// alone.
struct Holdings: Equatable {
  private typealias List = (
    service: String, operation: String, params: [String: Any], find: String
  )

  /// Lists of the services of a whole client: operation, parameters, and where the items are.
  private static var lists: [List] {
    [
      ("acm", "list_certificates", [:], "CertificateSummaryList[]"),
      (
        "application-autoscaling", "describe_scalable_targets", ["ServiceNamespace": "ecs"],
        "ScalableTargets[]"
      ),
      (
        "application-autoscaling", "describe_scaling_policies", ["ServiceNamespace": "ecs"],
        "ScalingPolicies[]"
      ),
      ("cloudwatch", "describe_alarms", [:], "MetricAlarms[]"),
      ("cloudwatch", "list_dashboards", [:], "DashboardEntries[]"),
      ("ec2", "describe_addresses", [:], "Addresses[]"),
      ("ec2", "describe_internet_gateways", [:], "InternetGateways[]"),
      (
        "ec2", "describe_nat_gateways", ["Filter": [["Name": "state", "Values": ["available"]]]],
        "NatGateways[]"
      ),
      ("ec2", "describe_route_tables", [:], "RouteTables[]"),
      ("ec2", "describe_security_groups", [:], "SecurityGroups[]"),
      ("ec2", "describe_subnets", [:], "Subnets[]"),
      ("ec2", "describe_vpcs", [:], "Vpcs[]"),
      ("ecr", "describe_repositories", [:], "repositories[]"),
      ("ecs", "list_clusters", [:], "clusterArns[]"),
      ("ecs", "list_task_definitions", ["status": "ACTIVE"], "taskDefinitionArns[]"),
      ("elasticache", "describe_cache_parameter_groups", [:], "CacheParameterGroups[]"),
      ("elasticache", "describe_cache_subnet_groups", [:], "CacheSubnetGroups[]"),
      ("elasticache", "describe_replication_groups", [:], "ReplicationGroups[]"),
      ("elbv2", "describe_load_balancers", [:], "LoadBalancers[]"),
      ("elbv2", "describe_target_groups", [:], "TargetGroups[]"),
      ("events", "list_api_destinations", [:], "ApiDestinations[]"),
      ("events", "list_connections", [:], "Connections[]"),
      ("events", "list_rules", [:], "Rules[]"),
      ("iam", "get_account_authorization_details", ["Filter": ["Role"]], "RoleDetailList[]"),
      ("iam", "list_open_id_connect_providers", [:], "OpenIDConnectProviderList[]"),
      ("kms", "list_aliases", [:], "Aliases[]"),
      ("logs", "describe_log_groups", [:], "logGroups[]"),
      ("route53", "list_hosted_zones", [:], "HostedZones[]"),
      ("s3", "list_buckets", [:], "Buckets[]"),
      ("secretsmanager", "list_secrets", [:], "SecretList[]"),
      ("sns", "list_subscriptions", [:], "Subscriptions[]"),
      ("sns", "list_topics", [:], "Topics[]"),
      ("ssm", "describe_parameters", [:], "Parameters[]"),
    ]
  }

  /// The items as JSON, by operation.
  var items: [String: Set<String>] = [:]

  init(of endpoint: Endpoint) throws {
    for list in Self.lists {
      let found = try endpoint.aws(
        list.service, list.operation, list.params, find: ["items": list.find])
      items["\(list.service) \(list.operation)"] = Set(found["items"].array.map(\.description))
    }
    let zones = try endpoint.aws("route53", "list_hosted_zones")["HostedZones"].array
    for zone in zones.compactMap({ $0["Id"].string }) {
      let records = try endpoint.aws(
        "route53", "list_resource_record_sets", ["HostedZoneId": zone])
      items["records of \(zone)"] = Set(
        records["ResourceRecordSets"].array.map(\.description))
    }
  }

  /// What one has and the other has not, a line each.
  func differences(from other: Holdings) -> [String] {
    Set(items.keys).union(other.items.keys).sorted().flatMap { list in
      let (now, then) = (items[list] ?? [], other.items[list] ?? [])
      return now.subtracting(then).sorted().map { "+ \(list): \($0)" }
        + then.subtracting(now).sorted().map { "- \(list): \($0)" }
    }
  }
}
