import Document
import TrueupCore

/// A property that a service keeps as text in a map of attributes, under the property's name.
struct TextAttribute {
  enum Form {
    case text, flag, number, json
  }

  let property: String
  let form: Form
  /// What a new resource has: written where the property is no longer declared.
  let initial: String

  init(_ property: String, _ form: Form = .text, initial: String = "") {
    self.property = property
    self.form = form
    self.initial = initial
  }

  /// The property's value in a map of attributes; `nil` where there is none.
  func value(in attributes: Document?) -> Document? {
    guard let text = attributes?[property]?.string, !text.isEmpty else { return nil }
    switch form {
    case .text: return .string(text)
    case .flag: return .bool(text == "true")
    case .number: return Int(text).map { .integer($0) }
    case .json:
      let value = Document.string(text).parsedJSON
      return value == .object([:]) ? nil : value
    }
  }

  /// The attribute's text for a declared value, or for none.
  func text(_ value: Document?) -> Document { value?.jsonText ?? .string(initial) }
}

extension [TextAttribute] {
  /// The properties' values in a map of attributes.
  func values(in attributes: Document?) -> [String: Document?] {
    Dictionary(
      map { ($0.property, $0.value(in: attributes)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The map of attributes for what is declared.
  func texts(_ declared: Document) -> [String: Document] {
    reduce(into: [:]) { texts, attribute in
      if let value = declared[attribute.property] {
        texts[attribute.property] = attribute.text(value)
      }
    }
  }

  /// Those of some properties, in this order.
  func named(_ properties: Set<String>) -> [TextAttribute] {
    filter { properties.contains($0.property) }
  }

  var properties: [String] { map(\.property) }
}
