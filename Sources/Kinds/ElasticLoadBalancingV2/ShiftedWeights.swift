import Document
import TrueupCore

/// The weights of target groups that ECS moves, where a service of ours is deployed beside what runs
/// (BLUE_GREEN, LINEAR, CANARY): in the rules that the service names, during a deployment, and for good with
/// its end, since the two groups take turns.
/// Source: ECS developer guide, "Application Load Balancer resources for blue/green deployments"; ECS API,
/// AdvancedConfiguration.
struct ShiftedWeights {
  private let services: ECSServices?

  init(_ context: ReadContext, _ replies: Replies) {
    services = context.types.contains(ECS.serviceType) ? ECSServices(context, replies) : nil
  }

  /// Those of ECS, which all who look at services make alike.
  var reads: [Read] { services?.reads ?? [] }

  /// Of the actions in a property, what is moved.
  static func path(_ property: String) -> PropertyPath {
    PropertyPath([property, "*", "ForwardConfig", "TargetGroups", "*", "Weight"])
  }

  /// The resource with weights that are not compared where ECS moves them.
  func amended(_ observed: Observed) -> Observed {
    let property = observed.properties["Actions"] == nil ? "DefaultActions" : "Actions"
    let groups = Self.groups(observed.properties[property])
    guard !groups.isEmpty, let service = service(of: observed.id, groups) else { return observed }
    var amended = observed
    amended.unread[Self.path(property)] = "ECS moves it with the deployments of \(service)"
    return amended
  }

  /// The service of ours that names the rule, or, of a listener, forwards by default to both of its groups.
  private func service(of arn: String, _ groups: Set<Document>) -> String? {
    services?.items.first { service in
      service.elements("loadBalancers").contains { balancer in
        let advanced = balancer["advancedConfiguration"]
        let named = [advanced?["productionListenerRule"], advanced?["testListenerRule"]]
          .compactMap { $0?.string }
        if named.contains(arn) { return true }
        let own = [balancer["targetGroupArn"], advanced?["alternateTargetGroupArn"]]
          .compactMap(\.self)
        return named.contains { ELBv2.listener(ofRule: $0) == arn } && groups.isSuperset(of: own)
      }
    }?["serviceName"]?.string
  }

  private static func groups(_ actions: Document?) -> Set<Document> {
    Set(
      (actions?.list ?? []).flatMap { ($0["ForwardConfig"] ?? [:]).elements("TargetGroups") }
        .compactMap { $0["TargetGroupArn"] })
  }

  /// The actions to be written: with the weights that are there, where they are not ours.
  static func kept(_ step: Step, _ property: String) -> Document? {
    guard step.observed?.unread[path(property)] != nil, let actions = step.desired[property]?.list
    else { return step.desired[property] }
    var weights: [Document: Document] = [:]
    for action in step.shown.elements(property) {
      for group in (action["ForwardConfig"] ?? [:]).elements("TargetGroups") {
        if let arn = group["TargetGroupArn"] { weights[arn] = group["Weight"] }
      }
    }
    return .list(
      actions.map { action in
        guard let config = action["ForwardConfig"], let groups = config["TargetGroups"]?.list else {
          return action
        }
        let kept = groups.map { group in
          group["TargetGroupArn"].flatMap { weights[$0] }.map { group.setting("Weight", $0) }
            ?? group
        }
        return action.setting("ForwardConfig", config.setting("TargetGroups", .list(kept)))
      })
  }
}
