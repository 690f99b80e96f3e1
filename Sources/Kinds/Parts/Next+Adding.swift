import Document
import TrueupCore

extension Next {
  /// The same with more attributes, where it says that the step is done.
  func adding(_ attributes: [String: Document?]) -> Next {
    guard case .done(let id, let known) = self else { return self }
    return .done(id: id, attributes: known.merging(.members(attributes)))
  }
}
