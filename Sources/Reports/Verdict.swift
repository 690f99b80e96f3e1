import TrueupCore

/// What a change is called where people read of it: its action; what is gone in AWS stands apart from
/// what is new. The worst first.
enum Verdict: String, Hashable, CaseIterable {
  case delete, replace
  /// It was there, somebody deleted it in AWS, and it will be made again.
  case gone
  case update, blocked, stalled, adopt, create

  init(_ change: Change) {
    switch change.action {
    case .create: self = change.isGone ? .gone : .create
    case .update: self = .update
    case .replace: self = .replace
    case .delete: self = .delete
    case .adopt: self = .adopt
    case .blocked: self = .blocked
    case .stalled: self = .stalled
    }
  }

  /// What an apply does: `+` comes, `-` goes.
  var symbol: String {
    switch self {
    case .create, .gone: "+"
    case .update: "~"
    case .replace: "±"
    case .delete: "-"
    case .adopt: "»"
    case .blocked, .stalled: "!"
    }
  }

  var paint: TextStyle.Paint {
    switch self {
    case .create, .adopt: .green
    case .update: .yellow
    case .replace, .delete, .blocked, .stalled, .gone: .red
    }
  }

  /// So many of them, before they are applied: `3 to update`, `1 gone`.
  func counted(_ count: Int) -> String {
    switch self {
    case .blocked, .stalled, .gone: "\(count) \(rawValue)"
    default: "\(count) to \(rawValue)"
    }
  }
}

extension Change {
  /// Whether it was deleted in AWS behind the desired state's back.
  var isGone: Bool { action == .create && cause == .drift }

  /// What follows from it, where the word does not say so.
  var consequence: String? {
    if isGone { return "will be created again" }
    if losesData { return "the data in it is lost" }
    let losses = Set(differences.compactMap(\.loss)).sorted()
    guard isLoss, !losses.isEmpty else { return nil }
    return "counts as a deletion: \(losses.joined(separator: ", "))".printable
  }
}
