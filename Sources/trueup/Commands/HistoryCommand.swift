import DesiredState
import Document
import Foundation
import Journal
import Reports
import TrueupCore

extension CommandRunner {
  /// What past runs have changed, from the journal alone.
  func history(_ invocation: Invocation) throws -> ExitStatus {
    let directory = invocation.directory
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
        record, commit: record.start.revision.flatMap { commits[$0] },
        isDirty: isDirty[record.start.run] ?? false)
    }
    switch invocation.format {
    case .json: terminal.write(HistoryText.json(entries).json(indent: 2) + "\n")
    case .markdown: terminal.write(HistoryMarkdown.render(try runs(of: records, journal)))
    case .html:
      terminal.write(
        HistoryHTML.render(try runs(of: records, journal), at: Date().timeIntervalSince1970))
    case .text, .dot, .mermaid:
      terminal.write(
        HistoryText.render(
          entries, showsValues: !invocation.positionals.isEmpty || invocation.has("--full"),
          style: invocation.style(terminal)))
    }
    return .done
  }

  /// The runs that the changes belong to, newest first, each with these changes alone.
  private func runs(of records: [ChangeRecord], _ journal: Journal) throws -> [PastRun] {
    try Dictionary(grouping: records, by: \.start.run).compactMap { id, changes in
      try journal.run(matching: id.rawValue).map { PastRun($0, changes: changes) }
    }.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
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
