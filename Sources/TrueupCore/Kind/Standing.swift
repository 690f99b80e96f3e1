import Document

/// How a resource stands besides its properties, as its kind tells from what AWS answers.
public enum Standing: Hashable, Sendable {
  /// What was changed before has come about, and what is planned may start.
  case settled
  /// What was changed before is under way, in words.
  case progressing(String)
  case stalled(Stall)
}

/// Why a resource is stalled: it does not go on until what is wanted changes, or a person says so.
/// The word is that of kstatus (https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus).
public struct Stall: Hashable, Sendable {
  /// For people: the cause.
  public var reason: String
  /// For people: what a person may do.
  public var remedy: String

  public init(_ reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  /// Both.
  public var text: String { "\(reason); \(remedy)" }
}

/// What a kind wants to know next to tell how a resource stands.
public enum Inquiry: Hashable, Sendable {
  /// A read; its reply is appended to the replies, and the kind is asked again.
  case call(Call)
  case answer(Standing)
}

/// What a person says of one resource, for one run.
public enum Answer: String, Hashable, Sendable {
  /// What is stalled is started once more.
  case again
  /// What waits for a person goes on.
  case approve
  /// What is under way goes back to what was before.
  case rollback
}
