import Document
import TrueupCore

/// What `plan`, `drift`, `apply` and `destroy` tell programs: `formatVersion` 1. Every key is always
/// there, null where there is nothing to say; stacks and changes are sorted.
public enum PlanJSON {
  /// The report. An `apply` or `destroy` also has `run`, and `outcome`, `error`, `calls` and `seconds`
  /// per change; one that was made from snapshots says from which in `snapshot`.
  public static func render(_ report: RunReport) -> Document {
    let shown = report.shown
    let isRun = report.command.changesAWS
    let stacks = shown.plan.stacks.sorted { $0.id < $1.id }
    var members: [String: Document] = [
      "formatVersion": 1,
      "revision": Document(text: shown.revision),
      "dirty": .bool(shown.isDirty),
      "stacks": .list(stacks.map { stack($0, in: shown, isRun: isRun) }),
      "summary": summary(shown),
      "warnings": .list(report.warnings.map(WarningText.json)),
      "calls": [
        "total": .integer(shown.calls.total),
        "byService": .object(shown.calls.byService.mapValues(Document.integer)),
      ],
    ]
    if isRun { members["run"] = Document(text: shown.run) }
    if let snapshot = shown.snapshot { members["snapshot"] = .string(snapshot) }
    if !shown.checks.isEmpty { members["checks"] = .list(shown.checks.map(check)) }
    if report.command == .reconcile {
      members["heldBack"] = .list(
        report.heldBack.map { held in
          [
            "stack": .string(held.stack), "revision": Document(text: held.revision),
            "reason": .string(held.reason),
          ]
        })
    }
    return .object(members)
  }

  private static func stack(_ stack: Plan.Stack, in report: RunReport, isRun: Bool) -> Document {
    let failed = stack.changes.count { $0.outcome?.result == .failed }
    let error =
      stack.error ?? report.refusals[stack.id.name]
      ?? (failed > 0 ? "\(Wording.count(failed, "change")) failed" : nil)
    let changes = stack.changes.sorted {
      ($0.address, $0.id ?? "") < ($1.address, $1.id ?? "")
    }
    let notChecked = stack.notChecked.sorted { ($0.address, $0.path) < ($1.address, $1.path) }
    var members: [String: Document] = [
      "stack": .string(stack.id.name),
      "account": .string(stack.account),
      "region": .string(stack.region),
      "status": error != nil ? "failed" : stack.isSuspended ? "suspended" : "ok",
      "error": Document(text: error),
      "changes": .list(changes.map { change($0, isRun: isRun) }),
      "notChecked": .list(
        notChecked.map { item in
          [
            "address": .string(item.address.description),
            "path": .string(item.path.description),
            "reason": .string(item.reason),
          ]
        }),
    ]
    let notes = stack.notesAndWait
    if !notes.isEmpty { members["notes"] = .list(notes.map(Document.string)) }
    return .object(members)
  }

  private static func check(_ check: CheckResult) -> Document {
    let verdict =
      switch check.verdict {
      case .passed: "passed"
      case .denied: "denied"
      case .broken: "broken"
      case .notRun: "not run"
      }
    return [
      "name": .string(check.name), "verdict": .string(verdict), "warn": .bool(check.warns),
      "problem": Document(text: check.problem), "output": .string(check.output),
    ]
  }

  private static func change(_ change: Change, isRun: Bool) -> Document {
    var members: [String: Document] = [
      "address": .string(change.address.description),
      "resource": .string(change.address.resource),
      "type": .string(change.type),
      "id": Document(text: change.id),
      "action": .string(change.action.rawValue),
      "reason": Document(text: change.reason),
      "cause": .string(change.cause.rawValue),
      "gone": .bool(change.isGone),
      "desired": change.desired ?? .null,
      "differences": .list(change.differences.map(difference)),
      "after": .list(change.after.map(prerequisite)),
    ]
    if let hint = change.hint { members["hint"] = .string(hint) }
    if change.losesData { members["losesData"] = true }
    if let scope = change.scope {
      members["account"] = .string(scope.account)
      members["region"] = Document(text: scope.region)
    }
    if isRun {
      members["outcome"] = Document(text: change.outcome?.result.rawValue)
      members["error"] = Document(text: change.outcome?.error)
      members["calls"] = change.outcome.map { .integer($0.calls) } ?? .null
      members["seconds"] = change.outcome.map { .double($0.seconds) } ?? .null
    }
    return .object(members)
  }

  private static func difference(_ difference: Difference) -> Document {
    var members: [String: Document] = [
      "path": .string(difference.path.description),
      "desired": difference.desired ?? .null,
      "observed": difference.observed ?? .null,
      "lastApplied": difference.lastApplied ?? .null,
      "effect": .string(difference.effect.rawValue),
    ]
    if let loss = difference.loss { members["loss"] = .string(loss) }
    return .object(members)
  }

  private static func prerequisite(_ prerequisite: Change.Prerequisite) -> Document {
    [
      "address": .string(prerequisite.address.description),
      "because": .string(prerequisite.because.rawValue),
      "path": Document(text: prerequisite.path?.description),
    ]
  }

  private static func summary(_ report: RunReport) -> Document {
    var counts = Dictionary(
      uniqueKeysWithValues: Change.Action.allCases.map { action in
        (action.rawValue, Document.integer(report.count(action)))
      })
    counts["inSync"] = .integer(report.resourcesInSync)
    return .object(counts)
  }
}

extension Document {
  /// The text, or null.
  init(text: String?) { self = text.map(Document.string) ?? .null }
}
