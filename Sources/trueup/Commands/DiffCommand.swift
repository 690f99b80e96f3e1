import Document
import Engine
import Reports

extension CommandRunner {
  /// Compares two recorded snapshots.
  func diff(_ invocation: Invocation) throws -> ExitStatus {
    let sides = try invocation.positionals.map { try SnapshotFiles.read($0) }
    let diff = SnapshotDiff(
      from: Array(sides[0].stacks.values), to: Array(sides[1].stacks.values))
    terminal.write(
      invocation.isJSON ? diff.json.json(indent: 2) + "\n" : diff.text(style: terminal.style))
    return diff.isSame ? .done : .found
  }
}
