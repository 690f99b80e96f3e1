import Document
import Foundation

/// What is wrong with an input, by the API model.
public struct InputValidation: Hashable, Sendable {
  public struct Problem: Hashable, Sendable {
    /// A JSON pointer into the input.
    public var path: String
    public var reason: String
  }

  /// Unknown members, wrong types, missing required members: AWS would refuse, or not understand.
  public var errors: [Problem] = []
  /// Values outside the enums, patterns and ranges of the pinned model, which AWS widens weekly.
  public var warnings: [Problem] = []
}

extension ServiceModel {
  /// Checks an input against the model. Members that are null count as absent.
  public func validate(_ operation: OperationModel, input: Document) -> InputValidation {
    var check = InputCheck(model: self)
    if let member = operation.input {
      check.check(input, member, path: "")
    } else if !(input.object ?? [:]).isEmpty {
      check.result.errors.append(.init(path: "", reason: "\(operation.name) takes no input"))
    }
    return check.result
  }
}

private struct InputCheck {
  let model: ServiceModel
  var result = InputValidation()

  init(model: ServiceModel) { self.model = model }

  mutating func check(_ value: Document, _ member: Member, path: String) {
    let shape = model.shape(of: member)
    switch (shape.kind, value) {
    case (.structure(let members), .object(let given)):
      checkStructure(given, members: members, shape: shape, path: path)
    case (.list(let element), .list(let elements)):
      checkRange(Double(elements.count), unit: "elements", shape: shape, path: path)
      for (index, part) in elements.enumerated() where !part.isNull {
        check(part, element, path: "\(path)/\(index)")
      }
    case (.map(_, let entry), .object(let entries)):
      checkRange(Double(entries.count), unit: "entries", shape: shape, path: path)
      for (key, part) in entries.sorted(by: { $0.key < $1.key }) where !part.isNull {
        check(part, entry, path: "\(path)/\(escaped(key))")
      }
    case (.string, .string(let text)):
      checkText(text, shape: shape, isSensitive: member.traits.isSensitive, path: path)
    case (.integer, .integer(let number)):
      checkRange(Double(number), unit: nil, shape: shape, path: path)
    case (.float, .integer), (.float, .double):
      checkRange(value.double ?? 0, unit: nil, shape: shape, path: path)
    case (.float, .string("NaN")), (.float, .string("Infinity")), (.float, .string("-Infinity")):
      break
    case (.boolean, .bool), (.document, _): break
    case (.timestamp, _) where WireTimestamp.seconds(value) != nil: break
    case (.blob, .data), (.blob, .string):
      checkRange(Double(WireText.bytes(value)?.count ?? 0), unit: "bytes", shape: shape, path: path)
    default:
      result.errors.append(
        .init(path: path, reason: "expected \(expected(shape)), found \(found(value))"))
    }
  }

  private mutating func checkStructure(
    _ given: [String: Document], members: [Member], shape: Shape, path: String
  ) {
    let known = Set(members.map(\.name))
    for name in given.keys.sorted() where !known.contains(name) {
      let near = members.first { $0.name.lowercased() == name.lowercased() }?.name
      let hint = near.map { "; it is spelled \($0)" } ?? ""
      result.errors.append(
        .init(path: "\(path)/\(escaped(name))", reason: "\(shape.name) has no such member\(hint)"))
    }
    for name in shape.required where (given[name] ?? .null).isNull {
      result.errors.append(.init(path: "\(path)/\(name)", reason: "is required"))
    }
    let present = members.filter { !(given[$0.name] ?? .null).isNull }
    if shape.isUnion, present.count != 1 {
      let names = members.map(\.name).joined(separator: ", ")
      result.errors.append(.init(path: path, reason: "takes exactly one of \(names)"))
    }
    for member in present {
      check(given[member.name] ?? .null, member, path: "\(path)/\(member.name)")
    }
  }

  private mutating func checkText(
    _ text: String, shape: Shape, isSensitive: Bool, path: String
  ) {
    let shown = isSensitive ? "the value" : "'\(text)'"
    checkRange(Double(text.unicodeScalars.count), unit: "characters", shape: shape, path: path)
    if !shape.values.isEmpty, !shape.values.contains(text) {
      let known = shape.values.prefix(20).joined(separator: ", ")
      warn(path, "\(shown) is none of the known values: \(known)")
    }
    // The models' patterns are of Java's dialect. What ICU does not take cannot be checked here.
    if let pattern = shape.pattern,
      let expression = try? NSRegularExpression(pattern: "^(?:\(pattern))$"),
      expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) == nil
    {
      warn(path, "\(shown) does not match the pattern \(pattern)")
    }
  }

  private mutating func checkRange(
    _ value: Double, unit: String?, shape: Shape, path: String
  ) {
    let name = unit.map { " \($0)" } ?? ""
    if let minimum = shape.minimum, value < minimum {
      warn(path, "\(number(value))\(name), but at least \(number(minimum)) expected")
    }
    if let maximum = shape.maximum, value > maximum {
      warn(path, "\(number(value))\(name), but at most \(number(maximum)) expected")
    }
  }

  private mutating func warn(_ path: String, _ reason: String) {
    result.warnings.append(.init(path: path, reason: reason))
  }

  private func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }

  /// A name in a JSON pointer (RFC 6901, section 3).
  private func escaped(_ name: String) -> String {
    name.replacingOccurrences(of: "~", with: "~0").replacingOccurrences(of: "/", with: "~1")
  }

  private func expected(_ shape: Shape) -> String {
    switch shape.kind {
    case .structure: "an object (\(shape.name))"
    case .list: "a list (\(shape.name))"
    case .map: "an object (\(shape.name))"
    case .string: "a string"
    case .integer: "an integer"
    case .float: "a number"
    case .boolean: "true or false"
    case .timestamp: "a timestamp (seconds since 1970, or ISO 8601)"
    case .blob: "bytes"
    case .document: "any value"
    }
  }

  private func found(_ value: Document) -> String {
    switch value {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .double: "a number"
    case .string: "a string"
    case .data: "bytes"
    case .list: "a list"
    case .object: "an object"
    case .unknown(let name): "\(name), which is not known"
    case .secret: "a secret that is not at hand"
    }
  }
}
