import Document
import TrueupCore

extension Change {
  /// What changes, from what to what, as the journal keeps it: a list in the form of the plan's JSON. Of
  /// what is made and of what is deleted, each property with its value. Values of secrets are marks
  /// here, as everywhere.
  ///
  /// - Parameter last: what is known to have been applied last.
  func journaled(_ last: Base.Resource?) -> [Document] {
    if action == .create {
      return Self.members(desired).map { path, value in ["path": .string(path), "desired": value] }
    }
    if action == .delete, let last, last.id == id {
      let tags = last.tags.filter { !OwnershipTags.all.contains($0.key) }
      let held = last.properties.setting(
        "Tags", tags.isEmpty ? nil : .object(tags.mapValues(Document.string)))
      return Self.members(held).map { path, value in ["path": .string(path), "observed": value] }
    }
    return differences.map { difference in
      var members: [String: Document] = [
        "path": .string(difference.path.description), "effect": .string(difference.effect.rawValue),
      ]
      // Absent is what there was not; null would be a value.
      members["desired"] = difference.desired
      members["observed"] = difference.observed
      return .object(members)
    }
  }

  private static func members(_ whole: Document?) -> [(path: String, value: Document)] {
    (whole?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { property, value in
      guard property == "Tags", let tags = value.object else {
        return [(PropertyPath([property]).description, value)]
      }
      return tags.sorted { $0.key < $1.key }.map { (PropertyPath(["Tags", $0]).description, $1) }
    }
  }
}
