import Document
import TrueupCore

/// Why a service does not come to what it should be, in words: of its newest events those that tell of trouble,
/// and why its last tasks have stopped.
struct ServiceTrouble {
  let id: String
  let cluster: Document

  /// What a look at the causes may fail of: the verdict stands without them.
  private static let codes: Set<String> = [
    "AccessDeniedException", "ClientException", "InvalidParameterException",
    "ServiceNotFoundException", "ServiceNotActiveException", ECS.clusterNotFound,
  ]

  /// - Parameter since: in seconds since 1970; `nil` for all that ECS still tells.
  func causes(
    since: Double?, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> [String] {
    var look = Service.describe(id, cluster)
    look.absentCodes.formUnion(Self.codes)
    look.batch = nil
    let shown = try calls.make(look).output?["services"]?[0] ?? [:]
    let events = Self.events(shown, since: since)
    let listed = try calls.make(
      Call(
        "ecs", "ListTasks",
        [
          "cluster": cluster, "serviceName": .string(id.lastPart), "desiredStatus": "STOPPED",
          "maxResults": 10,
        ], absentCodes: Self.codes)
    ).output
    let arns = listed.elements("taskArns")
    guard !arns.isEmpty else { return events }
    let tasks = try calls.make(
      Call(
        "ecs", "DescribeTasks", ["cluster": cluster, "tasks": .list(arns)],
        absentCodes: Self.codes)
    ).output
    return events + Self.reasons(tasks.elements("tasks"), since: since)
  }

  /// What ECS says in the everyday course of a deployment.
  private static let ordinary = [
    "has started ", "has stopped ", "has reached a steady state", "registered ", "deregistered ",
    "has begun draining", "deployment completed",
  ]

  private static func events(_ service: Document, since: Double?) -> [String] {
    let told = service.elements("events").filter {
      since == nil || $0["createdAt"]?.double ?? 0 >= (since ?? 0)
    }.compactMap { $0["message"]?.string }
      .filter { message in !ordinary.contains { message.contains($0) } }
    return unique(told, 3)
  }

  private static func reasons(_ tasks: [Document], since: Double?) -> [String] {
    let told = tasks.filter {
      since == nil || $0["createdAt"]?.double ?? .infinity >= (since ?? 0)
    }.compactMap { task -> String? in
      let containers = task.elements("containers").compactMap { container -> String? in
        let reason = container["reason"]?.string
        let code = container["exitCode"]?.integer.map { "exit code \($0)" }
        guard reason != nil || code != nil && code != "exit code 0" else { return nil }
        return "\(container["name"]?.string ?? "a container"): "
          + [code, reason].compactMap(\.self).joined(separator: ", ")
      }
      let all = [task["stoppedReason"]?.string].compactMap(\.self) + containers
      return all.isEmpty ? nil : "a task stopped: \(all.joined(separator: "; "))"
    }
    return unique(told, 2)
  }

  private static func unique(_ texts: [String], _ count: Int) -> [String] {
    var seen: Set<String> = []
    return Array(texts.filter { seen.insert($0).inserted }.prefix(count))
  }
}
