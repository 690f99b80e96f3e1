import Document
import TrueupCore

/// How many tasks of a service run, where Application Auto Scaling decides that.
enum ServiceCount {
  /// Where it may not be made, the count alone is not known.
  static let read = Read(Scaling.targets("ecs").call, pageSize: Scaling.targets("ecs").pageSize)

  /// The service, with a count that is not compared where something else moves it.
  static func amended(_ observed: Observed, _ replies: Replies) -> Observed {
    guard let parts = ECS.parts(ofService: observed.id) else { return observed }
    var amended = observed
    switch replies.finding(read) {
    case .nothing: break
    case .unread(let reason):
      if replies[read] != nil { amended.mark(["DesiredCount"], reason) }
    case .found(let output):
      let target = output.elements("ScalableTargets").first {
        $0["ResourceId"]?.string == "service/\(parts.cluster)/\(parts.name)"
          && $0["ScalableDimension"] == "ecs:service:DesiredCount"
      }
      guard let target else { break }
      amended.mark(
        ["DesiredCount"],
        "Application Auto Scaling moves it between \(target["MinCapacity"]?.integer ?? 0) and "
          + "\(target["MaxCapacity"]?.integer ?? 0)")
    }
    return amended
  }
}
