import Document

/// The text of a manifest that was read without an error, to be edited at the places of its nodes.
struct ManifestSource {
  private var scalars: [Unicode.Scalar]
  private var lineStarts: [Int]

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    // A byte order mark is not counted as a column.
    lineStarts = [scalars.first == "\u{FEFF}" ? 1 : 0]
    for (index, scalar) in scalars.enumerated() where scalar == "\n" {
      lineStarts.append(index + 1)
    }
  }

  mutating func replacing(valueAt position: Position, with value: String) -> String? {
    guard let start = offset(position), let end = endOfValue(start) else { return nil }
    scalars.replaceSubrange(start..<end, with: value.unicodeScalars)
    return text
  }

  /// Where a member of an object, or an element of a list, stands.
  struct Place {
    var start: Position
    /// That of an element itself.
    var value: Position

    init(_ member: Node.Member) { (start, value) = (member.position, member.value.position) }
    init(_ element: Node) { (start, value) = (element.position, element.position) }
  }

  /// Puts a member or an element behind the last one: on a line of its own where that one has its own,
  /// else beside it.
  mutating func inserting(
    _ member: String, after last: Place, endOf container: Position
  ) -> String? {
    guard let key = offset(last.start), let value = offset(last.value),
      let end = endOfValue(value), let brace = offset(container).flatMap(endOfValue).map({ $0 - 1 })
    else { return nil }
    let comma = skippingTrivia(end)
    let hasComma = comma < scalars.count && scalars[comma] == ","
    let indent = key - lineStart(key)
    let hasOwnLine = scalars[lineStart(key)..<key].allSatisfy { $0 == " " || $0 == "\t" }
    let braceLine = lineStart(brace)
    let isBraceAlone =
      braceLine > end && scalars[braceLine..<brace].allSatisfy { $0 == " " || $0 == "\t" }
    guard hasOwnLine, isBraceAlone else {
      // On one line: `… "last": 1 }` becomes `… "last": 1, "destroy": … }`.
      scalars.insert(contentsOf: ", \(member)".unicodeScalars, at: end)
      return text
    }
    let lineEnd =
      braceLine >= 2 && scalars[braceLine - 2] == "\r" ? "\r\n" : "\n"
    let margin = String(String.UnicodeScalarView(scalars[(key - indent)..<key]))
    let line = "\(margin)\(member)\(hasComma ? "," : "")\(lineEnd)"
    scalars.insert(contentsOf: line.unicodeScalars, at: braceLine)
    if !hasComma { scalars.insert(",", at: end) }
    return text
  }

  /// Puts the first member or element into an object or a list that has none.
  mutating func inserting(_ member: String, intoEmpty container: Position) -> String? {
    guard let start = offset(container), start + 1 < scalars.count else { return nil }
    let isObject = scalars[start] == "{"
    let isTight = scalars[start + 1] == "}" || scalars[start + 1] == "]"
    let text = (isObject ? " " : "") + member + (isObject && isTight ? " " : "")
    scalars.insert(contentsOf: text.unicodeScalars, at: start + 1)
    return self.text
  }

  /// Makes an object of a list: each element, a string, becomes a key with this value.
  mutating func makingObject(
    ofListAt list: Position, elements: [Position], value: String
  ) -> String? {
    guard let start = offset(list), let end = endOfValue(start) else { return nil }
    let opening = scalars[start + 1].properties.isWhitespace || end - 2 == start ? "{" : "{ "
    // An empty list has nothing to keep apart.
    let isSpaced = scalars[end - 2].properties.isWhitespace || end - 2 == start
    let closing = isSpaced ? "}" : " }"
    scalars.replaceSubrange((end - 1)..<end, with: closing.unicodeScalars)
    for position in elements.sorted().reversed() {
      guard let end = offset(position).flatMap(endOfValue) else { return nil }
      scalars.insert(contentsOf: ": \(value)".unicodeScalars, at: end)
    }
    scalars.replaceSubrange(start..<(start + 1), with: opening.unicodeScalars)
    return text
  }

  var text: String { String(String.UnicodeScalarView(scalars)) }

  private func offset(_ position: Position) -> Int? {
    guard lineStarts.indices.contains(position.line - 1) else { return nil }
    let offset = lineStarts[position.line - 1] + position.column - 1
    return scalars.indices.contains(offset) ? offset : nil
  }

  private func lineStart(_ offset: Int) -> Int { lineStarts.last { $0 <= offset } ?? 0 }

  /// Past white space and comments.
  private func skippingTrivia(_ start: Int) -> Int {
    var index = start
    while index < scalars.count {
      if let end = endOfComment(index) {
        index = end
      } else if scalars[index].properties.isWhitespace {
        index += 1
      } else {
        break
      }
    }
    return index
  }

  private func endOfComment(_ start: Int) -> Int? {
    guard scalars[start] == "/", start + 1 < scalars.count else { return nil }
    var index = start + 2
    switch scalars[start + 1] {
    case "/":
      while index < scalars.count, scalars[index] != "\n" { index += 1 }
      return index
    case "*":
      while index + 1 < scalars.count, scalars[index] != "*" || scalars[index + 1] != "/" {
        index += 1
      }
      return min(index + 2, scalars.count)
    default: return nil
    }
  }

  private func endOfString(_ start: Int) -> Int? {
    var index = start + 1
    while index < scalars.count {
      switch scalars[index] {
      case "\\": index += 2
      case "\"": return index + 1
      default: index += 1
      }
    }
    return nil
  }

  /// The index behind a value; the text is known to be well formed.
  private func endOfValue(_ start: Int) -> Int? {
    if scalars[start] == "\"" { return endOfString(start) }
    var depth = 0
    var index = start
    while index < scalars.count {
      if let end = endOfComment(index) {
        if depth == 0 { return index }
        index = end
        continue
      }
      switch scalars[index] {
      case "\"":
        guard let end = endOfString(index) else { return nil }
        index = end
      case "{", "[":
        depth += 1
        index += 1
      case "}", "]":
        if depth == 0 { return index }
        depth -= 1
        index += 1
        if depth == 0 { return index }
      case ",":
        if depth == 0 { return index }
        index += 1
      case let scalar:
        if depth == 0, scalar.properties.isWhitespace { return index }
        index += 1
      }
    }
    return depth == 0 ? index : nil
  }
}
