import TrueupCore

/// A run as Prometheus reads it: the text exposition format, version 0.0.4, for the textfile collector
/// of node_exporter (which takes no timestamps).
/// Source: Prometheus documentation, "Exposition formats"; node_exporter, "Textfile Collector".
public enum MetricsText {
  /// All families, sorted by name, each with HELP and TYPE; ends in a line break.
  ///
  /// - Parameter time: when the run ended, in seconds since 1970.
  public static func render(_ report: RunReport, exit: ExitStatus, at time: Double) -> String {
    families(report, exit: exit, time: time).sorted { $0.name < $1.name }.map(text).joined()
  }

  private struct Family {
    var name: String
    var help: String
    var samples: [(labels: [(String, String)], value: Double)]
  }

  private static func families(
    _ report: RunReport, exit: ExitStatus, time: Double
  ) -> [Family] {
    let command = ("command", report.command.rawValue)
    let held = Set(report.heldBack.map(\.stack))
    let states = report.plan.stacks.sorted { $0.id < $1.id }.map {
      (name: $0.id.name, state: report.state(of: $0))
    }
    let left = held.subtracting(states.map(\.name)).sorted()
    let all = states + left.map { ($0, StackState(status: .failed)) }
    return [
      Family(
        name: "trueup_stack_status", help: "How a stack stands: 1 for the status that it has.",
        samples: all.flatMap { name, state in
          StackState.Status.allCases.map { status in
            ([("stack", name), ("status", word(status))], state.status == status ? 1 : 0)
          }
        }),
      Family(
        name: "trueup_stack_resources", help: "Resources of a stack, by how they stand.",
        samples: states.flatMap { name, state in
          [
            ("drifted", state.drifted), ("failed", state.failed), ("in_sync", state.inSync),
            ("pending", state.pending),
          ].map { ([("stack", name), ("state", $0.0)], Double($0.1)) }
        }),
      Family(
        name: "trueup_stack_held_back",
        help: "Whether a stack stays at its last good revision because it does not compile.",
        samples: all.map { ([("stack", $0.0)], held.contains($0.0) ? 1 : 0) }),
      Family(
        name: "trueup_stack_last_run_timestamp_seconds",
        help: "When the last run that looked at a stack ended.",
        samples: states.map { ([("stack", $0.name)], time.rounded(.down)) }),
      Family(
        name: "trueup_run_timestamp_seconds", help: "When the last run ended.",
        samples: [([command], time.rounded(.down))]),
      Family(
        name: "trueup_run_duration_seconds", help: "How long the last run took.",
        samples: [([command], report.seconds)]),
      Family(
        name: "trueup_run_exit_code", help: "The exit code of the last run.",
        samples: [([command], Double(exit.rawValue))]),
      Family(
        name: "trueup_run_api_calls", help: "API calls of the last run, by service.",
        samples: report.calls.byService.sorted { $0.key < $1.key }.map {
          ([command, ("service", $0.key)], Double($0.value))
        }),
      Family(
        name: "trueup_run_changes",
        help: "Changes of the last run, by action and outcome; open ones were not made.",
        samples: changes(report, command)),
    ]
  }

  private static func changes(
    _ report: RunReport, _ command: (String, String)
  ) -> [(labels: [(String, String)], value: Double)] {
    let results: [Outcome.Result?] = [.failed, nil, .progressing, .skipped, .stalled, .succeeded]
    return Change.Action.allCases.sorted { $0.rawValue < $1.rawValue }.flatMap { action in
      results.map { result in
        let count = report.plan.changes.count {
          $0.action == action && $0.outcome?.result == result
        }
        return (
          [command, ("action", action.rawValue), ("outcome", result?.rawValue ?? "open")],
          Double(count)
        )
      }
    }
  }

  private static func text(_ family: Family) -> String {
    guard !family.samples.isEmpty else { return "" }
    var lines = ["# HELP \(family.name) \(family.help)", "# TYPE \(family.name) gauge"]
    for sample in family.samples {
      let labels = sample.labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
      lines.append("\(family.name){\(labels)} \(number(sample.value))")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func word(_ status: StackState.Status) -> String {
    status.rawValue.replacing(" ", with: "_")
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
