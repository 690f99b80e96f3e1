import Document
import TrueupCore

/// One read that lists all resources of a type, and where they stand in its output.
struct Listing: Sendable {
  let read: Read
  /// The member of the output that holds them: `Vpcs`.
  let member: String
  /// The member of an item that holds its physical id; `nil` where that is the property that `Ref` returns.
  let id: String?
  /// The member of an item that says when it was created; `nil` where none does.
  private let created: String?
  /// The member of each item that holds the resources themselves, where they live in others: `Routes`.
  private let inner: String?
  /// What of those others the resources are shown with: `RouteTableId`.
  private let outer: [String]

  init(
    _ read: Read, _ member: String, each inner: String? = nil, with outer: [String] = [],
    id: String? = nil, created: String? = nil
  ) {
    self.read = read
    self.member = member
    self.inner = inner
    self.outer = outer
    self.id = id
    self.created = created
  }

  /// What the list shows, ours and others'.
  func items(_ replies: Replies) -> [Document] {
    let items = replies[read]?.output?[member]?.list ?? []
    guard let inner else { return items }
    return items.flatMap { item in
      let shown = Document.members(item.members(named: outer))
      return (item[inner]?.list ?? []).map { $0.merging(shown) }
    }
  }

  /// In seconds since 1970.
  func created(_ item: Document) -> Double? {
    // Some services count in milliseconds: of seconds, this would be the year 5138.
    created.flatMap { item[$0]?.double }.map { $0 > 100_000_000_000 ? $0 / 1000 : $0 }
  }
}
