import Document
import TrueupCore

/// A property of a resource type, or the type itself (an empty path), with all that says something
/// of it.
struct ExplainedProperty {
  let type: ResourceSchema
  let kind: any Kind
  /// With `*` for list elements.
  var path = PropertyPath()
  var schema: PropertySchema

  /// As a user asks for it.
  var name: String {
    ([type.type] + path.components.filter { $0 != "*" }).joined(separator: ".")
  }

  /// The elements of a list, and of lists of lists; else the property itself.
  var throughLists: ExplainedProperty {
    guard let items = schema.items else { return self }
    var elements = self
    elements.path = path.appending("*")
    elements.schema = items
    return elements.throughLists
  }

  // MARK: What is true of it

  /// Only AWS sets it.
  var isAttribute: Bool { type.isReadOnly(path) }

  var isSupported: Bool { reason(\.unsupported) == nil }

  var isRequired: Bool {
    guard let name = path.components.last else { return false }
    let parent = PropertyPath(Array(path.components.dropLast()))
    return (type[parent] ?? type.root).required.contains(name)
  }

  /// A change of it replaces the resource; `nil` where that hangs on the change.
  var replaces: Bool? {
    if let own = kind.facts.properties.covering(path, \.isCreateOnly) { return own }
    if type.createOnly.contains(where: { $0.covers(path) }) { return true }
    return type.conditionalCreateOnly.contains { $0.covers(path) } ? nil : false
  }

  private func reason(_ why: KeyPath<PropertyFacts, String?>) -> String? {
    kind.facts.properties.covering(path, why)
  }

  /// In short, for a list of members.
  var notes: [String] {
    var notes: [String] = []
    if isRequired { notes.append("required") }
    switch replaces {
    case true?: notes.append("replaces")
    case nil: notes.append("may replace")
    case false?: break
    }
    if isAttribute { notes.append("set by AWS") }
    if !isSupported { notes.append("not supported") }
    if reason(\.notReadable) != nil { notes.append("not compared") }
    return notes
  }

  var facts: [Explanation.Fact] {
    var facts: [Explanation.Fact] = []
    func add(_ key: String, label: String, value: Document?, text: String? = nil) {
      guard let value else { return }
      facts.append(.init(key: key, label: label, value: value, text: text ?? value.plainText))
    }
    add("type", label: "type", value: .string(schema.typeText))
    if isAttribute {
      add("readOnly", label: "set by", value: true, text: "AWS alone; Fn::GetAtt gives it")
    } else {
      add("required", label: "required", value: .bool(isRequired), text: isRequired ? "yes" : "no")
      switch replaces {
      case true?: add("change", label: "a change", value: "replace", text: "replaces the resource")
      case nil:
        add("change", label: "a change", value: "mayReplace", text: "may replace the resource")
      case false?: add("change", label: "a change", value: "update", text: "updates in place")
      }
    }
    let table = kind.facts.properties
    add("unsupported", label: "not supported", value: reason(\.unsupported).map { .string($0) })
    add("notReadable", label: "not compared", value: reason(\.notReadable).map { .string($0) })
    add("notResettable", label: "not reset", value: reason(\.notResettable).map { .string($0) })
    add("default", label: "default", value: table.all[path]?.defaultValue ?? schema.defaultValue)
    add(
      "compared", label: "compared",
      value: table.all[path]?.normalisation.map { .string($0.explanation) })
    facts += listFacts(table) + valueFacts
    return facts
  }

  private func listFacts(_ table: PropertyTable) -> [Explanation.Fact] {
    guard schema.items != nil else { return [] }
    var facts: [Explanation.Fact] = []
    switch table.all[path]?.collection ?? .ordered {
    case .ordered where schema.insertionOrder:
      facts.append(.init(key: "order", label: "order", value: "ordered", text: "means something"))
    case .ordered: break
    case .set:
      facts.append(.init(key: "order", label: "order", value: "set", text: "means nothing"))
    case .keyed(let names):
      facts.append(
        .init(
          key: "keyedBy", label: "elements", value: .list(names.map { .string($0) }),
          text: "are told apart by \(names.joined(separator: ", "))"))
    }
    if table.owned[path] != nil {
      facts.append(
        .init(
          key: "ownedWhole", label: "owned whole", value: true,
          text: "yes: what is not declared is taken away"))
    }
    if let count = Self.range(schema.minItems.map(Double.init), schema.maxItems.map(Double.init)) {
      facts.append(.init(key: "count", label: "elements", value: count.value, text: count.text))
    }
    return facts
  }

  /// What a value, or each element of a list, must be.
  private var valueFacts: [Explanation.Fact] {
    let schema = throughLists.schema
    var facts: [Explanation.Fact] = []
    if !schema.allowedValues.isEmpty {
      facts.append(
        .init(
          key: "allowedValues", label: "allowed", value: .list(schema.allowedValues),
          text: schema.allowedValues.map(\.plainText).joined(separator: ", ")))
    }
    if let pattern = schema.pattern {
      facts.append(.init(key: "pattern", label: "pattern", value: .string(pattern), text: pattern))
    }
    if let length = Self.range(
      schema.minLength.map(Double.init), schema.maxLength.map(Double.init))
    {
      facts.append(
        .init(
          key: "length", label: "length", value: length.value, text: length.text + " characters"))
    }
    if let range = Self.range(schema.minimum, schema.maximum) {
      facts.append(.init(key: "range", label: "range", value: range.value, text: range.text))
    }
    if let format = schema.format, !format.contains("::") {
      facts.append(.init(key: "format", label: "format", value: .string(format), text: format))
    }
    return facts
  }

  private static func range(
    _ least: Double?, _ most: Double?
  ) -> (value: Document, text: String)? {
    func number(_ value: Double?) -> Document? {
      value.map { value in Int(exactly: value).map(Document.integer) ?? .double(value) }
    }
    var members: [String: Document] = [:]
    members["least"] = number(least)
    members["most"] = number(most)
    switch (members["least"]?.plainText, members["most"]?.plainText) {
    case (let least?, let most?) where least == most: return (.object(members), least)
    case (let least?, let most?): return (.object(members), "\(least) to \(most)")
    case (let least?, nil): return (.object(members), "at least \(least)")
    case (nil, let most?): return (.object(members), "at most \(most)")
    case (nil, nil): return nil
    }
  }
}

extension Normalisation {
  /// Which differences of spelling are none.
  fileprivate var explanation: String {
    switch self {
    case .cidr: "as a network: host bits and the spelling of IPv6 mean nothing"
    case .policyDocument: "as an IAM policy: order and one-element lists mean nothing"
    case .json: "as JSON: spaces and order of members mean nothing"
    case .lowercased: "without regard to upper and lower case"
    case .ipProtocol: "as an IP protocol: 6 is tcp"
    case .scalarText: "as text: 5 is \"5\""
    case .timestamp: "as an instant"
    case .logGroupARN: "with or without :* at its end"
    }
  }
}

extension Document {
  /// A string without quotes; anything else as JSON.
  fileprivate var plainText: String { string ?? json() }
}
