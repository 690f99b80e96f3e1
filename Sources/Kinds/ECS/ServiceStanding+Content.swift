import Document
import TrueupCore

/// Whether a deployment aimed at what is wanted now: by its content, not by the names of revisions.
extension ServiceStanding {
  /// Whether a revision of the service is what the step desires, as far as it shows it.
  func aims(_ revision: Document, _ calls: inout CallSequence) throws(Pause) -> Bool {
    // What else is changed of the service may be what was wrong; a count is not.
    guard step.changed.subtracting(ServiceUpdate.deploying).subtracting(["DesiredCount"]).isEmpty
    else { return false }
    let facts = Service().facts
    let shown = facts.normal(
      .members(ECSForm.read(revision, ServiceUpdate.deploying.sorted())))
    let wanted = facts.normal(step.desired)
    for property in ServiceUpdate.deploying.sorted() {
      guard let value = wanted[property] else {
        // It is to be as nobody declared it.
        if step.changes(property), shown[property]?.nonEmpty != nil { return false }
        continue
      }
      if let own = shown[property], value.isPart(of: own) { continue }
      switch property {
      // Which of the two a service was launched with is not up to a deployment.
      case "LaunchType": continue
      case "TaskDefinition":
        let both = [revision["taskDefinition"], step.desired["TaskDefinition"]]
        if try haveTheSameContent(both.compactMap(\.?.string), &calls) { continue }
        return false
      default: return false
      }
    }
    return true
  }

  /// Whether two revisions of task definitions say the same: one may have been registered anew.
  private func haveTheSameContent(
    _ arns: [String], _ calls: inout CallSequence
  ) throws(Pause) -> Bool {
    guard arns.count == 2 else { return false }
    var contents: [Document] = []
    for arn in arns {
      let output = try calls.make(
        Call(
          "ecs", "DescribeTaskDefinition", ["taskDefinition": .string(arn)],
          absentCodes: ["ClientException"])
      ).output
      guard let shown = output?["taskDefinition"] else { return false }
      let properties = ECSForm.read(shown, TaskDefinition.written)
      contents.append(TaskDefinition().facts.normal(.members(properties)))
    }
    return contents[0] == contents[1]
  }
}

extension Document {
  /// What a revision of a service deploys, without what tells one revision from the next.
  var deployedContent: Document {
    .members(ECSForm.read(self, ServiceUpdate.deploying.sorted()))
  }

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
