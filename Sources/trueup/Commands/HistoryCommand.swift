import DesiredState
import Document
import Foundation
import Journal
import Reports
import TrueupCore

extension CommandRunner {
  /// What past runs have changed, from the journal alone.
  func history(_ invocation: Invocation) throws -> ExitStatus {
    let directory = invocation.string("--desired") ?? "desired-state"
    let root = try GitRepository.containing(directory)?.root
    let path = Session.journalPath(invocation, root: root)
    guard let journal = try Session.journal(at: path, writes: false) else {
      throw EarlyEnd(message: "there is no journal at \(path): nothing was applied from here")
    }
    let records = try records(journal, invocation)
    let commits = try journal.commits(Set(records.compactMap(\.start.revision)))
    var isDirty: [RunID: Bool] = [:]
    for run in try journal.runs(limit: .max) { isDirty[run.start.id] = run.start.dirty }
    let entries = records.map { record in
      HistoryEntry(
        time: record.end?.at ?? record.start.at, run: record.start.run.rawValue,
        stack: record.start.stack.split(separator: "/").last.map(String.init) ?? record.start.stack,
        resource: record.start.resource, action: record.start.action, cause: record.start.cause,
        outcome: record.end?.outcome.rawValue ?? "unfinished", error: record.end?.error,
        calls: record.end?.calls ?? 0, seconds: record.end?.seconds ?? 0,
        revision: record.start.revision, commit: record.start.revision.flatMap { commits[$0] },
        isDirty: isDirty[record.start.run] ?? false)
    }
    terminal.write(
      (invocation.isJSON
        ? HistoryText.json(entries).json(indent: 2) + "\n"
        : HistoryText.render(entries, style: terminal.style)))
    return .done
  }

  private func records(_ journal: Journal, _ invocation: Invocation) throws -> [ChangeRecord] {
    let limit = invocation.integer("--limit") ?? 50
    guard let asked = invocation.positionals.first else {
      return try journal.history(stack: nil, resource: nil, limit: limit)
    }
    if let run = try journal.run(matching: asked) {
      return Array(try journal.changes(of: run.start.id).prefix(limit))
    }
    let parts = asked.split(separator: "/", maxSplits: 1).map(String.init)
    let all = try journal.history(
      stack: nil, resource: parts.count > 1 ? parts[1] : nil, limit: .max)
    let found = all.filter {
      $0.start.stack.split(separator: "/").last.map(String.init) == parts[0]
    }
    guard !found.isEmpty else {
      throw EarlyEnd(
        message: "the journal knows no run, stack or resource called \"\(asked)\"")
    }
    return Array(found.prefix(limit))
  }
}
