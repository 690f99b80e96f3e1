import Engine
import Foundation
import Journal
import Kinds
import TrueupCore

/// What a command that talks to AWS works with.
struct Session: Sendable {
  let reconciler: Reconciler
  let progress: ProgressPrinter
  /// `nil` where there is none and nothing is to be written.
  let journal: Journal?
  let notifier: Notifier?
  let startNotice: StartNotice
  /// Whether the run was asked to stop.
  let shouldStop: @Sendable () -> Bool

  /// - Parameter writes: the command changes things: the journal is made where there is none.
  init(
    _ invocation: Invocation, _ state: LoadedState, terminal: Terminal,
    environment: [String: String], writes: Bool
  ) throws {
    let path = Self.journalPath(invocation, root: state.root)
    let journal = try Self.journal(at: path, writes: writes || invocation.has("--notify"))
    let parallelism = invocation.integer("--parallelism") ?? 10
    let progress = ProgressPrinter(
      terminal: terminal, isQuiet: invocation.format != .text || !writes,
      isJSON: invocation.logsJSON, isText: invocation.format == .text)
    let stop: StopSignal? = writes ? StopSignal() : nil
    let shouldStop: @Sendable () -> Bool = { stop?.isRaised ?? false }
    let cloud = try AWSCloud.connect(
      accounts: state.desired.accounts, project: state.desired.project, environment: environment,
      connections: max(Reconciler.readsAtOnce, parallelism),
      trace: try TraceFile(invocation))
    let notifier = try Self.notifier(
      invocation, desired: state.desired, journal: journal, cloud: cloud, environment: environment)
    let checks = PolicyChecks(
      invocation, state, environment: environment, shouldStop: { stop?.isRaised ?? false })
    if writes { try checks.requireAllowed() }
    let startNotice = StartNotice(notifier, revision: state.isDirty ? nil : state.revision)
    reconciler = Reconciler(
      catalog: .standard, cloud: cloud, journal: journal,
      locks: FileStackLocks(directory: Self.lockDirectory(ofJournal: path)),
      clock: .system, random: { UInt16.random(in: 0...UInt16.max) }, parallelism: parallelism,
      environment: environment,
      history: state.history(invocation),
      projectsAt: { LoadedState.projects(at: $0, invocation) },
      shouldStop: shouldStop,
      planned: { plan in
        progress.begin(plan)
        startNotice.send(plan, events: progress.handle)
      }, reading: progress.reading, judge: { report in checks.judge(report) },
      events: progress.handle)
    self.shouldStop = shouldStop
    self.progress = progress
    self.journal = journal
    self.notifier = notifier
    self.startNotice = startNotice
  }

  // MARK: Journal

  /// `--journal`, `TRUEUP_JOURNAL`, else `.trueup/journal.db` in the git root, or here.
  static func journalPath(_ invocation: Invocation, root: String?) -> String {
    invocation.string("--journal")
      ?? (root ?? FileManager.default.currentDirectoryPath) + "/.trueup/journal.db"
  }

  static func lockDirectory(ofJournal path: String) -> String {
    (path as NSString).deletingLastPathComponent + "/locks"
  }

  static func journal(at path: String, writes: Bool) throws -> Journal? {
    let exists = FileManager.default.fileExists(atPath: path)
    guard exists || writes else { return nil }
    let journal = try Journal(path: path)
    let directory = (path as NSString).deletingLastPathComponent
    let ignore = directory + "/.gitignore"
    if !exists, (directory as NSString).lastPathComponent == ".trueup",
      !FileManager.default.fileExists(atPath: ignore)
    {
      try "*\n".write(toFile: ignore, atomically: true, encoding: .utf8)
    }
    return journal
  }
}

extension EngineClock {
  static let system = EngineClock(
    now: { Date().timeIntervalSince1970 },
    sleep: { seconds in
      // A cancelled sleep ends early; the caller looks at the task itself.
      try? await Task.sleep(for: .seconds(seconds))
    })
}
