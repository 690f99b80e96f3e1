import Document
import TrueupCore

/// What a resource will hold, property by property: of what is new, all there is to review.
struct Contents {
  /// One value that stands for itself.
  struct Entry: Hashable {
    var path: String
    var value: String
  }

  var entries: [Entry]

  init(_ change: Change, valueLimit: Int) {
    self.init(change.desired ?? [:], of: change.address.stack, valueLimit: valueLimit)
  }

  /// Without the tags by which Trueup knows what is its own: they say what the address says.
  init(_ contents: Document, of stack: String, valueLimit: Int) {
    let values = ValueText(stack: stack, limit: valueLimit)
    guard contents.object?.isEmpty == false else {
      entries = []
      return
    }
    entries = Self.leaves(contents, at: PropertyPath())
      .filter { !($0.path.components.count == 2 && $0.path.components[1].hasPrefix("trueup:")) }
      .map { path, value in
        Entry(path: path.description.printable, value: values.element(value, of: path))
      }
  }

  /// Objects member by member, so that a long policy can be read; lists element by element, simple
  /// values in one.
  private static func leaves(
    _ value: Document, at path: PropertyPath
  ) -> [(path: PropertyPath, value: Document)] {
    switch value {
    case .object(let members) where !members.isEmpty:
      return members.sorted { $0.key < $1.key }.flatMap { leaves($1, at: path.appending($0)) }
    case .list(let elements) where elements.contains { $0.object != nil || $0.list != nil }:
      return elements.enumerated().flatMap { index, element in
        isOneLine(element, of: path)
          ? [(path: path, value: element)] : leaves(element, at: path.appending(String(index)))
      }
    default: return [(path, value)]
    }
  }

  /// Whether an element of a list has a form of its own that says all: a rule, a tag.
  private static func isOneLine(_ element: Document, of path: PropertyPath) -> Bool {
    let values = ValueText(stack: "", limit: 60)
    guard let members = element.object else { return true }
    return RuleText(values: values).text(element, of: path) != nil
      || Set(members.keys) == ["Key", "Value"]
  }

  /// `+ /CidrBlock 10.0.0.0/16`.
  var lines: [String] { entries.map { "+ \($0.path) \($0.value)" } }

  /// `- /CidrBlock 10.0.0.0/16`, of what is gone.
  var goneLines: [String] { entries.map { "- \($0.path) \($0.value)" } }
}
