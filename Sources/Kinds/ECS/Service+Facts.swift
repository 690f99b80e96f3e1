import Document
import TrueupCore

/// What is true of services.
extension Service {
  static let properties: PropertyTable = [
    "/Cluster": .refers(to: "AWS::ECS::Cluster"),
    "/TaskDefinition": .refers(to: "AWS::ECS::TaskDefinition").notResettable(
      "a service has one at all times"),
    "/DesiredCount": .notResettable("how many tasks run is then nobody's, or the scaling's"),
    "/LaunchType": .notResettable("a service keeps what it was launched with"),
    "/NetworkConfiguration": .notResettable(
      "a service whose tasks have interfaces of their own needs it"),
    "/NetworkConfiguration/AwsvpcConfiguration/Subnets": .set,
    "/NetworkConfiguration/AwsvpcConfiguration/SecurityGroups": .set.security,
    "/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp": .defaultsTo("DISABLED").security,
    "/LoadBalancers": .set.losing(.members),
    "/ServiceRegistries": .set.losing(.members),
    "/VpcLatticeConfigurations": .keyed("PortName", "TargetGroupArn").losing(.members),
    "/PlacementConstraints": .set,
    "/CapacityProviderStrategy": .keyed("CapacityProvider"),
    // Source: ECS API, CreateService, CapacityProviderStrategyItem, DeploymentConfiguration and
    // DeploymentController.
    "/CapacityProviderStrategy/*/Base": .defaultsTo(0),
    "/CapacityProviderStrategy/*/Weight": .defaultsTo(0),
    "/AvailabilityZoneRebalancing": .defaultsTo("ENABLED"),
    "/DeploymentController/Type": .defaultsTo("ECS"),
    "/EnableECSManagedTags": .defaultsTo(false),
    "/EnableExecuteCommand": .defaultsTo(false).security,
    "/HealthCheckGracePeriodSeconds": .defaultsTo(0),
    "/SchedulingStrategy": .defaultsTo("REPLICA"),
    "/DeploymentConfiguration/Strategy": .defaultsTo("ROLLING"),
    "/DeploymentConfiguration/BakeTimeInMinutes": .defaultsTo(0),
    "/DeploymentConfiguration/DeploymentCircuitBreaker/Enable": .defaultsTo(false),
    "/DeploymentConfiguration/DeploymentCircuitBreaker/Rollback": .defaultsTo(false),
    "/DeploymentConfiguration/Alarms/AlarmNames": .set,
    "/DeploymentConfiguration/Alarms/Enable": .defaultsTo(false),
    "/DeploymentConfiguration/Alarms/Rollback": .defaultsTo(false),
    "/DeploymentConfiguration/LifecycleHooks": .keyed("HookTargetArn"),
    "/DeploymentConfiguration/LifecycleHooks/*/LifecycleStages": .set,
    "/DeploymentConfiguration/LifecycleHooks/*/HookDetails": .normal(.json),
    "/ServiceConnectConfiguration/Enabled": .defaultsTo(false),
    "/ServiceConnectConfiguration/Namespace": .notReadable(
      "ECS shows the ARN of the namespace, whatever name it was given"),
    "/ServiceConnectConfiguration/Services": .keyed("PortName"),
    "/ServiceConnectConfiguration/Services/*/ClientAliases": .keyed("Port"),
    "/ServiceConnectConfiguration/LogConfiguration/SecretOptions": .keyed("Name"),
    "/ServiceConnectConfiguration/LogConfiguration/Options/*": .normal(.scalarText),
    "/ServiceConnectConfiguration/AccessLogConfiguration/IncludeQueryParameters":
      .defaultsTo("DISABLED"),
    "/VolumeConfigurations": .keyed("Name"),
    "/VolumeConfigurations/*/ManagedEBSVolume/TagSpecifications": .keyed("ResourceType"),
    "/VolumeConfigurations/*/ManagedEBSVolume/TagSpecifications/*/Tags": .keyed("Key"),
    "/ForceNewDeployment": .notReadable("it starts a deployment, and ECS keeps nothing of it"),
  ]

  /// One form for names and ARNs. A family without a revision and the latest version of the platform ask for
  /// nothing that could be another: what is newest moves by itself.
  /// Source: ECS API, CreateService.
  @Sendable static func canonical(_ properties: Document) -> Document {
    guard var members = properties.object else { return properties }
    members["Cluster"] = ECS.clusterName(members["Cluster"] ?? "default")
    members["Role"] = ECS.name(members["Role"], after: ":role/")
    members["TaskDefinition"] =
      members["TaskDefinition"]?.string.map {
        .string($0.lastPart)
      } ?? members["TaskDefinition"]
    if members["TaskDefinition"]?.string?.contains(":") == false { members["TaskDefinition"] = nil }
    if members["PlatformVersion"] == "LATEST" { members["PlatformVersion"] = nil }
    return .object(members)
  }

  /// A launch type becomes another one only by way of capacity providers.
  /// Source: ECS API, UpdateService.
  @Sendable static func replaces(
    _ path: PropertyPath, _ desired: Document, _ observed: Document
  ) -> Bool { path == "/LaunchType" }
}
