import Foundation
import Reports
import TrueupCore

/// Prints what a run does while it does it: live on a terminal, a line per event elsewhere, nothing
/// when the output is for programs.
final class ProgressPrinter: @unchecked Sendable {
  // Unchecked: `progress` is touched under `lock` alone.
  private let lock = NSLock()
  private var progress: LiveProgress?
  private let terminal: Terminal
  private let isQuiet: Bool

  init(terminal: Terminal, isQuiet: Bool) {
    self.terminal = terminal
    self.isQuiet = isQuiet
  }

  func begin(_ plan: Plan) {
    guard !isQuiet, terminal.isLive else { return }
    lock.withLock { progress = LiveProgress(plan, style: terminal.style) }
  }

  func handle(_ event: RunEvent) {
    guard !isQuiet else { return }
    let now = Date().timeIntervalSince1970
    lock.withLock {
      if progress == nil {
        terminal.write(EventText.line(event, at: now) + "\n")
      } else {
        terminal.write(progress?.handle(event, at: now) ?? "")
      }
    }
  }

  /// Rewrites the status line each second until the task is cancelled.
  func tick() async {
    guard !isQuiet, terminal.isLive else { return }
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
      lock.withLock {
        terminal.write(progress?.tick(at: Date().timeIntervalSince1970) ?? "")
      }
    }
  }

  func end() {
    lock.withLock { terminal.write(progress?.finish() ?? "") }
  }
}
