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
  /// The rows of all differences of a change: one each, or one per member or element that differs.
  static func rows(_ change: Change, valueLimit: Int) -> [DifferenceRow] {
    let text = DifferenceText(values: ValueText(stack: change.address.stack, limit: valueLimit))
    return change.differences.flatMap(text.expanded).flatMap {
      // Of a drift everybody knows that AWS has moved.
      text.leafRows($0, isDrift: change.cause == .drift)
    }
  }

  private func leafRows(_ difference: Difference, isDrift: Bool) -> [DifferenceRow] {
    let path = difference.path.description.printable
    let notes = notes(difference).filter { $0 != Self.changedInAWS || !isDrift }
    if let changed = changedElements(difference) {
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
          notes: ["differs"] + notes)
      ]
    }
    let (observed, desired) = shortPair(difference.observed, difference.desired)
    return [
      DifferenceRow(path: path, observed: observed, desired: desired, notes: notes)
    ]
  }
}
