import Document
import TrueupCore

extension Step {
  /// The physical id of the resource that an update or a delete is about.
  func existingID() throws(CallSequence.Pause) -> String {
    guard let id else { throw .failed("\(address) has no id to \(action.rawValue)") }
    return id
  }

  /// The physical id where it is the name in a property: the desired one on create.
  func name(_ property: String) throws(CallSequence.Pause) -> String {
    guard action == .create else { return try existingID() }
    guard let name = desired[property]?.string else {
      throw .failed("\(address) has no \(property) to create")
    }
    return name
  }

  /// The ARN of what lives in the step's account and region: `repository/acme`.
  func arn(_ service: String, _ resource: String) -> String {
    "arn:\(partition):\(service):\(region):\(scope.account):\(resource)"
  }

  /// The observed properties that the step leaves as they are.
  var unchanged: Document {
    .object((observed?.properties.object ?? [:]).filter { !changed.contains($0.key) })
  }

  /// The tags to write: those that the resource does not show already. AWS refuses to write its own
  /// (`aws:`), which a resource may carry.
  var newTags: [String: String] {
    changesTags ? tags.filter { observed?.tags[$0.key] != $0.value } : [:]
  }
}
