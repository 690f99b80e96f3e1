import Document
import TrueupCore

/// The call that updates a service, and what it starts.
struct ServiceUpdate {
  let step: Step

  init(_ step: Step) { self.step = step }

  /// What starts a deployment. A change of capacity providers does, because it is forced to.
  /// Source: ECS API, UpdateService.
  static let deploying: Set<String> = [
    "TaskDefinition", "CapacityProviderStrategy", "LaunchType", "LoadBalancers",
    "NetworkConfiguration", "PlatformVersion", "ServiceConnectConfiguration", "ServiceRegistries",
    "VolumeConfigurations", "VpcLatticeConfigurations",
  ]

  /// A person asks for a deployment, whatever is live.
  var isForced: Bool {
    step.answer == .again
      || step.changes("ForceNewDeployment")
        && step.desired["ForceNewDeployment"]?["EnableForceNewDeployment"] == true
  }

  var deploys: Bool { isForced || !step.changed.isDisjoint(with: Self.deploying) }

  /// What a service has for which nobody declares it. Source: ECS API, CreateService and UpdateService.
  private static let initial: [String: Document] = [
    "AvailabilityZoneRebalancing": "ENABLED", "CapacityProviderStrategy": [],
    "DeploymentController": ["Type": "ECS"], "EnableECSManagedTags": false,
    "EnableExecuteCommand": false, "HealthCheckGracePeriodSeconds": 0, "LoadBalancers": [],
    "PlacementConstraints": [], "PlacementStrategies": [], "PlatformVersion": "LATEST",
    "PropagateTags": "NONE", "ServiceConnectConfiguration": ["Enabled": false],
    "ServiceRegistries": [], "VolumeConfigurations": [], "VpcLatticeConfigurations": [],
  ]
  private static let initialDeployment: [String: Document] = [
    "MaximumPercent": 200, "MinimumHealthyPercent": 100, "Strategy": "ROLLING",
    "BakeTimeInMinutes": 0, "LifecycleHooks": [],
    "DeploymentCircuitBreaker": ["Enable": false, "Rollback": false],
    "Alarms": ["AlarmNames": [], "Enable": false, "Rollback": false],
  ]

  func call(_ id: String) -> Call {
    var wanted: [String: Document?] = [:]
    for property in Service.written where step.changed.contains(property) {
      let value: Document? = step.desired[property] ?? Self.initial[property]
      wanted[property] = .some(value)
    }
    if step.changes("DeploymentConfiguration") {
      wanted["DeploymentConfiguration"] = deploymentConfiguration
    }
    if step.changes("LaunchType") {
      // What was launched by capacity providers goes back to its launch type.
      wanted["LaunchType"] = .some(nil)
      if step.desired["CapacityProviderStrategy"] == nil { wanted["CapacityProviderStrategy"] = [] }
    }
    // An update that leaves them out loses them.
    if let volumes = step.desired["VolumeConfigurations"] {
      wanted["VolumeConfigurations"] = volumes
    }
    var input = ECSForm.write(.members(wanted), Service.written)
    input["cluster"] = Service.cluster(of: id, step.shown)
    input["service"] = .string(id)
    if isForced || wanted["CapacityProviderStrategy"] ?? nil != nil {
      input["forceNewDeployment"] = true
    }
    return Call(
      "ecs", "UpdateService", .members(input),
      transientMessages: [
        "InvalidParameterException": ECS.newRoles.union([
          "does not have an associated load balancer"
        ])
      ], patience: 300)
  }

  /// What was applied and is declared no longer is as in a new service.
  private var deploymentConfiguration: Document {
    let desired = step.desired["DeploymentConfiguration"] ?? [:]
    let applied = step.applied?["DeploymentConfiguration"]?.object ?? [:]
    let gone = Self.initialDeployment.filter { applied[$0.key] != nil && desired[$0.key] == nil }
    return .object(gone).merging(desired)
  }
}
