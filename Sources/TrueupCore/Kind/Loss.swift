import Document

/// What an update of a property may take away: what it says is true of the values, whatever the type. A
/// loss counts like a deletion.
public enum Loss: Hashable, Sendable {
  /// Members of a list that go, or the whole value: rules, grants, networks, copies.
  case members
  /// A number that falls: days, seconds.
  ///
  /// - absent: what holds where nothing is set; `nil` for no end.
  case less(absent: Double?)
  /// It leaves this value: a key that is disabled, versions that are no longer kept.
  case leaving(Document)
  /// Any other value than before.
  case change
  /// A limit that comes or changes: a boundary, a filter.
  case narrowing
  /// A policy: what it grants is taken back, or what it did not deny is denied.
  case policy
  /// Rules that delete what they match: one that comes, or deletes more or sooner than before.
  ///
  /// - deletingBy: the members by which a rule deletes.
  /// - while: the member that says whether it does, and the value that says so.
  case rules(deletingBy: Set<String>, while: String, is: Document)

  /// Whether it is one also where it undoes what was changed outside of the desired state: data is
  /// gone, whoever set the longer time; a rule that somebody let in was never granted.
  var countsForDrift: Bool {
    switch self {
    case .less, .rules: true
    case .members, .leaving, .change, .narrowing, .policy: false
    }
  }
}
