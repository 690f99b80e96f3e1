import Document
import TrueupCore

/// One difference as a row of a table: the property, what AWS shows, what is desired.
struct DifferenceRow: Hashable {
  var path: String
  /// `nil` where there is nothing: the other side has an element of a list that this one lacks.
  var observed: String?
  var desired: String?
  /// `create-only`, `changed in AWS`.
  var notes: [String]
}

extension DifferenceText {
  /// The rows of a difference: one, or one per member or element that differs.
  func rows(_ difference: Difference) -> [DifferenceRow] {
    expanded(difference).flatMap(leafRows)
  }

  private func leafRows(_ difference: Difference) -> [DifferenceRow] {
    let path = difference.path.description.printable
    if let changed = changedElements(difference) {
      let notes = difference.effect == .replace ? ["create-only"] : []
      func text(_ element: Document) -> String { values.element(element, of: difference.path) }
      return changed.undesired.map {
        DifferenceRow(path: path, observed: text($0), desired: nil, notes: notes)
      }
        + changed.missing.map {
          DifferenceRow(path: path, observed: nil, desired: text($0), notes: notes)
        }
    }
    if isSecret(difference) {
      return [
        DifferenceRow(
          path: path, observed: "(secret)", desired: "(secret)",
          notes: ["changed"] + notes(difference))
      ]
    }
    let (observed, desired) = shortPair(difference.observed, difference.desired)
    return [
      DifferenceRow(path: path, observed: observed, desired: desired, notes: notes(difference))
    ]
  }
}
