import TrueupCore

/// A run as a terminal shows it while it goes on: a line per finished step, grouped by stack, and
/// below them one line, written again and again, of what runs now and for how long.
///
/// Pure: every function returns the text to write as it is.
public struct LiveProgress: Sendable {
  private struct Running: Sendable {
    var action: Step.Action
    var since: Double
    var waitingFor: String?
  }

  private var style: TextStyle
  /// Columns of the longest logical id, for alignment.
  private var nameWidth: Int
  /// The stack whose heading was written last.
  private var heading: String?
  private var running: [PlannedStep.ID: Running] = [:]
  private var hasStatusLine = false
  private var isStopping = false
  /// Steps that have ended, of how many.
  private var done = 0
  private let total: Int

  public init(_ plan: Plan, style: TextStyle) {
    self.style = style
    total = plan.steps.count
    nameWidth = plan.changes.map(\.address.resource.columns).max() ?? 0
  }

  /// The status line while AWS is read, in place of the one before.
  public static func reading(_ done: Int, of total: Int) -> String {
    "\(erased)  … reading AWS: \(done) of \(Wording.count(total, "list"))"
  }

  /// Erases the line from its beginning, where CR puts the cursor.
  /// Source: ECMA-48, EL.
  public static let erased = "\r\u{1B}[K"

  /// Takes in an event; `time` is in seconds, of any clock that does not go back.
  public mutating func handle(_ event: RunEvent, at time: Double) -> String {
    var lines: [String] = []
    switch event {
    case .stepStarted(let address, _, let action):
      running[.init(address: address, action: action)] = Running(action: action, since: time)
    case .stepWaiting(let address, _, let action, let seconds, let reason):
      running[.init(address: address, action: action)] = Running(
        action: action, since: time - seconds, waitingFor: reason.printable)
    case .stepFinished(let address, _, let action, let outcome, let detail):
      running[.init(address: address, action: action)] = nil
      done += 1
      lines = finished(address, action: action, outcome: outcome, detail: detail)
    case .stopping:
      isStopping = true
      lines = [EventText.stopping]
    case .note(let text):
      lines = [text.printable]
    }
    return redraw(lines, at: time)
  }

  /// Writes the status line again, with the time that has passed.
  public mutating func tick(at time: Double) -> String { redraw([], at: time) }

  /// Takes the status line away, at the end of the run.
  public mutating func finish() -> String {
    running = [:]
    return redraw([], at: 0)
  }

  private mutating func finished(
    _ address: Address, action: Step.Action, outcome: Outcome, detail: String
  ) -> [String] {
    var lines: [String] = []
    if heading != address.stack {
      heading = address.stack
      lines.append(style.paint(address.stack, .bold))
    }
    let symbol = style.paint(outcome.result.symbol, outcome.result.paint)
    let name = address.resource.printable.padded(to: nameWidth)
    let end = action.end(outcome, detail: detail)
    var row = "  \(symbol) \(name)  "
    if outcome.result == .succeeded {
      let values = ValueText(stack: address.stack, limit: style.valueLimit)
      row += "\(end.verb)   \(values.shortened(end.detail).padded(to: 24))"
    } else {
      row += "\(end.verb)\(end.separator)\(end.detail)"
    }
    if outcome.result != .skipped { row += "   \(Wording.duration(outcome.seconds))" }
    return lines + [row]
  }

  private mutating func redraw(_ lines: [String], at time: Double) -> String {
    var text = hasStatusLine ? Self.erased : ""
    text += lines.map { $0 + "\n" }.joined()
    let status = statusLine(at: time)
    hasStatusLine = status != nil
    return text + (status ?? "")
  }

  /// The step that has run longest, and how many others run; `nil` when nothing does.
  private func statusLine(at time: Double) -> String? {
    let oldest = running.min {
      ($0.value.since, $0.key) < ($1.value.since, $1.key)
    }
    guard let (id, step) = oldest else { return nil }
    let passed = Wording.duration((time - step.since).rounded(.down))
    let what =
      step.waitingFor.map { "waiting \(passed) for \($0)" } ?? "\(step.action.present) \(passed)"
    let others = running.count > 1 ? "   and \(running.count - 1) more running" : ""
    let stopping = isStopping ? "stopping: " : ""
    let progress = total > 1 ? "\(min(done, total)) of \(total)   " : ""
    let line = "  … \(progress)\(stopping)\(id.address.resource.printable)  \(what)\(others)"
    guard let width = style.width else { return line }
    return line.prefix(columns: max(1, width - 1))
  }
}
