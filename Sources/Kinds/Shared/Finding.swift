import Document
import TrueupCore

/// What an observation learned from one read.
enum Finding {
  case found(Document)
  /// AWS says that there is no such thing.
  case nothing
  /// It is not known, and why.
  case unread(String)
}

extension Replies {
  /// What the read showed; `unread` where it failed or was not made.
  func finding(_ read: Read) -> Finding {
    switch self[read] {
    case .success(let output): .found(output)
    case .absent: .nothing
    case .failure(let failure): .unread(failure.message)
    case nil: .unread(notAskedFor)
    }
  }
}

/// The reason for what no declaration compares, so that nobody asked AWS for it.
let notAskedFor = "not read: no desired resource declares or refers to it"

extension ReadContext {
  /// The properties worth a read of their own for one resource: those declared for its id or name,
  /// and, where it is ours by its tags, for any resource of the type. Empty for others' resources.
  func declared(id: String, tags: [String: String]) -> Set<String> {
    (candidates[id] ?? []).union(owns(tags) ? properties : [])
  }
}

extension Observed {
  /// Sets a property to what a read showed of it, or marks it as unread.
  mutating func add(_ property: String, _ finding: Finding, _ value: (Document) -> Document?) {
    switch finding {
    case .found(let output):
      properties = properties.merging(.members([property: value(output)]))
    case .nothing: break
    case .unread(let reason): unread[PropertyPath([property])] = reason
    }
  }

  /// Marks properties as unread.
  mutating func mark(_ properties: [String], _ reason: String) {
    for property in properties { unread[PropertyPath([property])] = reason }
  }
}
