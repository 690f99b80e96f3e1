import Document

/// Why an intrinsic function cannot give a value.
public struct IntrinsicError: Error, Hashable, Sendable, CustomStringConvertible {
  public var function: IntrinsicFunction
  /// What is wrong with the arguments, for people: "wants an index from 0 to 2, not 3".
  public var problem: String

  public init(_ function: IntrinsicFunction, _ problem: String) {
    self.function = function
    self.problem = problem
  }

  public var description: String { "\(function.rawValue) \(problem)" }
}

extension Value {
  /// The function's value where its arguments tell it, else the call.
  ///
  /// Arguments, as CloudFormation's reference lists them: `join` [delimiter, list], `split`
  /// [delimiter, string], `select` [index, list], `base64` [string], `cidr` [block, count, bits],
  /// `length` [list], `toJSONString` [value]. Calls that are left over are in one form: a `join` with
  /// an empty delimiter has no known neighbours, no joins like itself within, and more than one part.
  ///
  /// Source: CloudFormation User Guide, "Intrinsic function reference".
  public static func calling(
    _ function: IntrinsicFunction, _ arguments: [Value]
  ) throws(IntrinsicError) -> Value {
    let call = IntrinsicCall(function: function, arguments: arguments)
    return switch function {
    case .join: try call.join()
    case .split: try call.split()
    case .select: try call.select()
    case .base64: try call.base64()
    case .cidr: try call.cidr()
    case .length: try call.length()
    case .toJSONString: try call.toJSONString()
    }
  }

  /// The value with every reference, secret and fact replaced that `lookup` knows, and every call
  /// made whose arguments became known.
  public func evaluated(
    _ lookup: (Value) -> Document?
  ) throws(IntrinsicError) -> Value {
    switch self {
    case .known:
      return self
    case .reference, .secret, .fact:
      return lookup(self).map(Value.known) ?? self
    case .list(let elements):
      return .list(of: try Self.evaluated(elements, lookup))
    case .object(let members):
      var evaluated: [String: Value] = [:]
      for (key, member) in members { evaluated[key] = try member.evaluated(lookup) }
      return .object(of: evaluated)
    case .call(let function, let arguments):
      return try .calling(function, Self.evaluated(arguments, lookup))
    }
  }

  private static func evaluated(
    _ values: [Value], _ lookup: (Value) -> Document?
  ) throws(IntrinsicError) -> [Value] {
    var evaluated: [Value] = []
    for value in values { evaluated.append(try value.evaluated(lookup)) }
    return evaluated
  }

  /// What is not known yet, and not a list or object of it.
  var isUnknownLeaf: Bool {
    switch self {
    case .reference, .secret, .fact, .call: true
    case .known, .list, .object: false
    }
  }
}

extension Document {
  /// A string, or the text of a number or boolean, as CloudFormation writes it into strings; `nil`
  /// for everything else.
  public var scalarText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): String(number)
    case .double(let number): number.description
    case .bool(let flag): String(flag)
    case .null, .data, .list, .object: nil
    }
  }
}

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

  func toJSONString() throws(IntrinsicError) -> Value {
    try expect(1...1)
    guard let document = arguments[0].document else { return leftOver }
    guard document.object != nil || document.list != nil else {
      throw error("wants an object or a list")
    }
    return .string(document.json())
  }
}
