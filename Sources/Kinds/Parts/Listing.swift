import Document
import TrueupCore

/// One read that lists all resources of a type, and where they stand in its output.
struct Listing: Sendable {
  let read: Read
  /// The member of the output that holds them: `Vpcs`.
  let member: String
  /// The member of an item that holds its physical id; `nil` where that is the property that `Ref` returns.
  let id: String?
  /// The member of an item that says when it was created, in seconds since 1970; `nil` where none does.
  private let created: String?

  init(_ read: Read, _ member: String, id: String? = nil, created: String? = nil) {
    self.read = read
    self.member = member
    self.id = id
    self.created = created
  }

  /// What the list shows, ours and others'.
  func items(_ replies: Replies) -> [Document] { replies[read]?.output?[member]?.list ?? [] }

  func created(_ item: Document) -> Double? {
    // Some services count in milliseconds: of seconds, this would be the year 5138.
    created.flatMap { item[$0]?.double }.map { $0 > 100_000_000_000 ? $0 / 1000 : $0 }
  }
}
