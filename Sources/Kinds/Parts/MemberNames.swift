import Document
import TrueupCore

/// Where an API has members elsewhere, or under another name, than the registry: by the path of a member in the
/// registry, its place in the API's form from the same object on. All others are called alike.
///
///     ["Rules/*/ExpirationInDays": "Expiration/Days"]
typealias MemberNames = [PropertyPath: PropertyPath]

extension MemberNames {
  /// The API's form of what the registry says.
  func api(_ registry: Document) -> Document {
    innermostFirst.reduce(registry) { form, row in
      form.changing(holderOf: row.key) { $0.moving([$1], to: row.value.components) }
    }
  }

  /// The registry's form of what the API says.
  func registry(_ api: Document) -> Document {
    innermostFirst.reversed().reduce(api) { form, row in
      form.changing(holderOf: row.key) { $0.moving(row.value.components, to: [$1]) }
    }
  }

  /// Each path says where its member stands in the registry: nothing that it leads through has moved yet.
  private var innermostFirst: [Element] {
    sorted { $0.key.components.count > $1.key.components.count }
  }
}

extension Document {
  /// This object with a member of it, or of an object in it, at another place; objects that are left empty go.
  fileprivate func moving(_ source: [String], to target: [String]) -> Document {
    guard let member = source.reduce(self, { $0?[$1] }) else { return self }
    return placing(nil, at: source[...]).placing(member, at: target[...])
  }

  private func placing(_ member: Document?, at path: ArraySlice<String>) -> Document {
    guard let first = path.first else { return self }
    let inner =
      path.count == 1
      ? member : (self[first] ?? [:]).placing(member, at: path.dropFirst()).nonEmpty
    return setting(first, inner)
  }
}
