import Document

extension ServiceModel {
  /// An input or output of an operation with every member that the model marks sensitive replaced
  /// by `{"secret": true}`. What the model does not know is left out, because it may be anything.
  public func redacted(_ value: Document, _ member: Member) -> Document {
    if value.isNull { return value }
    if member.traits.isSensitive { return .secret(nil) }
    switch (shape(of: member).kind, value) {
    case (.structure(let members), .object(let given)):
      var shown: [String: Document] = [:]
      for member in members {
        if let part = given[member.name] { shown[member.name] = redacted(part, member) }
      }
      return .object(shown)
    case (.list(let element), .list(let elements)):
      return .list(elements.map { redacted($0, element) })
    case (.map(let key, let entry), .object(let entries)):
      if key.traits.isSensitive { return .secret(nil) }
      return .object(entries.mapValues { redacted($0, entry) })
    case (.structure, _), (.list, _), (.map, _): return .null
    default: return value
    }
  }
}
