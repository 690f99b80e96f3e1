import Document
import TrueupCore

/// What is true of task definitions, their containers and their volumes.
extension TaskDefinition {
  static let properties: PropertyTable = [
    "/RequiresCompatibilities": .set,
    "/PlacementConstraints": .set,
    "/InferenceAccelerators": .keyed("DeviceName"),
    "/ProxyConfiguration/ProxyConfigurationProperties": .keyed("Name"),
    "/EnableFaultInjection": .defaultsTo(false),
    // Source: ECS API, RuntimePlatform.
    "/RuntimePlatform/CpuArchitecture": .defaultsTo("X86_64"),
    "/RuntimePlatform/OperatingSystemFamily": .defaultsTo("LINUX"),

    // Source: ECS API, ContainerDefinition and HealthCheck. The order of what is told apart by a name says
    // nothing; that of a command, of files and of servers does.
    "/ContainerDefinitions": .keyed("Name"),
    "/ContainerDefinitions/*/Environment": .keyed("Name"),
    "/ContainerDefinitions/*/Secrets": .keyed("Name"),
    "/ContainerDefinitions/*/PortMappings": .keyed(
      "ContainerPort", "ContainerPortRange", "Protocol"),
    "/ContainerDefinitions/*/PortMappings/*/HostPort": .defaultsTo(0),
    "/ContainerDefinitions/*/MountPoints": .set,
    "/ContainerDefinitions/*/MountPoints/*/ReadOnly": .defaultsTo(false),
    "/ContainerDefinitions/*/VolumesFrom": .set,
    "/ContainerDefinitions/*/VolumesFrom/*/ReadOnly": .defaultsTo(false),
    "/ContainerDefinitions/*/DependsOn": .keyed("ContainerName"),
    "/ContainerDefinitions/*/ExtraHosts": .set,
    "/ContainerDefinitions/*/Links": .set,
    "/ContainerDefinitions/*/CredentialSpecs": .set,
    "/ContainerDefinitions/*/DockerSecurityOptions": .set,
    "/ContainerDefinitions/*/ResourceRequirements": .keyed("Type"),
    "/ContainerDefinitions/*/SystemControls": .keyed("Namespace"),
    "/ContainerDefinitions/*/Ulimits": .keyed("Name"),
    "/ContainerDefinitions/*/RestartPolicy/IgnoredExitCodes": .set,
    "/ContainerDefinitions/*/LogConfiguration/SecretOptions": .keyed("Name"),
    "/ContainerDefinitions/*/LogConfiguration/Options/*": .normal(.scalarText),
    "/ContainerDefinitions/*/FirelensConfiguration/Options/*": .normal(.scalarText),
    "/ContainerDefinitions/*/DockerLabels/*": .normal(.scalarText),
    "/ContainerDefinitions/*/LinuxParameters/Capabilities/Add": .set,
    "/ContainerDefinitions/*/LinuxParameters/Capabilities/Drop": .set,
    "/ContainerDefinitions/*/LinuxParameters/Devices": .set,
    "/ContainerDefinitions/*/LinuxParameters/Devices/*/Permissions": .set,
    "/ContainerDefinitions/*/LinuxParameters/Tmpfs": .keyed("ContainerPath"),
    "/ContainerDefinitions/*/LinuxParameters/Tmpfs/*/MountOptions": .set,
    "/ContainerDefinitions/*/Cpu": .defaultsTo(0),
    "/ContainerDefinitions/*/Essential": .defaultsTo(true),
    "/ContainerDefinitions/*/VersionConsistency": .defaultsTo("enabled"),
    "/ContainerDefinitions/*/DisableNetworking": .defaultsTo(false),
    "/ContainerDefinitions/*/Interactive": .defaultsTo(false),
    "/ContainerDefinitions/*/PseudoTerminal": .defaultsTo(false),
    "/ContainerDefinitions/*/Privileged": .defaultsTo(false),
    "/ContainerDefinitions/*/ReadonlyRootFilesystem": .defaultsTo(false),
    "/ContainerDefinitions/*/LinuxParameters/InitProcessEnabled": .defaultsTo(false),
    "/ContainerDefinitions/*/RestartPolicy/Enabled": .defaultsTo(false),
    "/ContainerDefinitions/*/RestartPolicy/RestartAttemptPeriod": .defaultsTo(300),
    "/ContainerDefinitions/*/HealthCheck/Interval": .defaultsTo(30),
    "/ContainerDefinitions/*/HealthCheck/Retries": .defaultsTo(3),
    "/ContainerDefinitions/*/HealthCheck/Timeout": .defaultsTo(5),
    "/ContainerDefinitions/*/HealthCheck/StartPeriod": .defaultsTo(0),

    // Source: ECS API, EFSVolumeConfiguration, EFSAuthorizationConfig and DockerVolumeConfiguration.
    "/Volumes": .keyed("Name"),
    "/Volumes/*/ConfiguredAtLaunch": .defaultsTo(false),
    "/Volumes/*/EFSVolumeConfiguration/RootDirectory": .defaultsTo("/"),
    "/Volumes/*/EFSVolumeConfiguration/TransitEncryption": .defaultsTo("DISABLED"),
    "/Volumes/*/EFSVolumeConfiguration/AuthorizationConfig/IAM": .defaultsTo("DISABLED"),
    "/Volumes/*/S3FilesVolumeConfiguration/RootDirectory": .defaultsTo("/"),
    "/Volumes/*/DockerVolumeConfiguration/Autoprovision": .defaultsTo(false),
    "/Volumes/*/DockerVolumeConfiguration/Scope": .defaultsTo("task"),
    "/Volumes/*/DockerVolumeConfiguration/DriverOpts/*": .normal(.scalarText),
    "/Volumes/*/DockerVolumeConfiguration/Labels/*": .normal(.scalarText),
  ]

  /// One form for all ways of writing the same: amounts, roles, and ports that say what they are without it.
  @Sendable static func canonical(_ properties: Document) -> Document {
    var members = properties.object ?? [:]
    for role in ["TaskRoleArn", "ExecutionRoleArn"] {
      members[role] = ECS.name(members[role], after: ":role/")
    }
    members["Cpu"] = amount(members["Cpu"], unit: "vcpu", factor: 1024)
    members["Memory"] = amount(members["Memory"], unit: "gb", factor: 1024)
    // Source: ECS API, PortMapping: with these modes, the host port is the container's.
    let sharesPorts = ["awsvpc", "host"].contains(members["NetworkMode"]?.string)
    if let containers = members["ContainerDefinitions"]?.list {
      members["ContainerDefinitions"] = .list(
        containers.map { container in
          guard let mappings = container["PortMappings"]?.list else { return container }
          let canonical = mappings.map { mapping -> Document in
            guard mapping.object != nil else { return mapping }
            let port = sharesPorts ? mapping.setting("HostPort", nil) : mapping
            return port["Protocol"] == nil ? port.setting("Protocol", "tcp") : port
          }
          return container.setting("PortMappings", .list(canonical))
        })
    }
    return properties.object == nil ? properties : .object(members)
  }

  /// `1 vCPU` is 1024 and `0.5 GB` is 512.
  /// Source: ECS API, RegisterTaskDefinition.
  private static func amount(_ value: Document?, unit: String, factor: Double) -> Document? {
    guard let text = value?.scalarText else { return value }
    let word = text.lowercased().filter { $0 != " " }
    guard word.hasSuffix(unit), let number = Double(word.dropLast(unit.count)) else {
      return .string(word)
    }
    return .string(String(Int((number * factor).rounded())))
  }
}
