import Document
import TrueupCore

/// A service of ECS. An update is done when the deployment that it started has succeeded; one that was rolled
/// back has failed, and is not started again while it aims at the same.
public struct Service: ComposedKind {
  public init() {}

  public let type = "AWS::ECS::Service"

  public let facts = TypeFacts(
    Identity(
      ref: "ServiceArn",
      name: NameRule(
        property: "ServiceName", maximumLength: 255, punctuation: "-_", uniqueWithin: "Cluster")),
    properties: properties, canonical: canonical, replaces: replaces)

  /// Members of the create call, under their own names but for the first letter.
  static let written = [
    "AvailabilityZoneRebalancing", "CapacityProviderStrategy", "Cluster", "DeploymentConfiguration",
    "DeploymentController", "DesiredCount", "EnableECSManagedTags", "EnableExecuteCommand",
    "HealthCheckGracePeriodSeconds", "LaunchType", "LoadBalancers", "NetworkConfiguration",
    "PlacementConstraints", "PlacementStrategies", "PlatformVersion", "PropagateTags", "Role",
    "SchedulingStrategy", "ServiceConnectConfiguration", "ServiceName", "ServiceRegistries",
    "TaskDefinition", "VolumeConfigurations", "VpcLatticeConfigurations",
  ]
  /// What ECS shows of the deployment alone.
  static let deployed = [
    "ServiceConnectConfiguration", "VolumeConfigurations", "VpcLatticeConfigurations",
  ]

  // MARK: Observing

  let listing = Listing(
    Read(Call("ecs", "ListServices", [:])), "services", id: "serviceArn", created: "createdAt")
  let tagging = ECS.tags { $1 }

