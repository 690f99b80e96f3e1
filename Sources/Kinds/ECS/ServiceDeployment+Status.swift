import Document
import Foundation
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

  /// The oldest first, of all pages: ECS promises no order.
  static func deployments(_ pages: [Document]) -> [Document] {
    pages.flatMap { $0.elements("serviceDeployments") }.sorted {
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
  static func openHook(_ deployment: Document) -> String? { hook(deployment)?["hookId"]?.string }

  private static func hook(_ deployment: Document) -> Document? {
    deployment.elements("lifecycleHookDetails").first { $0["status"] == "AWAITING_ACTION" }
  }

  /// What a person is asked where a deployment pauses, with what ECS does if nobody answers; `nil` where it
  /// does not pause.
  ///
  /// - Parameter name: the service as people name it, `acme-prod/Service`.
  static func question(_ deployment: Document, _ name: String) -> Stall? {
    guard let hook = hook(deployment) else { return nil }
    let arn = deployment["serviceDeploymentArn"]?.string ?? ""
    var text = "deployment \(arn.lastPart) waits for a person at its hook "
    text += hook["hookId"]?.string ?? ""
    if let end = hook["expiresAt"]?.double {
      let course = hook["timeoutAction"] == "CONTINUE" ? "goes on" : "goes back"
      text += ", and \(course) by itself at \(Date(timeIntervalSince1970: end).ISO8601Format())"
    }
    return Stall(
      text, remedy: "go on with: trueup approve \(name); go back with: trueup rollback \(name)")
  }

  /// What a deployment that has not ended does.
  static func words(_ status: String) -> String {
    switch status {
    case "STOP_REQUESTED": "being stopped"
    case "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS": "being rolled back"
    default: "in progress"
    }
  }
}
