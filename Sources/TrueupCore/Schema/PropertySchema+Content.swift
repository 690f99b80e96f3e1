import Document
import Synchronization

extension PropertySchema {
  /// The keywords of a schema, with `$ref` resolved.
  final class Content: Sendable {
    let keywords: [String: Document]
    let types: [JSONType]
    let allowedValues: [Document]
    let pattern: String?
    let format: String?
    let uniqueItems: Bool
    let hasBounds: Bool
    let allowsAdditionalProperties: Bool
    let required: [String]
    let requiredXor: [String]
    let requiredOr: [String]
    let dependentRequired: [String: [String]]
    let dependentExcluded: [String: [String]]
    private let definitions: [String: Document]
    /// Made when they are first asked for: a schema may refer to itself.
    private let madeParts = Atomic<Unmanaged<Parts>?>(nil)

    init(_ document: Document, definitions: [String: Document]) {
      let keywords = Self.resolved(document, definitions)
      func names(_ keyword: String) -> [String] {
        (keywords[keyword]?.list ?? []).compactMap(\.string)
      }
      func namesByName(_ keyword: String) -> [String: [String]] {
        (keywords[keyword]?.object ?? [:]).mapValues { ($0.list ?? []).compactMap(\.string) }
      }
      self.keywords = keywords
      self.definitions = definitions
      let typeNames = keywords["type"].map { $0.list ?? [$0] } ?? []
      types = typeNames.compactMap { $0.string.flatMap(JSONType.init) }
      allowedValues = keywords["enum"]?.list ?? keywords["const"].map { [$0] } ?? []
      pattern = keywords["pattern"]?.string
      format = keywords["format"]?.string
      hasBounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"].contains {
        keywords[$0] != nil
      }
      uniqueItems = keywords["uniqueItems"]?.bool ?? false
      allowsAdditionalProperties = keywords["additionalProperties"]?.bool ?? true
      required = names("required")
      requiredXor = names("requiredXor")
      requiredOr = names("requiredOr")
      dependentRequired = namesByName("dependentRequired")
      dependentExcluded = namesByName("dependentExcluded")
    }

    deinit { madeParts.load(ordering: .relaxed)?.release() }

    var parts: Parts {
      if let made = madeParts.load(ordering: .acquiring) { return made.takeUnretainedValue() }
      let new = Unmanaged.passRetained(Parts(keywords, definitions))
      let (isStored, other) = madeParts.compareExchange(
        expected: nil, desired: new, ordering: .acquiringAndReleasing)
      guard !isStored, let other else { return new.takeUnretainedValue() }
      // Another thread was faster.
      new.release()
      return other.takeUnretainedValue()
    }

    private static func resolved(
      _ document: Document, _ definitions: [String: Document]
    ) -> [String: Document] {
      var keywords = document.object ?? [:]
      // As deep as references can be without going round.
      for _ in 0...definitions.count {
        guard let name = keywords["$ref"]?.string?.split(separator: "/").last else { break }
        keywords["$ref"] = nil
        let target = definitions[String(name)]?.object ?? [:]
        keywords.merge(target) { own, _ in own }
      }
      return keywords
    }
  }

  /// The schemas that stand in a schema.
  final class Parts: Sendable {
    let items: PropertySchema?
    let members: [String: PropertySchema]
    let patternMembers: [String: PropertySchema]
    let additionalProperties: PropertySchema?
    let anyOf: [PropertySchema]
    let oneOf: [PropertySchema]
    let allOf: [PropertySchema]
    let formats: Set<String>
    let referenceFormats: Set<String>

    fileprivate init(_ keywords: [String: Document], _ definitions: [String: Document]) {
      func schema(_ document: Document) -> PropertySchema {
        PropertySchema(document, definitions: definitions)
      }
      func schemas(_ keyword: String) -> [PropertySchema] {
        (keywords[keyword]?.list ?? []).map(schema)
      }
      items = keywords["items"].map(schema)
      members = (keywords["properties"]?.object ?? [:]).mapValues(schema)
      patternMembers = (keywords["patternProperties"]?.object ?? [:]).mapValues(schema)
      additionalProperties = keywords["additionalProperties"].flatMap {
        $0.object == nil ? nil : schema($0)
      }
      anyOf = schemas("anyOf")
      oneOf = schemas("oneOf")
      allOf = schemas("allOf")
      let all = [keywords["format"]?.string] + (anyOf + oneOf + allOf).map(\.format)
      formats = Set(all.compactMap(\.self))
      referenceFormats = formats.filter { $0.contains("::") }
    }
  }
}
