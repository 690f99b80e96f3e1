import Document
import TrueupCore

extension Observed {
  /// The resource without some elements of a list: those that resources of their own describe.
  func without(_ isTaken: (Document) -> Bool, in list: String) -> Observed {
    guard let shown = properties[list]?.list else { return self }
    var observed = self
    observed.properties = properties.merging([list: .list(shown.filter { !isTaken($0) })])
    return observed
  }
}
