import Journal
import Reports
import TrueupCore

extension PastRun {
  /// A run as the journal has stored it, with the changes to show of it.
  init(_ record: RunRecord, changes: [ChangeRecord]) {
    self.init(
      id: record.start.id.rawValue, command: record.start.command, time: record.start.at,
      seconds: record.end.map { $0.at - record.start.at }, revision: record.start.revision,
      isDirty: record.start.dirty, user: record.start.user,
      outcome: record.end?.outcome.rawValue ?? "unfinished",
      changes: changes.map { HistoryEntry($0) })
  }
}

extension HistoryEntry {
  init(_ record: ChangeRecord, commit: Commit? = nil, isDirty: Bool = false) {
    self.init(
      time: record.end?.at ?? record.start.at, run: record.start.run.rawValue,
      stack: record.start.stack.split(separator: "/").last.map(String.init) ?? record.start.stack,
      resource: record.start.resource, action: record.start.action, cause: record.start.cause,
      outcome: record.end?.outcome.rawValue ?? "unfinished", error: record.end?.error,
      calls: record.end?.calls ?? 0, seconds: record.end?.seconds ?? 0,
      type: record.start.type, physicalID: record.end?.physicalID,
      differences: HistoryEntry.differences(record.start.differences),
      revision: record.start.revision, commit: commit, isDirty: isDirty)
  }
}
