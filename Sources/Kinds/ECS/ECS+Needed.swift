import TrueupCore

extension Cluster {
  /// Source: ECS API, DescribeClusters.
  var needed: [NeededRead] { [NeededRead("ecs", "DescribeClusters", named: 100)] }
}

extension ClusterCapacityProviderAssociations {
  var needed: [NeededRead] { [NeededRead("ecs", "DescribeClusters", named: 100, of: "Cluster")] }
}

extension Service {
  /// Source: ECS API, DescribeServices: ten of one cluster.
  var needed: [NeededRead] {
    [
      NeededRead("ecs", "DescribeServices", named: 10, in: "Cluster"),
      NeededRead(ServiceCount.read, for: ["DesiredCount"]),
    ]
  }
}

extension TaskDefinition {
  var needed: [NeededRead] {
    [
      NeededRead(Read(Call("ecs", "ListTaskDefinitions", [:]), pageSize: 100)),
      NeededRead("ecs", "DescribeTaskDefinition", named: 1),
    ]
  }
}
