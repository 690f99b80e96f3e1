import Document
import TrueupCore

/// What is wrong with values beyond their schema: AWS would refuse them (an error), or it is likely that
/// something else was meant (a doubt). What is not known yet is not looked at.
struct ContentFindings {
  private(set) var all: [SchemaCheck.Finding] = []

  mutating func error(_ message: String, at position: Position) {
    all.append(SchemaCheck.Finding(message: message, position: position, isDoubt: false))
  }

  mutating func doubt(_ message: String, at position: Position) {
    all.append(SchemaCheck.Finding(message: message, position: position, isDoubt: true))
  }
}

extension LocatedValue {
  /// The value where it is a known scalar, as text.
  var text: String? {
    guard case .leaf(.known(let document)) = content else { return nil }
    return document.scalarText
  }

  /// The elements of a list, or the one value that stands in its place.
  var oneOrMore: [LocatedValue] {
    switch content {
    case .list(let elements): elements
    case .absent, .invalid: []
    case .leaf, .object: [self]
    }
  }

  /// The values at a path, in which `*` stands for any element.
  func values(at path: ArraySlice<String>) -> [LocatedValue] {
    guard let first = path.first else { return [self] }
    let rest = path.dropFirst()
    switch content {
    case .list(let elements) where first == "*": return elements.flatMap { $0.values(at: rest) }
    case .object: return self[first].map { $0.values(at: rest) } ?? []
    default: return []
    }
  }
}
