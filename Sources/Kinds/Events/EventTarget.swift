import Document
import TrueupCore

/// Where a rule sends its events. CloudFormation calls some members otherwise than the API.
enum EventTarget {
  static let names: MemberNames = [
    "EcsParameters/TagList": "Tags",
    "EcsParameters/NetworkConfiguration/AwsVpcConfiguration": "awsvpcConfiguration",
    "EcsParameters/CapacityProviderStrategy/*/CapacityProvider": "capacityProvider",
    "EcsParameters/CapacityProviderStrategy/*/Weight": "weight",
    "EcsParameters/CapacityProviderStrategy/*/Base": "base",
    "EcsParameters/PlacementConstraints/*/Type": "type",
    "EcsParameters/PlacementConstraints/*/Expression": "expression",
    "EcsParameters/PlacementStrategies": "PlacementStrategy",
    "EcsParameters/PlacementStrategies/*/Type": "type",
    "EcsParameters/PlacementStrategies/*/Field": "field",
  ]

  /// EventBridge answers with success and says of each target what went wrong with it.
  static func check(_ output: Document?) throws(CallSequence.Pause) {
    guard let entry = output?["FailedEntries"]?[0] else { return }
    throw .failed(
      "target \(entry["TargetId"]?.string ?? "") failed: \(entry["ErrorMessage"]?.string ?? "") "
        + "(\(entry["ErrorCode"]?.string ?? "no code"))")
  }
}
