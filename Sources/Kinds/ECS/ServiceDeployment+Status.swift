import Document
import TrueupCore

/// What ECS says of the deployments of services.
/// Source: ECS API, ServiceDeployment and DeploymentLifecycleHookDetail.
extension ServiceDeployment {
  static let pending: Set<String> = [
    "PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS",
  ]
  static let failed: Set<String> = ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]

  static func end(_ status: String) -> String {
    switch status {
    case "ROLLBACK_SUCCESSFUL": "was rolled back"
    case "ROLLBACK_FAILED": "failed, and so did its rollback"
    default: "was stopped"
    }
  }

  /// The oldest first.
  static func deployments(_ output: Document?) -> [Document] {
    output.elements("serviceDeployments").sorted {
      ($0["createdAt"]?.double ?? 0) < ($1["createdAt"]?.double ?? 0)
    }
  }

  /// Twenty a call. Source: ECS API, DescribeServiceDeployments.
  static func describe(_ arn: String) -> Call {
    Call(
      "ecs", "DescribeServiceDeployments", ["serviceDeploymentArns": [.string(arn)]],
      batch: CallBatch("serviceDeployments", by: "serviceDeploymentArn", limit: 20))
  }

  /// A hook at which the deployment pauses until somebody answers.
  static func openHook(_ deployment: Document) -> String? {
    deployment.elements("lifecycleHookDetails").first { $0["status"] == "AWAITING_ACTION" }.map {
      $0["hookId"]?.string ?? "a hook"
    }
  }

  static func question(_ arn: String, _ hook: String) -> String {
    "deployment \(arn.lastPart) pauses at \(hook) until somebody answers: aws ecs "
      + "continue-service-deployment --service-deployment-arn \(arn) --hook-id \(hook) --action "
      + "CONTINUE or ROLLBACK"
  }
}
