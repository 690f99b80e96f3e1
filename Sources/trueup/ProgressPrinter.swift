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
  /// Results for people go to a terminal that can rewrite a line.
  private let showsReading: Bool
  private var hasReadingLine = false

  /// - Parameter isJSON: an object per event, also on a terminal.
  /// - Parameter isText: the results are for people.
  init(terminal: Terminal, isQuiet: Bool, isJSON: Bool, isText: Bool = false) {
    showsReading = terminal.isLive && isText && !isJSON
    self.terminal = terminal
    self.isQuiet = isQuiet
    self.isJSON = isJSON
    isLive = terminal.isLive && !isQuiet && !isJSON
  }

  func begin(_ plan: Plan) {
    guard isLive else { return }
    lock.withLock {
      eraseReading()
      progress = LiveProgress(plan, style: terminal.style)
    }
  }

  func handle(_ event: RunEvent) {
    guard !isQuiet else { return }
    let now = Date().timeIntervalSince1970
    lock.withLock {
      eraseReading()
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

  /// Shows how far the reading of AWS is.
  func reading(_ done: Int, of total: Int) {
    guard showsReading else { return }
    lock.withLock {
      guard progress == nil else { return }
      hasReadingLine = true
      terminal.write(LiveProgress.reading(done, of: total))
    }
  }

  /// Takes what is rewritten off the terminal: results, or a question, come next.
  func end() {
    lock.withLock {
      eraseReading()
      terminal.write(progress?.finish() ?? "")
    }
  }

  private func eraseReading() {
    guard hasReadingLine else { return }
    hasReadingLine = false
    terminal.write(LiveProgress.erased)
  }
}
