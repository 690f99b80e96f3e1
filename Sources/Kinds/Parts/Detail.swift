import Document
import TrueupCore

/// A read of one resource, which shows properties that its list does not.
struct Detail: Sendable {
  /// The properties that it shows. It is asked for where one is declared.
  let properties: [String]
  /// It is asked for of all that concern us, whatever is declared, and what it does not find is not there.
  let isNeeded: Bool
  let read: @Sendable (_ item: Document, _ id: String) -> Read?
  private let values: @Sendable (_ output: Document) -> [String: Document?]

  /// - Parameters:
  ///   - read: `nil` where the listed item shows that there is nothing to read.
  ///   - values: the properties in its output, in registry terms.
  init(
    _ properties: [String], isNeeded: Bool = false,
    read: @escaping @Sendable (_ item: Document, _ id: String) -> Read?,
    values: @escaping @Sendable (_ output: Document) -> [String: Document?]
  ) {
    self.properties = properties
    self.isNeeded = isNeeded
    self.read = read
    self.values = values
  }

  func wanted(of entry: ListedItem) -> Read? {
    let isWanted = isNeeded ? entry.isNamed : !entry.declared.isDisjoint(with: properties)
    return isWanted ? read(entry.item, entry.id) : nil
  }

  /// Adds what the replies show of it. Returns whether the resource is there at all.
  func add(to observed: inout Observed, _ item: Document, _ replies: Replies) -> Bool {
    guard let read = read(item, observed.id) else { return true }
    switch replies.finding(read) {
    case .found(let output):
      observed.properties = observed.properties.merging(.members(values(output)))
    case .nothing: return !isNeeded
    case .unread(let reason): observed.mark(properties, reason)
    }
    return true
  }
}