  /// The clusters that are named in the desired state and in the base; without one, it is the default.
  private func services(_ context: ReadContext, _ replies: Replies) -> ECSServices {
    var clusters = Set((context.values["Cluster"] ?? []).map(\.lastPart))
    if !context.candidates.isEmpty, !context.properties.contains("Cluster") {
      clusters.insert("default")
    }
    return ECSServices(context, replies, others: clusters)
  }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let counts = context.properties.contains("DesiredCount") ? [ServiceCount.read] : []
    return [TagSweep.read] + services(context, replies).reads + counts
  }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    services(context, replies).items
  }

  func transition(of service: Document) -> String? {
    service["status"] == "DRAINING" ? Observed.leaving : nil
  }

  func properties(of service: Document, _ context: ReadContext) -> [String: Document?] {
    Self.properties(of: service)
  }

  static func properties(of service: Document) -> [String: Document?] {
    let primary = service.elements("deployments").first { $0["status"] == "PRIMARY" } ?? [:]
    var members = ECSForm.read(service, written).merging(ECSForm.read(primary, deployed)) { $1 }
    members["ServiceArn"] = service["serviceArn"]
    members["Name"] = service["serviceName"]
    members["Cluster"] = service["clusterArn"]
    members["Role"] = service["roleArn"]
    if service["propagateTags"] == "NONE" { members["PropagateTags"] = .some(nil) }
    return members
  }

  /// The count that somebody else moves is nobody's difference. A deployment that has not succeeded says how
  /// the service stands.
  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    var amended = ServiceCount.amended(observed, replies)
    let deployments = item.elements("deployments")
    amended.isUnsettled =
      deployments.count > 1
      || deployments.contains { ($0["rolloutState"] ?? "COMPLETED") != "COMPLETED" }
    return amended
  }

  // MARK: Changing

  public var answers: Set<Answer> { [.again, .approve, .rollback] }

  let creation = Creation(
    Call(
      "ecs", "CreateService", [:], transientCodes: [ECS.clusterNotFound],
      transientMessages: [
        // A target group's listener, roles, capacity providers and the end of a service of the same name
        // may be on their way.
        "InvalidParameterException": ECS.newRoles.union([
          "does not have an associated load balancer", "still Draining", "capacity provider",
        ]), "ClientException": ECS.newRoles,
      ], patience: 300), id: ["service", "serviceArn"])
  let deletion = Deletion(
    Call(
      "ecs", "DeleteService", [:],
      absentCodes: [
        "ServiceNotFoundException", "ServiceNotActiveException", ECS.clusterNotFound,
      ]), "service")

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    var members = ECSForm.write(step.desired, Self.written).merging(tagging.input(step)) { $1 }
    // As CloudFormation has it; ECS wants a number.
    // Source: CloudFormation User Guide, AWS::ECS::Service, DesiredCount.
    if members["desiredCount"] ?? nil == nil, step.desired["SchedulingStrategy"] != "DAEMON" {
      members["desiredCount"] = 1
    }
    // At most 36 characters. Source: ECS API, CreateService.
    members["clientToken"] = .string(String(step.token.prefix(36)))
    return members
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    let id = try creation.id(in: output)
    let service = output["service"] ?? [:]
    try ServiceDeployment(step, service).settle(earlier: [], &calls)
    return .done(id: id, attributes: attributes(step, service))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    var service = step.shown
    if step.answer == .approve || step.answer == .rollback {
      try ServiceDeployment(step, [:]).answer(&calls)
    } else if !step.changed.isEmpty || step.answer == .again {
      let update = ServiceUpdate(step)
      var earlier: Set<String> = []
      if update.deploys, ServiceDeployment(step, [:]).isOfECS {
        let deployments = try ServiceDeployment(step, [:]).all(&calls)
        if case .stalled(let stall) = try ServiceStanding(update).standing(deployments, &calls) {
          throw Pause(.stalled(stall))
        }
        earlier = Set(deployments.compactMap { $0["serviceDeploymentArn"]?.string })
      }
      let output = try calls.make(update.call(id)).output
      service = output?["service"] ?? [:]
      try ServiceDeployment(step, service).settle(earlier: earlier, &calls)
    }
    try calls.make(tagging.calls(step, id))
    return .done(id: id, attributes: attributes(step, service))
  }

  /// Of an update that deploys whether it may start, and of what is as desired what became of its deployment.
  public func standing(of step: Step, _ replies: [Reply]) -> Inquiry {
    let update = ServiceUpdate(step)
    let deployment = ServiceDeployment(step, [:])
    guard deployment.isOfECS, update.deploys || step.changed.isEmpty else {
      return .answer(.settled)
    }
    return CallSequence.inquiry(replies) { (calls) throws(CallSequence.Pause) in
      try ServiceStanding(update).standing(try deployment.all(&calls), &calls)
    }
  }

  private func attributes(_ step: Step, _ service: Document) -> Document {
    step.unchanged.merging(step.desired).merging(
      .members([
        "ServiceArn": service["serviceArn"], "Name": service["serviceName"],
      ]))
  }

  /// With its tasks. Waits until they are gone: only then do their network interfaces let go of subnets and
  /// groups, and is the name free.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let cluster = Self.cluster(of: id, step.shown)
    let reply = try calls.make(deletion.call(id).with(["cluster": cluster, "force": true]))
    if reply != .absent {
      _ = try calls.wait(
        Self.describe(id, cluster), every: 10, limit: 900, until: "\(id.lastPart) is gone"
      ) { output in
        output.elements("services").allSatisfy { $0["status"] == "INACTIVE" } ? .ready : .waiting
      }
    }
    return .done(id: id, attributes: [:])
  }

  /// The cluster of a service, by what is known of it or by its ARN.
  static func cluster(of id: String, _ properties: Document) -> Document {
    properties["Cluster"] ?? .string(ECS.parts(ofService: id)?.cluster ?? "default")
  }

  /// Ten of a cluster a call. Source: ECS API, DescribeServices.
  static func describe(_ id: String, _ cluster: Document) -> Call {
    Call(
      "ecs", "DescribeServices", ["cluster": cluster, "services": [.string(id)]],
      absentCodes: [ECS.clusterNotFound],
      batch: CallBatch("services", by: "serviceArn", in: "services", limit: 10))
  }
}
