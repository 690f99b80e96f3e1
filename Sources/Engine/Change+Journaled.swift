import Document
import TrueupCore

extension Change {
  /// What changes, from what to what, as the journal keeps it: a list in the form of the plan's JSON. Of
  /// what is made, each property with its value. Values of secrets are marks here, as everywhere.
  var journaled: [Document] {
    if action == .create {
      return created.map { path, value in ["path": .string(path), "desired": value] }
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

  private var created: [(path: String, value: Document)] {
    (desired?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { property, value in
      guard property == "Tags", let tags = value.object else {
        return [(PropertyPath([property]).description, value)]
      }
      return tags.sorted { $0.key < $1.key }.map { (PropertyPath(["Tags", $0]).description, $1) }
    }
  }
}
