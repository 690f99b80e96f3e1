import Document
import TrueupCore

/// One JSON object per event of a run, for log collectors: `--log-format json`.
public enum EventJSON {
  /// The object on one line, without a line break. `time` and `event` are always there.
  ///
  /// - Parameter time: when it happened, in seconds since 1970.
  public static func line(_ event: RunEvent, at time: Double) -> String {
    line(members(event), at: time)
  }

  /// The last line of a run: what became of it and how each stack stands.
  public static func finished(_ report: RunReport, exit: ExitStatus, at time: Double) -> String {
    let stacks = report.plan.stacks.sorted { $0.id < $1.id }
    return line(
      [
        "event": "finished",
        "command": .string(report.command.rawValue),
        "run": Document(text: report.run),
        "revision": Document(text: report.revision),
        "dirty": .bool(report.isDirty),
        "exitCode": .integer(Int(exit.rawValue)),
        "seconds": .double(report.seconds),
        "calls": .integer(report.calls.total),
        "stacks": .list(
          stacks.map { stack in
            let state = report.state(of: stack)
            return [
              "stack": .string(stack.id.name), "status": .string(state.status.rawValue),
              "inSync": .integer(state.inSync), "drifted": .integer(state.drifted),
              "pending": .integer(state.pending), "failed": .integer(state.failed),
              "note": Document(text: state.note),
            ]
          }),
        "heldBack": .list(report.heldBack.map { .string($0.stack) }),
      ], at: time)
  }

  private static func line(_ members: [String: Document], at time: Double) -> String {
    var members = members
    members["time"] = .string(Wording.timestamp(time))
    return Document.object(members).json()
  }

  private static func members(_ event: RunEvent) -> [String: Document] {
    switch event {
    case .stepStarted(let address, let type, let action):
      return step("started", address: address, type: type, action: action)
    case .stepWaiting(let address, let type, let action, let seconds, let reason):
      return step("waiting", address: address, type: type, action: action).merging(
        ["seconds": .double(seconds), "reason": .string(reason)]) { $1 }
    case .stepFinished(let address, let type, let action, let outcome, let detail):
      return step("ended", address: address, type: type, action: action).merging(
        [
          "outcome": .string(outcome.result.rawValue), "error": Document(text: outcome.error),
          "detail": .string(detail), "calls": .integer(outcome.calls),
          "seconds": .double(outcome.seconds),
        ]) { $1 }
    case .stopping: return ["event": "stopping"]
    case .note(let text): return ["event": "note", "text": .string(text)]
    }
  }

  private static func step(
    _ event: Document, address: Address, type: String, action: Step.Action
  ) -> [String: Document] {
    [
      "event": event, "stack": .string(address.stack), "resource": .string(address.resource),
      "type": .string(type), "action": .string(action.rawValue),
    ]
  }
}
