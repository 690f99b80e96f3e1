import TrueupCore

extension ScalableTarget {
  var needed: [NeededRead] {
    [
      NeededRead(Scaling.targets("ecs"), in: "ServiceNamespace"),
      NeededRead(
        Scaling.scheduledActions("ecs"), for: ["ScheduledActions"], in: "ServiceNamespace"),
    ]
  }
}

extension ScalingPolicy {
  var needed: [NeededRead] { [NeededRead(Scaling.policies("ecs"), in: "ServiceNamespace")] }
}
