import Document
import TrueupCore

/// Bringing settings to one form. Parts that a plan does not know yet stay as they are.
extension Document {
  /// This object with the members that it lacks.
  func defaulting(to defaults: [String: Document]) -> Document {
    guard let members = object else { return self }
    return .object(defaults.merging(members) { $1.isNull ? $0 : $1 })
  }

  /// This object without those members for which S3 reads the value as if the member were missing.
  func dropping(_ meaningless: [String: Document]) -> Document {
    guard let members = object else { return self }
    return .object(members.filter { !$0.value.isNull && meaningless[$0.key] != $0.value })
  }

  /// This value without its empty lists, which XML cannot tell from none.
  var withoutEmptyLists: Document {
    switch self {
    case .list(let elements): .list(elements.map(\.withoutEmptyLists))
    case .object(let members):
      .object(members.filter { $0.value.list?.isEmpty != true }.mapValues(\.withoutEmptyLists))
    default: self
    }
  }

  /// This value without the members that the registry has no name for.
  func known(to schema: PropertySchema?) -> Document {
    switch self {
    case .list(let elements): .list(elements.map { $0.known(to: schema?.items) })
    case .object(let members):
      .object(
        members.reduce(into: [:]) { known, member in
          if let inner = schema?.member(member.key) {
            known[member.key] = member.value.known(to: inner)
          }
        })
    default: self
    }
  }
}
