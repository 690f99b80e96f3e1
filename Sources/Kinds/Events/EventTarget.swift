import Document
import TrueupCore

/// Where a rule sends its events. CloudFormation calls some members otherwise than the API.
enum EventTarget {
  /// What the API calls members of `EcsParameters`.
  private static let names = [
    "TagList": "Tags", "PlacementStrategies": "PlacementStrategy",
    "AwsVpcConfiguration": "awsvpcConfiguration", "CapacityProvider": "capacityProvider",
    "Weight": "weight", "Base": "base", "Field": "field", "Type": "type",
    "Expression": "expression",
  ]
  private static let properties = Dictionary(
    uniqueKeysWithValues: names.map { ($0.value, $0.key) })

  static func read(_ shown: Document) -> Document { renamed(shown, properties) }

  static func write(_ declared: Document) -> Document { renamed(declared, names) }

  private static func renamed(_ target: Document, _ names: [String: String]) -> Document {
    func renamed(_ value: Document) -> Document {
      switch value {
      case .object(let members):
        .object(
          Dictionary(
            members.map { (names[$0.key] ?? $0.key, renamed($0.value)) },
            uniquingKeysWith: { first, _ in first }))
      case .list(let elements): .list(elements.map(renamed))
      default: value
      }
    }
    return target.setting("EcsParameters", target["EcsParameters"].map(renamed))
  }

  /// EventBridge answers with success and says of each target what went wrong with it.
  static func check(_ output: Document?) throws(CallSequence.Pause) {
    guard let entry = output?["FailedEntries"]?[0] else { return }
    throw .failed(
      "target \(entry["TargetId"]?.string ?? "") failed: \(entry["ErrorMessage"]?.string ?? "") "
        + "(\(entry["ErrorCode"]?.string ?? "no code"))")
  }
}
