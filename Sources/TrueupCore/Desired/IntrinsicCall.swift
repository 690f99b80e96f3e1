import Document

/// A function with its arguments, each of which may be unknown.
struct IntrinsicCall {
  let function: IntrinsicFunction
  let arguments: [Value]

  /// The call itself, for want of knowledge.
  var leftOver: Value { .call(function, arguments) }

  func error(_ problem: String) -> IntrinsicError { IntrinsicError(function, problem) }

  func expect(_ counts: ClosedRange<Int>) throws(IntrinsicError) {
    guard counts.contains(arguments.count) else {
      let wanted =
        counts.count == 1
        ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
      throw error("wants \(wanted) arguments, not \(arguments.count)")
    }
  }

  /// The text of a known argument; `nil` while it is unknown.
  func text(_ index: Int, called name: String) throws(IntrinsicError) -> String? {
    if arguments[index].isUnknownLeaf { return nil }
    guard let text = arguments[index].document?.scalarText else {
      throw error("wants a string as \(name)")
    }
    return text
  }

  /// The number of a known argument, also written as a string; `nil` while it is unknown.
  func integer(_ index: Int, called name: String) throws(IntrinsicError) -> Int? {
    guard let text = try text(index, called: name) else { return nil }
    guard let number = Int(text) else {
      throw error("wants a whole number as \(name), not \(text)")
    }
    return number
  }

  /// The elements of a list argument, known or not; `nil` while the list itself is unknown.
  func elements(_ index: Int) throws(IntrinsicError) -> [Value]? {
    if arguments[index].isUnknownLeaf { return nil }
    guard let elements = arguments[index].elements else { throw error("wants a list") }
    return elements
  }

  func join() throws(IntrinsicError) -> Value {
    try expect(2...2)
    guard let delimiter = try text(0, called: "delimiter"), let elements = try elements(1) else {
      return leftOver
    }
    var parts: [Value] = []
    for element in elements {
      switch element {
      case .known(let document):
        guard let text = document.scalarText else { throw error("joins strings only") }
        parts.append(.string(text))
      case .call(.join, let inner) where delimiter.isEmpty && inner.first == .string(""):
        parts += inner.last?.elements ?? [element]
      case .list, .object: throw error("joins strings only")
      case .reference, .secret, .fact, .call: parts.append(element)
      }
    }
    let texts = parts.compactMap { $0.document?.string }
    if texts.count == parts.count { return .string(texts.joined(separator: delimiter)) }
    guard delimiter.isEmpty else { return .call(.join, [arguments[0], .list(of: parts)]) }
    let merged = Self.mergingNeighbours(parts)
    return merged.count == 1 ? merged[0] : .call(.join, [.string(""), .list(of: merged)])
  }

  /// The parts with neighbouring texts made one, and without empty texts.
  private static func mergingNeighbours(_ parts: [Value]) -> [Value] {
    var merged: [Value] = []
    for part in parts {
      guard let text = part.document?.string else {
        merged.append(part)
        continue
      }
      if text.isEmpty { continue }
      if let last = merged.last?.document?.string {
        merged[merged.count - 1] = .string(last + text)
      } else {
        merged.append(part)
      }
    }
    return merged
  }

  func split() throws(IntrinsicError) -> Value {
    try expect(2...2)
    guard let delimiter = try text(0, called: "delimiter") else { return leftOver }
    guard !delimiter.isEmpty else { throw error("wants a delimiter that is not empty") }
    guard let text = try text(1, called: "source") else { return leftOver }
    var parts: [Document] = []
    var rest = text[...]
    while let range = rest.firstRange(of: delimiter) {
      parts.append(.string(String(rest[..<range.lowerBound])))
      rest = rest[range.upperBound...]
    }
    return .known(.list(parts + [.string(String(rest))]))
  }

  func select() throws(IntrinsicError) -> Value {
    try expect(2...2)
    guard let index = try integer(0, called: "index"), let elements = try elements(1) else {
      return leftOver
    }
    guard !elements.isEmpty else { throw error("wants a list that is not empty") }
    guard elements.indices.contains(index) else {
      throw error("wants an index from 0 to \(elements.count - 1), not \(index)")
    }
    return elements[index]
  }

  func base64() throws(IntrinsicError) -> Value {
    try expect(1...1)
    guard let text = try text(0, called: "value") else { return leftOver }
    return .string(Base64.encode(Array(text.utf8)))
  }

  func length() throws(IntrinsicError) -> Value {
    try expect(1...1)
    guard let elements = try elements(0) else { return leftOver }
    return .known(.integer(elements.count))
  }

  func resolve() throws(IntrinsicError) -> Value {
    try expect(2...2)
    guard let reference = try text(0, called: "text"), let stack = try text(1, called: "stack")
    else { return leftOver }
    guard StoredSecret(reference) != nil else {
      throw error(
        "to a secret is {{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:"
          + "version-id}}, not {{resolve:\(reference)}}")
    }
    return .secret(SecretReference(stack: stack, resolve: reference))
  }

  func toJSONString() throws(IntrinsicError) -> Value {
    try expect(1...1)
    guard let document = arguments[0].document else { return leftOver }
    guard document.object != nil || document.list != nil else {
      throw error("wants an object or a list")
    }
    return .string(document.json())
  }
}
