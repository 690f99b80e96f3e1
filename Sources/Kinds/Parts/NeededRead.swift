import Document
import TrueupCore

/// A read without which AWS shows no program the resources of a type. The floor of a plan with nothing to do is
/// made of these; a kind that reads more is over it. See docs/performance.md.
public struct NeededRead: Hashable, Sendable {
  public enum Extent: Hashable, Sendable {
    /// All that there is, so many on a page; `nil` where the operation takes no size.
    case list(page: Int?)
    /// What is named, so many in a call.
    case named(Int)
  }

  public let service: String
  public let operation: String
  public let extent: Extent
  /// The properties that it shows and that no list does: it is needed where one of them is declared or referred
  /// to. Empty where it is needed for whatever is declared.
  public let properties: [String]
  /// The property that names what is read, where that is not the resource itself: the topics of a policy.
  public let subject: PropertyPath?
  /// The property that names what it is made in, once for each: the zone of a record.
  public let place: PropertyPath?

  /// - Parameter read: a list, or the read of one thing.
  init(
    _ read: Read, named count: Int? = nil, for properties: [String] = [],
    of subject: PropertyPath? = nil, in place: PropertyPath? = nil
  ) {
    service = read.call.service
    operation = read.call.operation
    extent = count.map(Extent.named) ?? .list(page: read.pageSize)
    self.properties = properties
    self.subject = subject
    self.place = place
  }

  /// The same of an operation, by its name.
  init(
    _ service: String, _ operation: String, named count: Int, for properties: [String] = [],
    of subject: PropertyPath? = nil, in place: PropertyPath? = nil
  ) {
    self.init(
      Read(Call(service, operation, [:])), named: count, for: properties, of: subject, in: place)
  }

  /// Those of a kind; `nil` where it does not say.
  public static func all(of kind: any Kind) -> [NeededRead]? {
    (kind as? any SequencedKind)?.needed
  }
}

extension ComposedKind {
  var needed: [NeededRead] { ownNeeds }

  /// What follows from the parts: the list, what the tags are read with, and the details.
  var ownNeeds: [NeededRead] {
    ([listing.read] + tagging.reads).map { NeededRead($0) } + details.compactMap(\.needed)
  }
}

extension Detail {
  /// Told by asking about two resources: what is read for each names it.
  var needed: NeededRead? {
    func asked(_ id: String) -> Read? {
      let id = Document.string(id)
      return read(
        ["Name": id, "Arn": id, "logGroupArn": id, "dataProtectionStatus": "ACTIVATED"],
        id.string ?? "")
    }
    guard let first = asked("arn:aws:a:b:c:first") else { return nil }
    return NeededRead(
      first, named: first == asked("arn:aws:a:b:c:second") ? nil : 1, for: properties)
  }
}
