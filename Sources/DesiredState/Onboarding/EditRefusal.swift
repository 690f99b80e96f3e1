import Document

/// Why a manifest was not edited.
public enum EditRefusal: Error, Hashable, Sendable {
  case unreadable(ReadingError)
  /// The text has a form that is not understood: a person has to write it.
  case notUnderstood

  /// The text as it stands.
  static func read(_ text: String) throws(EditRefusal) -> Node {
    do {
      return try JSON.readNode(text)
    } catch {
      throw .unreadable(error)
    }
  }
}
