import Document
import TrueupCore

/// What a person says of a deployment that is under way.
extension ServiceDeployment {
  /// Lets it go on, or back, and waits for its end.
  /// Source: ECS API, ContinueServiceDeployment and StopServiceDeployment.
  func answer(_ calls: inout CallSequence) throws(Pause) {
    let name = step.address.description
    guard let last = try all(&calls).last, let arn = last["serviceDeploymentArn"]?.string,
      Self.pending.contains(last["status"]?.string ?? "")
    else { throw .failed("no deployment of \(name) is under way: there is nothing to answer") }
    let shown = try calls.make(Self.describe(arn)).output?["serviceDeployments"]?[0] ?? [:]
    let hook = Self.openHook(shown)
    if step.answer == .approve {
      guard let hook else {
        throw .failed("deployment \(arn.lastPart) of \(name) waits for nobody")
      }
      try calls.make(Self.resume(arn, hook, "CONTINUE"))
      return try wait(for: arn, past: hook, &calls)
    }
    let status = shown["status"]?.string ?? ""
    if let hook {
      try calls.make(Self.resume(arn, hook, "ROLLBACK"))
    } else if ["PENDING", "IN_PROGRESS"].contains(status) {
      try calls.make(
        Call(
          "ecs", "StopServiceDeployment",
          ["serviceDeploymentArn": .string(arn), "stopType": "ROLLBACK"]))
    }
    try waitForRollback(arn, &calls)
  }

  private static func resume(_ arn: String, _ hook: String, _ action: String) -> Call {
    Call(
      "ecs", "ContinueServiceDeployment",
      [
        "serviceDeploymentArn": .string(arn), "hookId": .string(hook), "action": .string(action),
      ])
  }

  private func waitForRollback(_ arn: String, _ calls: inout CallSequence) throws(Pause) {
    let ended = try calls.outcome(
      of: Self.describe(arn), every: 10, limit: patience,
      until: "deployment \(arn.lastPart) is rolled back"
    ) { output in
      switch output["serviceDeployments"]?[0]?["status"]?.string ?? "" {
      case "ROLLBACK_SUCCESSFUL": .ready
      case "SUCCESSFUL": .failed("deployment \(arn.lastPart) had succeeded already")
      case "STOPPED":
        .failed("deployment \(arn.lastPart) was stopped: there is nothing to go back to")
      case "ROLLBACK_FAILED": .failed("the rollback of deployment \(arn.lastPart) failed")
      default: .waiting
      }
    }
    guard case .failed(let reason, let output) = ended else { return }
    let causes = try causes(of: output["serviceDeployments"]?[0] ?? [:], &calls)
    throw .failed(([reason] + causes).joined(separator: "; "))
  }
}
