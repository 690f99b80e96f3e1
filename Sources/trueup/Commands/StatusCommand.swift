import DesiredState
import Journal
import Reports
import TrueupCore

extension CommandRunner {
  /// How the stacks stand, from the journal alone.
  func status(_ invocation: Invocation) throws -> ExitStatus {
    let directory = invocation.directory
    let root = try GitRepository.containing(directory)?.root
    let path = Session.journalPath(invocation, root: root)
    guard let journal = try Session.journal(at: path, writes: false) else {
      throw EarlyEnd(message: "there is no journal at \(path): nothing was applied from here")
    }
    let changes = try journal.lastChanges()
    let records = try journal.stackRecords()
    let commits = try journal.commits(Set(records.compactMap(\.revision)))
    let stacks = records.map { record in
      StackStatus(
        stack: record.stack.split(separator: "/").last.map(String.init) ?? record.stack,
        state: record.state, command: record.command, lastRun: record.at,
        lastChange: changes[record.stack], revision: record.revision,
        commit: record.revision.flatMap { commits[$0] })
    }.filter { invocation.positionals.isEmpty || invocation.positionals.contains($0.stack) }
    if let unknown = invocation.positionals.first(where: { name in
      !stacks.contains { $0.stack == name }
    }) {
      throw EarlyEnd(message: "the journal knows no stack called \"\(unknown)\"")
    }
    terminal.write(
      invocation.isJSON
        ? StatusText.json(stacks).json(indent: 2) + "\n"
        : StatusText.render(stacks, style: terminal.style))
    return StatusText.exitStatus(stacks)
  }
}
