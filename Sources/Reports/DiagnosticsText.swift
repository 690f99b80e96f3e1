import TrueupCore

/// An error in the desired state, as people read it: where, and what.
public struct LocatedMessage: Hashable, Sendable {
  public var location: SourceLocation?
  public var message: String

  public init(location: SourceLocation?, message: String) {
    self.location = location
    self.message = message
  }
}

/// The errors of the desired state: all of them, each with its place, then how many.
public enum DiagnosticsText {
  /// One line per error, sorted by place, and `2 errors in 2 files; nothing was sent to AWS.`
  /// Ends in a line break; empty when there is none.
  public static func render(_ messages: [LocatedMessage], style: TextStyle = .plain) -> String {
    guard !messages.isEmpty else { return "" }
    let lines = messages.sorted(by: isBefore).map { item in
      let place = item.location.map { style.paint("\($0):", .bold) + " " } ?? ""
      return place + item.message.printable
    }
    let files = Set(messages.compactMap(\.location?.file)).count
    let place = files > 0 ? " in \(Wording.count(files, "file"))" : ""
    let count = style.paint("\(Wording.count(messages.count, "error"))\(place)", .red)
    return (lines + ["\(count); nothing was sent to AWS."]).map { $0 + "\n" }.joined()
  }

  /// Errors without a place come first: they are about the whole.
  private static func isBefore(_ left: LocatedMessage, _ right: LocatedMessage) -> Bool {
    switch (left.location, right.location) {
    case (nil, nil): left.message < right.message
    case (nil, _): true
    case (_, nil): false
    case (let first?, let second?): (first, left.message) < (second, right.message)
    }
  }
}
