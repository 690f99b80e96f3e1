import Document

/// Writes the value of a parameter into the text of a manifest and leaves every other character as it is.
/// Pure.
public struct ParameterEdit: Hashable, Sendable {
  public var parameter: String
  public var value: String

  public init(parameter: String, value: String) {
    self.parameter = parameter
    self.value = value
  }

  private var member: String {
    "\(Document.string(parameter).json()): \(Document.string(value).json())"
  }

  /// The manifest with the value; the same text where it stands there already.
  public func written(into text: String) throws(EditRefusal) -> String {
    let before = try EditRefusal.read(text)
    guard let last = before.members?.last, case .object(var expected) = before.document else {
      throw .notUnderstood
    }
    var source = ManifestSource(text)
    let edited: String?
    if let parameters = before["parameters"] {
      guard let members = parameters.members else { throw .notUnderstood }
      if let existing = members.last(where: { $0.key == parameter }) {
        if existing.value.string == value { return text }
        edited = source.replacing(
          valueAt: existing.value.position, with: Document.string(value).json())
      } else if let last = members.last {
        edited = source.inserting(member, after: .init(last), endOf: parameters.position)
      } else {
        edited = source.inserting(member, intoEmpty: parameters.position)
      }
    } else {
      edited = source.inserting(
        "\"parameters\": { \(member) }", after: .init(last), endOf: before.position)
    }
    // What was written must read as the manifest with the value, and as nothing else.
    var parameters = expected["parameters"]?.object ?? [:]
    parameters[parameter] = .string(value)
    expected["parameters"] = .object(parameters)
    guard let edited, try EditRefusal.read(edited).document == .object(expected) else {
      throw .notUnderstood
    }
    return edited
  }
}
