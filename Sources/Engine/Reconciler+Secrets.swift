import TrueupCore

extension Reconciler {
  /// Stacks that would have to write a secret whose source is not at hand, by name, each with the
  /// reason: nothing of them is begun.
  func unwritable(_ steps: [PlannedStep], _ request: Request) -> [String: String] {
    let secrets = SecretValues(request.desired, environment: environment, random: random)
    var reasons: [String: Set<String>] = [:]
    for step in steps where step.id.action != .delete {
      let members = step.desired.members ?? [:]
      let isCreate = step.id.action == .create
      // A tag that is not at hand stays as it is.
      let written =
        members.filter { isCreate || step.changed.contains($0.key) }.map(\.value)
        + (isCreate ? Array(step.tags.values) : [])
      for secret in written.flatMap(\.secrets)
      where secret.stored == nil && secrets.value(of: secret) == nil {
        reasons[step.id.address.stack, default: []].insert(
          "\(step.id.address.resource) needs the parameter \(secret.parameter): "
            + secrets.remedy(for: secret))
      }
    }
    return reasons.mapValues { $0.sorted().joined(separator: "; ") }
  }
}
