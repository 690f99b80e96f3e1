import Document
import TrueupCore

/// Whether a change of a service may start a deployment.
extension ServiceDeployment {
  /// The deployments there have been. Fails where another one may not start: what was rolled back or stopped
  /// is not started again, unless what it aims at moves or a person forces it; one that waits for an answer is
  /// not pushed aside.
  func checked(_ update: ServiceUpdate, _ calls: inout CallSequence) throws(Pause) -> Set<String> {
    guard isOfECS else { return [] }
    let deployments = Self.deployments(try calls.make(listed()).output)
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
