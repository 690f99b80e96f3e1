import Engine
import Foundation
import Journal
import TrueupCore

extension Session {
  /// The notifier where `--notify` asks for one. Throws where there is nobody to tell.
  static func notifier(
    _ invocation: Invocation, desired: Desired, journal: Journal?, cloud: any Cloud,
    environment: [String: String]
  ) throws -> Notifier? {
    guard invocation.has("--notify"), let journal else { return nil }
    let notifier = Notifier.connect(
      desired: desired, journal: journal, cloud: cloud, environment: environment)
    guard let notifier else {
      throw EarlyEnd(
        message: "--notify: fleet.jsonc names nobody to tell; add \"notify\": { \"destinations\": "
          + "{ \"ops\": { \"slack\": { \"webhook\": { \"env\": \"TRUEUP_SLACK_WEBHOOK\" } } } } }")
    }
    return notifier
  }

  /// Tells people what a run has found and done. What goes wrong with that is said, and does not
  /// change how the run ends: what could not be sent waits in the journal.
  func tell(_ report: RunReport, _ terminal: Terminal) async {
    guard let notifier else { return }
    await startNotice.finish()
    do throws(JournalError) {
      let notes = try await notifier.notify(report: report)
      for note in notes + (try await notifier.deliver()) {
        terminal.writeError("trueup: \(note)\n")
      }
    } catch {
      terminal.writeError("trueup: \(error.description)\n")
    }
  }
}

/// Tells people that an apply begins, while it goes on. `@unchecked`: `delivery` is touched under
/// `lock` alone.
final class StartNotice: @unchecked Sendable {
  private let lock = NSLock()
  private var delivery: Task<Void, Never>?
  private let notifier: Notifier?
  private let revision: String?

  /// - Parameter revision: the git revision; `nil` from a work tree with changes.
  init(_ notifier: Notifier?, revision: String?) {
    self.notifier = notifier
    self.revision = revision
  }

  /// - Parameter events: told of what went wrong.
  func send(_ plan: Plan, events: (RunEvent) -> Void) {
    guard let notifier else { return }
    do throws(JournalError) {
      try notifier.begin(plan, revision: revision)
    } catch {
      events(.note("nobody was told of the start: \(error.description)"))
    }
    let task = Task {
      // What does not go out now is tried again, and complained of, when the run has ended.
      _ = try? await notifier.deliver()
    }
    lock.withLock { delivery = task }
  }

  /// Waits until the notice is out, or could not be sent; a while at most.
  func finish() async { await lock.withLock { delivery }?.value }
}
