import Document
import TrueupCore

/// How a service stands by its deployments: whether another one may start, and what became of the last one.
///
/// What was rolled back or stopped is not started again while it is wanted as it was: git still asks for it,
/// and each run would try it anew. That is found in AWS, where all who deploy see the same.
/// Source: ECS API, ServiceDeployment.
struct ServiceStanding {
  typealias Pause = CallSequence.Pause

  let update: ServiceUpdate
  private let deployment: ServiceDeployment

  init(_ update: ServiceUpdate) {
    self.update = update
    deployment = ServiceDeployment(update.step, [:])
  }

  var step: Step { update.step }
  private var name: String { step.address.description }

  /// - Parameter deployments: all there have been, the oldest first.
  func standing(
    _ deployments: [Document], _ calls: inout CallSequence
  ) throws(Pause) -> Standing {
    guard let last = deployments.last, let arn = last["serviceDeploymentArn"]?.string else {
      return .settled
    }
    let status = last["status"]?.string ?? ""
    if ServiceDeployment.pending.contains(status) {
      return try underWay(arn, status, &calls)
    }
    if update.deploys {
      guard !update.isForced, let failed = try repeated(deployments, &calls) else {
        return .settled
      }
      return .stalled(try notAgain(failed, &calls))
    }
    guard ServiceDeployment.failed.contains(status) else { return .settled }
    return .stalled(try notAgain(last, &calls))
  }

  // MARK: Under way

  private func underWay(
    _ arn: String, _ status: String, _ calls: inout CallSequence
  ) throws(Pause) -> Standing {
    let shown =
      try calls.make(ServiceDeployment.describe(arn)).output?["serviceDeployments"]?[0] ?? [:]
    if let question = ServiceDeployment.question(shown, name) { return .stalled(question) }
    let service = try calls.make(Service.describe(deployment.id, deployment.cluster))
      .output?["services"]?[0]
    let primary = service?.elements("deployments").first { $0["status"] == "PRIMARY" }
    let isFailing =
      ["PENDING", "IN_PROGRESS"].contains(status) && primary?["failedTasks"]?.integer ?? 0 > 0
    if update.deploys {
      // What git wants now may be what ends the trouble.
      if isFailing { return .settled }
      return .stalled(
        Stall(
          "deployment \(arn.lastPart) is \(ServiceDeployment.words(status)), and another one would push "
            + "it aside",
          remedy: "the next run after it goes on; or end it with: trueup rollback \(name)"))
    }
    let count =
      "\(service?["runningCount"]?.integer ?? 0) of \(service?["desiredCount"]?.integer ?? 0) tasks run"
    let text = "deployment \(arn.lastPart) is \(ServiceDeployment.words(status)): \(count)"
    guard isFailing else { return .progressing(text) }
    let failures = primary?["failedTasks"]?.integer ?? 0
    let causes = try ServiceTrouble(id: deployment.id, cluster: deployment.cluster)
      .causes(since: shown["createdAt"]?.double, &calls)
    return .stalled(
      Stall(
        (["\(text), and the last \(failures) to start failed"] + causes).joined(separator: "; "),
        remedy: "declare what starts, or end it with: trueup rollback \(name)"))
  }

  // MARK: Ended

  /// The deployment that was rolled back or stopped, and that the change would repeat; `nil` where it aims at
  /// something else, or has come about since. Deployments after it count for nothing where they aimed at what
  /// it went back to: a restart of what runs.
  private func repeated(
    _ deployments: [Document], _ calls: inout CallSequence
  ) throws(Pause) -> Document? {
    guard
      let index = deployments.lastIndex(where: {
        ServiceDeployment.failed.contains($0["status"]?.string ?? "")
      })
    else { return nil }
    let newer = deployments[(index + 1)...]
    // Twenty a call. Source: ECS API, DescribeServiceRevisions.
    guard newer.count < Self.revisionsACall - 1 else { return nil }
    var source: Document?
    if !newer.isEmpty {
      let arn = deployments[index]["serviceDeploymentArn"]?.string ?? ""
      let shown = try calls.make(ServiceDeployment.describe(arn)).output?["serviceDeployments"]?[0]
      source =
        shown?["rollback"]?["serviceRevisionArn"]
        ?? shown?.elements("sourceServiceRevisions").first?["arn"]
      guard source != nil else { return nil }
    }
    let target = deployments[index]["targetServiceRevisionArn"]
    let arns =
      [target, source].compactMap(\.self)
      + newer.compactMap { $0["targetServiceRevisionArn"] }
    let revisions = try calls.make(
      Call("ecs", "DescribeServiceRevisions", ["serviceRevisionArns": .list(arns.unique)])
    ).output.elements("serviceRevisions")
    func revision(_ arn: Document?) -> Document? {
      revisions.first { $0["serviceRevisionArn"] == arn }
    }
    guard let failed = revision(target), try aims(failed, &calls) else { return nil }
    for deployment in newer {
      guard let other = revision(deployment["targetServiceRevisionArn"]),
        let before = revision(source), other.deployedContent == before.deployedContent
      else { return nil }
    }
    return deployments[index]
  }

  private static let revisionsACall = 20

  private func notAgain(
    _ failed: Document, _ calls: inout CallSequence
  ) throws(Pause) -> Stall {
    let arn = failed["serviceDeploymentArn"]?.string ?? ""
    let shown =
      try calls.make(ServiceDeployment.describe(arn)).output?["serviceDeployments"]?[0] ?? failed
    let end = ServiceDeployment.end(shown["status"]?.string ?? "")
    let causes = try deployment.causes(of: shown, &calls)
    let told = causes.isEmpty ? ["ECS gives no reason"] : causes
    return Stall(
      "deployment \(arn.lastPart) of the same \(end): \(told.joined(separator: "; "))",
      remedy:
        "it starts again when what is declared changes, or with: trueup deploy --again \(name)")
  }
}

extension [Document] {
  fileprivate var unique: [Document] {
    var seen: Set<Document> = []
    return filter { seen.insert($0).inserted }
  }
}
