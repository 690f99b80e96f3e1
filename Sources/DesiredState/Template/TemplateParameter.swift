import Document
import Foundation
import TrueupCore

/// A parameter as a blueprint declares it.
struct TemplateParameter {
  var name: String
  var location: SourceLocation
  var type: ParameterType
  var noEcho: Bool
  var defaultValue: Located<Document>?
  var allowedValues: [String]
  var allowedPattern: Pattern?
  var constraintDescription: String?
  /// What it is for.
  var description: String?
  var minLength: Double?
  var maxLength: Double?
  var minValue: Double?
  var maxValue: Double?

  init?(_ member: Node.Member, file: String, log: DiagnosticLog) {
    name = member.key
    location = SourceLocation(file: file, position: member.position)
    guard
      let reader = ObjectReader(
        member.value, in: file, as: "parameter \(name.quoted)",
        allowed: ObjectSchema.parameter.names,
        log: log),
      let typeName = reader.string("Type", required: true)
    else { return nil }
    guard let type = ParameterType(typeName.value) else {
      log.error(
        "there is no parameter type \(typeName.value.quoted)"
          + Spelling.suggestion(for: typeName.value, among: ParameterType.names),
        at: typeName.location)
      return nil
    }
    self.type = type
    noEcho = Self.flag(reader, "NoEcho")
    constraintDescription = reader.string("ConstraintDescription")?.value
    description = reader.string("Description")?.value
    allowedValues = (reader["AllowedValues"]?.elements ?? []).compactMap {
      $0.document.scalarText
    }
    if let node = reader["AllowedValues"], node.elements?.isEmpty != false {
      reader.error("AllowedValues must be a list that is not empty", at: node.position)
    }
    if let pattern = reader.string("AllowedPattern") {
      allowedPattern = Pattern(pattern.value, wholeText: true)
      if allowedPattern == nil {
        log.error(
          "AllowedPattern \(pattern.value.quoted) is no regular expression", at: pattern.location)
      }
    }
    func number(_ key: String) -> Double? {
      guard let node = reader[key] else { return nil }
      let number = node.document.scalarText.flatMap(Double.init)
      if number == nil { reader.error("\(key) must be a number", at: node.position) }
      return number
    }
    minLength = number("MinLength")
    maxLength = number("MaxLength")
    minValue = number("MinValue")
    maxValue = number("MaxValue")
    if let node = reader["Default"] {
      let place = reader.place(node.position)
      switch value(of: node.document) {
      case .success(let value): defaultValue = Located(value: value, location: place)
      case .failure(let problem): log.error("the default of \(problem.text)", at: place)
      }
      // An empty one says that there may be none.
      if noEcho, node.string != "" {
        log.add(
          .warning, "the default of NoEcho parameter \(name) stands in clear in the blueprint",
          at: place)
      }
    }
  }

  private static func flag(_ reader: ObjectReader, _ key: String) -> Bool {
    guard let node = reader[key] else { return false }
    switch node.document.scalarText {
    case "true": return true
    case "false": return false
    default:
      reader.error("\(key) must be true or false", at: node.position)
      return false
    }
  }

  /// Why a value cannot be the parameter's, for people.
  struct Problem: Error {
    var text: String
  }

  /// The value as `Ref` gives it: a string, or a list of strings, as CloudFormation passes them on.
  /// A list may be given as one string with commas.
  func value(of document: Document) -> Result<Document, Problem> {
    var texts: [String]
    switch document {
    case .list(let elements) where type.isList && !type.isStored:
      texts = elements.compactMap(\.scalarText)
      guard texts.count == elements.count else {
        return .failure(Problem(text: "\(name) must be a list of strings"))
      }
    default:
      guard let text = document.scalarText else {
        return .failure(Problem(text: "\(name) must be a string, not \(document.article)"))
      }
      texts = [text]
      if type.isList, !type.isStored {
        texts = text.split(separator: ",", omittingEmptySubsequences: false).map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        if text.isEmpty { texts = [] }
      }
    }
    for text in texts {
      if let problem = problem(with: text) {
        let shown = noEcho ? name : "\(name) is \(text.quoted); it"
        let why = constraintDescription.map { ": \($0)" } ?? ""
        return .failure(Problem(text: "\(shown) \(problem)\(why)"))
      }
    }
    let isList = type.isList && !type.isStored
    return .success(isList ? .list(texts.map(Document.string)) : .string(texts[0]))
  }

  private func problem(with text: String) -> String? {
    if !type.isStored, let problem = type.problem(with: text) { return problem }
    if !allowedValues.isEmpty, !allowedValues.contains(text) {
      return "must be one of \(allowedValues.joined(separator: ", "))"
        + (noEcho ? "" : Spelling.suggestion(for: text, among: allowedValues))
    }
    if let allowedPattern, !allowedPattern.matches(text) {
      return "must match \(allowedPattern.source)"
    }
    let length = Double(text.count)
    if let minLength, length < minLength {
      return "must have at least \(minLength.short) characters"
    }
    if let maxLength, length > maxLength {
      return "must have at most \(maxLength.short) characters"
    }
    if type.element == .number, let number = Double(text) {
      if let minValue, number < minValue { return "must be at least \(minValue.short)" }
      if let maxValue, number > maxValue { return "must be at most \(maxValue.short)" }
    }
    return nil
  }
}

extension Double {
  /// Without a fraction where there is none.
  var short: String { Int(exactly: self).map(String.init) ?? description }
}
