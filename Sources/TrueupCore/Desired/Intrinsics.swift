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
  /// `length` [list], `toJSONString` [value], `resolve` [text, stack]. Calls that are left over are in one form: a `join` with
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
    case .resolve: try call.resolve()
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
      var evaluated = members
      for (key, member) in members {
        if case .known = member { continue }
        evaluated[key] = try member.evaluated(lookup)
      }
      return .object(of: evaluated)
    case .call(let function, let arguments):
      return try .calling(function, Self.evaluated(arguments, lookup))
    }
  }

  private static func evaluated(
    _ values: [Value], _ lookup: (Value) -> Document?
  ) throws(IntrinsicError) -> [Value] {
    var evaluated: [Value] = []
    evaluated.reserveCapacity(values.count)
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
    case .null, .data, .list, .object, .unknown, .secret: nil
    }
  }
}
