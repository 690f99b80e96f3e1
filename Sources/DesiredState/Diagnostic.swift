import TrueupCore

/// Something wrong, or questionable, in the desired state: what, where, and the remedy.
public struct Diagnostic: Hashable, Comparable, Sendable, CustomStringConvertible {
  public enum Severity: String, Hashable, Sendable {
    case error, warning
  }

  public var severity: Severity
  /// `nil` where no single place is to blame.
  public var location: SourceLocation?
  public var message: String
  /// Which stacks it concerns, where that is not all that share the file.
  public var note: String?
  /// AWS has to be asked before this can be decided: the error says that it was not.
  public var isUndecided: Bool
  /// The stacks for which it was found, where it was found for single ones.
  public var stacks: Set<String>

  public init(
    severity: Severity = .error, location: SourceLocation?, message: String, note: String? = nil,
    isUndecided: Bool = false, stacks: Set<String> = []
  ) {
    self.severity = severity
    self.location = location
    self.message = message
    self.note = note
    self.isUndecided = isUndecided
    self.stacks = stacks
  }

  /// One line, as compilers print it: `file:line:column: message (note)`.
  public var description: String {
    (location.map { "\($0): " } ?? "") + (severity == .warning ? "warning: " : "") + message
      + (note.map { " (\($0))" } ?? "")
  }

  public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    switch (left.location, right.location) {
    case (let left?, let right?) where left != right: left < right
    case (nil, _?): true
    case (_?, nil): false
    default: left.description < right.description
    }
  }
}
