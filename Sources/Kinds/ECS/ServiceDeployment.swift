import Document
import TrueupCore

/// The deployment that a change of a service starts: whether it may start, and how it ended.
///
/// ECS goes back to what ran before where a deployment fails, and the service is stable then. So it is not the
/// service that says whether a change has come about, but the deployment that the change started.
/// Source: ECS API, ServiceDeployment; ECS developer guide, "View service history using Amazon ECS service
/// deployments".
struct ServiceDeployment {
  typealias Pause = CallSequence.Pause

  let step: Step
  /// As the call that changed it answered.
  let service: Document

  init(_ step: Step, _ service: Document) {
    self.step = step
    self.service = service
  }

  var id: String { service["serviceArn"]?.string ?? step.id ?? "" }
  var name: String { id.lastPart }
  var cluster: Document {
    Service.cluster(of: id, service["clusterArn"].map { ["Cluster": $0] } ?? step.shown)
  }

  /// The deployments of the service: those since an instant, with a minute's grace, or all.
  func listed(since: Double? = nil) -> Call {
    Call(
      "ecs", "ListServiceDeployments",
      .members([
        "service": .string(id), "cluster": cluster,
        "createdAt": since.map { ["after": .integer(Int($0) - 60)] }, "maxResults": 100,
      ]))
  }

  /// All deployments there have been, the oldest first.
  func all(_ calls: inout CallSequence) throws(Pause) -> [Document] {
    Self.deployments(try calls.pages(listed(), by: "nextToken"))
  }

  /// Those deploy otherwise: by CodeDeploy, or by task sets.
  var isOfECS: Bool {
    let type =
      service["deploymentController"]?["type"]
      ?? (step.desired["DeploymentController"] ?? step.shown["DeploymentController"])?["Type"]
    return type == nil || type == "ECS"
  }

  /// Waits until the change has come about.
  ///
  /// - Parameter earlier: the deployments that were there before.
  func settle(earlier: Set<String>, _ calls: inout CallSequence) throws(Pause) {
    guard isOfECS else { return }
    let primary = service.elements("deployments").first { $0["status"] == "PRIMARY" }
    guard let primary, primary["rolloutState"] != "COMPLETED" else {
      return try settleCount(&calls)
    }
    let arn = try started(earlier, primary, &calls)
    if !hasBreaker { try watch(arn, &calls) }
    try wait(for: arn, &calls)
  }

  /// Waits until a deployment has succeeded.
  ///
  /// - Parameter answered: the hook at which it waited for a person, who has said that it goes on.
  func wait(
    for arn: String, past answered: String? = nil, _ calls: inout CallSequence
  ) throws(Pause) {
    let ended = try calls.outcome(
      of: Self.describe(arn), every: 10, limit: patience,
      until: "deployment \(arn.lastPart) of \(name) succeeds"
    ) { output in
      guard let deployment = output["serviceDeployments"]?[0] else { return .waiting }
      if let hook = Self.openHook(deployment), hook != answered { return .failed("") }
      let status = deployment["status"]?.string ?? ""
      if status == "SUCCESSFUL" { return .ready }
      guard Self.failed.contains(status) else { return .waiting }
      return .failed("deployment \(arn.lastPart) of \(name) \(Self.end(status))")
    }
    guard case .failed(let reason, let output) = ended else { return }
    let deployment = output["serviceDeployments"]?[0] ?? [:]
    if Self.openHook(deployment) != answered,
      let question = Self.question(deployment, step.address.description)
    {
      throw Pause(.stalled(question))
    }
    try fail(reason, deployment, &calls)
  }

  /// A change of the count alone makes no deployment.
  private func settleCount(_ calls: inout CallSequence) throws(Pause) {
    guard step.action == .create || step.changes("DesiredCount") else { return }
    let ended = try calls.outcome(
      of: Service.describe(id, cluster), every: 10, limit: patience,
      until: "\(name) runs as many tasks as it should"
    ) { output in
      let shown = output["services"]?[0]
      return shown?["runningCount"] == shown?["desiredCount"] ? .ready : .waiting
    }
    guard case .failed(let reason, _) = ended else { return }
    let causes = try ServiceTrouble(id: id, cluster: cluster).causes(since: nil, &calls)
    throw .failed(([reason] + causes).joined(separator: "; "))
  }

  /// The deployment that the change has started: of those that are new, the one that began with it. It shows a
  /// moment later.
  private func started(
    _ earlier: Set<String>, _ primary: Document, _ calls: inout CallSequence
  ) throws(Pause) -> String {
    let began = primary["createdAt"]?.double ?? 0
    func found(_ output: Document) -> String? {
      Self.deployments([output]).filter {
        !earlier.contains($0["serviceDeploymentArn"]?.string ?? "")
          && $0["createdAt"]?.double ?? 0 >= (service["createdAt"]?.double ?? 0) - 5
      }.min {
        abs(($0["createdAt"]?.double ?? 0) - began) < abs(($1["createdAt"]?.double ?? 0) - began)
      }?["serviceDeploymentArn"]?.string
    }
    let output = try calls.wait(
      listed(since: primary["createdAt"]?.double), every: 5, limit: 120,
      until: "the deployment of \(name) has begun"
    ) { found($0) == nil ? .waiting : .ready }
    return found(output) ?? ""
  }

  /// How long a deployment may take: what ECS needs, and what the service asks for besides.
  var patience: Double {
    let wanted = step.unchanged.merging(step.desired)
    let configuration = wanted["DeploymentConfiguration"]
    func minutes(_ value: Document?) -> Double { 60 * (value?.double ?? 0) }
    let linear = configuration?["LinearConfiguration"]
    let steps = linear.map { 100 / max($0["StepPercent"]?.double ?? 10, 1) } ?? 0
    return 1200 + (wanted["HealthCheckGracePeriodSeconds"]?.double ?? 0)
      + minutes(configuration?["BakeTimeInMinutes"])
      + minutes(configuration?["CanaryConfiguration"]?["CanaryBakeTimeInMinutes"])
      + steps * minutes(linear?["StepBakeTimeInMinutes"])
  }
}
