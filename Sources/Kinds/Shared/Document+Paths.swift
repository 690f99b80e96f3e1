import Document
import TrueupCore

/// Changing what stands at a path. Parts that a plan does not know yet stay as they are.
extension Document {
  /// This value with what stands at the path changed, where something does; `*` is any element or member.
  func changing(_ path: PropertyPath, _ change: (Document) -> Document) -> Document {
    changing(path.components[...], change)
  }

  private func changing(_ path: ArraySlice<String>, _ change: (Document) -> Document) -> Document {
    guard !isUnknown, !isSecret else { return self }
    guard let first = path.first else { return change(self) }
    func changed(_ member: Document) -> Document { member.changing(path.dropFirst(), change) }
    switch self {
    case .list(let elements) where first == "*": return .list(elements.map(changed))
    case .object(let members) where first == "*": return .object(members.mapValues(changed))
    default: return setting(first, self[first].map(changed))
    }
  }

  /// This value with the objects changed that hold the member at the path, or may hold it.
  func changing(
    holderOf path: PropertyPath, _ change: (_ object: Document, _ member: String) -> Document
  ) -> Document {
    changing(path.components.dropLast()) { change($0, path.components.last ?? "") }
  }
}
