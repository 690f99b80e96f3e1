// The first apply of a whole fleet with replies from memory, for `Scripts/bench/offline.py`, which measures
// the processor time:
//
//     ApplyBench DESIRED-STATE JOURNAL
//
// Tells how many changes there were; ends with 1 where not all of them succeeded.

import DesiredState
import Engine
import Foundation
import Journal
import Kinds
import TrueupCore

struct FreeLocks: StackLocking {
  func lock(_ stack: StackID) -> Result<any Sendable, StackLockError> { .success(0) }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: ApplyBench DESIRED-STATE JOURNAL")
  exit(1)
}
do {
  let files = try DesiredFiles.read(directory: arguments[1])
  guard let desired = Compiler(catalog: .standard).compile(files).desired else {
    print("\(arguments[1]) does not compile")
    exit(1)
  }
  let reconciler = Reconciler(
    catalog: .standard, cloud: MemoryCloud(), journal: try Journal(path: arguments[2]),
    locks: FreeLocks(),
    clock: EngineClock(now: { Date().timeIntervalSince1970 }, sleep: { _ in await Task.yield() }),
    random: { 0 })
  let report = try await reconciler.apply(
    Reconciler.Request(command: .apply, desired: desired),
    by: Reconciler.Operator(user: "bench", host: "bench"))
  let changes = report.plan.changes
  let failed = changes.filter { $0.outcome?.result != .succeeded }
  print(#"{"changes": \#(changes.count), "calls": \#(report.calls.total)}"#)
  for change in failed.prefix(5) {
    print("\(change.address): \(change.outcome?.error ?? change.reason ?? "not done")")
  }
  exit(failed.isEmpty && !changes.isEmpty ? 0 : 1)
} catch {
  print("\(error)")
  exit(1)
}
