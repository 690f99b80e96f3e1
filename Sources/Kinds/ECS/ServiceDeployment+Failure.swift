import Document
import TrueupCore

/// Why a deployment has not succeeded.
extension ServiceDeployment {
  /// Without a circuit breaker ECS goes on trying for good. So what is one for it is one here: as many tasks as
  /// would trip it, one after another, that fail to start.
  /// Source: ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures".
  func watch(_ arn: String, _ calls: inout CallSequence) throws(Pause) {
    let ended = try calls.outcome(
      of: Service.describe(id, cluster), every: 10, limit: patience,
      until: "deployment \(arn.lastPart) of \(name) has its tasks"
    ) { output in
      let shown = output["services"]?[0]
      let primary = shown?.elements("deployments").first { $0["status"] == "PRIMARY" }
      guard let primary, primary["rolloutState"] == "IN_PROGRESS" else { return .ready }
      let threshold = min(max(((shown?["desiredCount"]?.integer ?? 0) + 1) / 2, 3), 200)
      let failures = primary["failedTasks"]?.integer ?? 0
      guard failures >= threshold else { return .waiting }
      return .failed(
        "deployment \(arn.lastPart) of \(name) is in progress, and the last \(failures) tasks failed to "
          + "start")
    }
    guard case .failed(let reason, _) = ended else { return }
    let deployment = try calls.make(Self.describe(arn)).output?["serviceDeployments"]?[0] ?? [:]
    try fail(reason, deployment, &calls)
  }

  /// Whether ECS itself ends a deployment whose tasks fail, or a person is asked in the middle of it.
  var hasBreaker: Bool {
    let configuration =
      service["deploymentConfiguration"].map { ECSForm.read($0) }
      ?? step.unchanged.merging(step.desired)["DeploymentConfiguration"]
    return configuration?["DeploymentCircuitBreaker"]?["Enable"] == true
      || configuration?["LifecycleHooks"]?.nonEmpty != nil
  }

  func fail(
    _ reason: String, _ deployment: Document, _ calls: inout CallSequence
  ) throws(Pause) {
    if deployment["status"] == "STOPPED", let newer = try successor(of: deployment, &calls) {
      throw .failed(
        "\(reason), because deployment \(newer.lastPart) took its place: somebody else has started it, "
          + "and it says nothing of this change")
    }
    let causes = try causes(of: deployment, &calls)
    throw .failed(([reason] + causes).joined(separator: "; "))
  }

  /// The deployment that took the place of one that was stopped; it shows a moment after the service goes
  /// by it.
  private func successor(
    of stopped: Document, _ calls: inout CallSequence
  ) throws(Pause) -> String? {
    let began = stopped["createdAt"]?.double ?? 0
    func newer(_ output: Document) -> String? {
      Self.deployments([output]).last { $0["createdAt"]?.double ?? 0 > began }?[
        "serviceDeploymentArn"]?.string
    }
    let list = listed(since: began)
    if let found = newer(try calls.make(list).output ?? [:]) { return found }
    let shown = try calls.make(Service.describe(id, cluster)).output?["services"]?[0]
    let primary = shown?.elements("deployments").first { $0["status"] == "PRIMARY" }
    // Its own begins with it.
    guard primary?["createdAt"]?.double ?? 0 > began + 0.5 else { return nil }
    return newer(
      try calls.wait(list, every: 5, limit: 60, until: "what took its place shows") {
        newer($0) == nil ? .waiting : .ready
      })
  }

  /// Why a deployment did not succeed, in words.
  func causes(of deployment: Document, _ calls: inout CallSequence) throws(Pause) -> [String] {
    let told = [deployment["statusReason"], deployment["rollback"]?["reason"]]
      .compactMap { $0?.string }
    let alarms = (deployment["alarms"]?.elements("triggeredAlarmNames") ?? []).compactMap(\.string)
    var causes = told.first.map { [$0] } ?? []
    if !alarms.isEmpty { causes.append("alarms: \(alarms.joined(separator: ", "))") }
    return causes
      + (try ServiceTrouble(id: id, cluster: cluster)
        .causes(since: deployment["createdAt"]?.double, &calls))
  }
}
