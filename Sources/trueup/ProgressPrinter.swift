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
  private let isJSON: Bool
  private let isLive: Bool

  /// - Parameter isJSON: an object per event, also on a terminal.
  init(terminal: Terminal, isQuiet: Bool, isJSON: Bool) {
    self.terminal = terminal
    self.isQuiet = isQuiet
    self.isJSON = isJSON
    isLive = terminal.isLive && !isQuiet && !isJSON
  }

  func begin(_ plan: Plan) {
    guard isLive else { return }
    lock.withLock { progress = LiveProgress(plan, style: terminal.style) }
  }

  func handle(_ event: RunEvent) {
    guard !isQuiet else { return }
    let now = Date().timeIntervalSince1970
    lock.withLock {
      if progress == nil {
        let line =
          isJSON ? EventJSON.line(event, at: now) : EventText.line(event, at: now)
        terminal.write(line + "\n")
      } else {
        terminal.write(progress?.handle(event, at: now) ?? "")
      }
    }
  }

  /// Rewrites the status line each second until the task is cancelled.
  func tick() async {
    guard isLive else { return }
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
