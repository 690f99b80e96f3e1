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

  private var id: String { service["serviceArn"]?.string ?? step.id ?? "" }
  private var name: String { id.lastPart }
  private var cluster: Document {
    Service.cluster(of: id, service["clusterArn"].map { ["Cluster": $0] } ?? step.shown)
  }

  private var listed: Call {
    Call("ecs", "ListServiceDeployments", ["service": .string(id), "cluster": cluster])
  }

  /// Those deploy otherwise: by CodeDeploy, or by task sets.
  private var isOfECS: Bool {
    let type =
      service["deploymentController"]?["type"]
      ?? (step.desired["DeploymentController"] ?? step.shown["DeploymentController"])?["Type"]
    return type == nil || type == "ECS"
  }

  // MARK: Before

  /// The deployments there have been. Fails where another one may not start: what was rolled back or stopped
  /// is not started again, unless what it aims at moves or a person forces it; one that waits for an answer is
  /// not pushed aside.
  func checked(_ update: ServiceUpdate, _ calls: inout CallSequence) throws(Pause) -> Set<String> {
    guard isOfECS else { return [] }
    let deployments = Self.deployments(try calls.make(listed).output)
    let earlier = Set(deployments.compactMap { $0["serviceDeploymentArn"]?.string })
    guard let last = deployments.last, let arn = last["serviceDeploymentArn"]?.string else {
      return earlier
    }
    let status = last["status"]?.string ?? ""
    if Self.pending.contains(status) {
      let shown = try calls.make(Self.describe(arn)).output?["serviceDeployments"]?[0] ?? [:]
      if let hook = Self.openHook(shown) { throw .failed(Self.question(arn, hook)) }
    } else if !update.isForced, Self.failed.contains(status),
      let target = last["targetServiceRevisionArn"]
    {
      let revision = try calls.make(
        Call("ecs", "DescribeServiceRevisions", ["serviceRevisionArns": [target]])
      ).output?["serviceRevisions"]?[0]
      if let revision, try aims(revision, &calls) {
        throw .failed(
          "its last deployment, \(arn.lastPart), aimed at the same and \(Self.end(status)): "
            + "\(last["statusReason"]?.string ?? "ECS gives no reason"); it is not started again "
            + "until what is declared changes, or ForceNewDeployment does")
      }
    }
    return earlier
  }

  /// Whether a revision of the service is what the step desires, as far as it shows it.
  private func aims(_ revision: Document, _ calls: inout CallSequence) throws(Pause) -> Bool {
    let facts = Service().facts
    let shown = facts.normal(
      .members(ECSForm.read(revision, ServiceUpdate.deploying.sorted())))
    let wanted = facts.normal(step.desired)
    for property in ServiceUpdate.deploying.sorted() {
      guard let value = wanted[property] else { continue }
      if let own = shown[property], value.isPart(of: own) { continue }
      switch property {
      // Which of the two a service was launched with is not up to a deployment.
      case "LaunchType": continue
      case "TaskDefinition":
        let both = [revision["taskDefinition"], step.desired["TaskDefinition"]]
        if try haveTheSameContent(both.compactMap(\.self), &calls) { continue }
        return false
      default: return false
      }
    }
    return true
  }

  /// Whether two revisions of task definitions say the same: one may have been registered anew.
  private func haveTheSameContent(
    _ arns: [Document], _ calls: inout CallSequence
  ) throws(Pause) -> Bool {
    var contents: [Document] = []
    for arn in arns {
      let output = try calls.make(
        Call(
          "ecs", "DescribeTaskDefinition", ["taskDefinition": arn],
          absentCodes: ["ClientException"])
      ).output
      guard let shown = output?["taskDefinition"] else { return false }
      let properties = ECSForm.read(shown, TaskDefinition.written)
      contents.append(TaskDefinition().facts.normal(.members(properties)))
    }
    return contents.count == 2 && contents[0] == contents[1]
  }

  // MARK: After

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
    let ended = try calls.outcome(
      of: Self.describe(arn), every: 10, limit: patience,
      until: "deployment \(arn.lastPart) of \(name) succeeds"
    ) { output in
      guard let deployment = output["serviceDeployments"]?[0] else { return .waiting }
      if let hook = Self.openHook(deployment) { return .failed(Self.question(arn, hook)) }
      let status = deployment["status"]?.string ?? ""
      if status == "SUCCESSFUL" { return .ready }
      guard Self.failed.contains(status) else { return .waiting }
      return .failed("deployment \(arn.lastPart) of \(name) \(Self.end(status))")
    }
    guard case .failed(let reason, let output) = ended else { return }
    try fail(reason, arn, output["serviceDeployments"]?[0] ?? [:], &calls)
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
      Self.deployments(output).filter {
        !earlier.contains($0["serviceDeploymentArn"]?.string ?? "")
          && $0["createdAt"]?.double ?? 0 >= (service["createdAt"]?.double ?? 0) - 5
      }.min {
        abs(($0["createdAt"]?.double ?? 0) - began) < abs(($1["createdAt"]?.double ?? 0) - began)
      }?["serviceDeploymentArn"]?.string
    }
    let output = try calls.wait(
      listed, every: 5, limit: 120, until: "the deployment of \(name) has begun"
    ) { found($0) == nil ? .waiting : .ready }
    return found(output) ?? ""
  }

  private func fail(
    _ reason: String, _ arn: String, _ deployment: Document, _ calls: inout CallSequence
  ) throws(Pause) {
    var text = reason
    // A pause is no failure whose causes could be looked for.
    if Self.openHook(deployment) != nil { throw .failed(text) }
    if deployment["status"] == "STOPPED" {
      let began = deployment["createdAt"]?.double ?? 0
      let newer = Self.deployments(try calls.make(listed).output).last {
        $0["createdAt"]?.double ?? 0 > began
      }
      if let newer = newer?["serviceDeploymentArn"]?.string {
        throw .failed(
          "\(text), because deployment \(newer.lastPart) took its place: somebody else has started it, "
            + "and it says nothing of this change")
      }
    }
    let told = [deployment["statusReason"], deployment["rollback"]?["reason"]]
      .compactMap { $0?.string }
    let alarms = (deployment["alarms"]?.elements("triggeredAlarmNames") ?? []).compactMap(\.string)
    var causes = told.first.map { [$0] } ?? []
    if !alarms.isEmpty { causes.append("alarms: \(alarms.joined(separator: ", "))") }
    causes += try ServiceTrouble(id: id, cluster: cluster)
      .causes(since: deployment["createdAt"]?.double, &calls)
    text = ([text] + causes).joined(separator: "; ")
    throw .failed(text)
  }

  // MARK: Deployments

  private static let pending: Set<String> = [
    "PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS",
  ]
  private static let failed: Set<String> = ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]

  private static func end(_ status: String) -> String {
    switch status {
    case "ROLLBACK_SUCCESSFUL": "was rolled back"
    case "ROLLBACK_FAILED": "failed, and so did its rollback"
    default: "was stopped"
    }
  }

  /// The oldest first.
  private static func deployments(_ output: Document?) -> [Document] {
    output.elements("serviceDeployments").sorted {
      ($0["createdAt"]?.double ?? 0) < ($1["createdAt"]?.double ?? 0)
    }
  }

  /// Twenty a call. Source: ECS API, DescribeServiceDeployments.
  private static func describe(_ arn: String) -> Call {
    Call(
      "ecs", "DescribeServiceDeployments", ["serviceDeploymentArns": [.string(arn)]],
      batch: CallBatch("serviceDeployments", by: "serviceDeploymentArn", limit: 20))
  }

  /// A hook at which the deployment pauses until somebody answers.
  private static func openHook(_ deployment: Document) -> String? {
    deployment.elements("lifecycleHookDetails").first { $0["status"] == "AWAITING_ACTION" }.map {
      $0["hookId"]?.string ?? "a hook"
    }
  }

  private static func question(_ arn: String, _ hook: String) -> String {
    "deployment \(arn.lastPart) pauses at \(hook) until somebody answers: aws ecs "
      + "continue-service-deployment --service-deployment-arn \(arn) --hook-id \(hook) --action "
      + "CONTINUE or ROLLBACK"
  }

  /// How long a deployment may take: what ECS needs, and what the service asks for besides.
  private var patience: Double {
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

extension Document {
  /// Whether all that this says is so in another, whose lists have no order; both in normal form.
  fileprivate func isPart(of other: Document) -> Bool {
    switch (self, other) {
    case (.object(let members), _):
      return members.allSatisfy { name, value in
        other[name].map(value.isPart) ?? (value == false || value == 0)
      }
    case (.list(let elements), .list(let others)):
      return elements.count == others.count
        && elements.allSatisfy { element in others.contains(where: element.isPart) }
    default:
      return self == other || double != nil && double == other.double
    }
  }
}
