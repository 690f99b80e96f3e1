import Document

/// A run of the past, as the journal knows it: for timelines.
public struct PastRun: Hashable, Sendable {
  public var id: String
  /// `apply`
  public var command: String
  /// When it began, in seconds since 1970.
  public var time: Double
  /// How long it took; `nil` where it has not ended.
  public var seconds: Double?
  public var revision: String?
  public var isDirty: Bool
  public var user: String
  /// `succeeded`, `failed`, `refused`, `interrupted`; `unfinished` where it goes on or was killed.
  public var outcome: String
  public var changes: [HistoryEntry]

  public init(
    id: String, command: String, time: Double, seconds: Double?, revision: String?, isDirty: Bool,
    user: String, outcome: String, changes: [HistoryEntry]
  ) {
    self.id = id
    self.command = command
    self.time = time
    self.seconds = seconds
    self.revision = revision
    self.isDirty = isDirty
    self.user = user
    self.outcome = outcome
    self.changes = changes
  }

  /// `4 changes in acme-prod: 3 succeeded, 1 failed`.
  var summary: String {
    guard !changes.isEmpty else { return "no changes" }
    let outcomes = ["failed", "skipped", "unfinished", "progressing", "succeeded"].compactMap {
      outcome -> String? in
      let count = changes.count { $0.outcome == outcome }
      return count > 0 ? "\(count) \(outcome)" : nil
    }
    let stacks = Wording.some(Set(changes.map(\.stack)).sorted())
    return "\(Wording.count(changes.count, "change")) in \(stacks): "
      + outcomes.joined(separator: ", ")
  }

  /// `desired state 4f2c91e, not all committed`; `nil` outside git.
  var state: String? {
    revision.map { "desired state \($0.prefix(7))" + (isDirty ? ", not all committed" : "") }
  }

  /// How the run ended, as a word for colours: `good`, `bad` or `open`.
  var tone: String {
    switch outcome {
    case "succeeded": "good"
    case "failed", "refused": "bad"
    default: "open"
    }
  }
}
