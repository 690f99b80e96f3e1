import Document
import TrueupCore

/// The properties of one resource type as JSON Schema, for a blueprint: what only AWS sets and what
/// is not supported is left out, numbers and booleans may be written as strings, and a function's
/// call may stand wherever a value does.
struct PropertiesSchema {
  /// The value of `Properties`.
  let root: Document
  /// The registry's definitions, under names that no other type uses.
  let definitions: [String: Document]

  /// - Parameter hidden: properties that are not supported, with `*` for list elements.
  init(_ schema: ResourceSchema, hidden: [PropertyPath]) {
    var translation = Translation(type: schema.type, document: schema.document)
    translation.hide(schema.readOnly + hidden)
    root = translation.object(schema.document, at: .init(definition: nil))
    definitions = Dictionary(
      uniqueKeysWithValues: (schema.document["definitions"]?.object ?? [:]).map {
        name, definition in
        (
          "\(schema.type).\(name)",
          translation.value(definition, at: .init(definition: name))
        )
      })
  }
}

/// Where a schema stands: in a definition (or the type itself), and the way from there.
private struct Place: Hashable {
  var definition: String?
  var way: [String] = []

  func appending(_ component: String) -> Place {
    Place(definition: definition, way: way + [component])
  }
}

private struct Translation {
  let type: String
  let document: Document
  private var hidden: Set<Place> = []

  init(type: String, document: Document) {
    self.type = type
    self.document = document
  }

  /// Leaves out what the paths name. A definition that several properties share loses the member in
  /// all of them.
  mutating func hide(_ paths: [PropertyPath]) {
    for path in paths {
      var place = Place(definition: nil)
      var schema = document
      for component in path.components {
        if let name = definitionName(schema) {
          place = Place(definition: name)
          schema = document["definitions"]?[name] ?? [:]
        }
        place = place.appending(component)
        schema = (component == "*" ? schema["items"] : schema["properties"]?[component]) ?? [:]
      }
      hidden.insert(place)
    }
  }

  private func definitionName(_ schema: Document) -> String? {
    schema["$ref"]?.string?.split(separator: "/").last.map(String.init)
  }

  /// A value, or a function's call in its place.
  func value(_ schema: Document, at place: Place) -> Document {
    if let name = definitionName(schema) {
      return ["$ref": .string("#/definitions/\(type).\(name)")]
    }
    return ["anyOf": [object(schema, at: place), TemplateSchema.function]]
  }

  /// The schema itself, without functions.
  func object(_ schema: Document, at place: Place) -> Document {
    var result: [String: Document] = [:]
    var patterns: [String: Document] = [:]
    for (keyword, content) in schema.object ?? [:] {
      switch keyword {
      case "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
        "required", "default":
        result[keyword] = content
      case "type": result["type"] = widened(content)
      case "pattern":
        result["pattern"] = content.string.map { .string(Pattern.forEditors($0)) }
      case "items": result["items"] = value(content, at: place.appending("*"))
      case "properties":
        let shown = (content.object ?? [:]).filter { !hidden.contains(place.appending($0.key)) }
        result["properties"] = .object(
          Dictionary(
            uniqueKeysWithValues: shown.map {
              ($0.key, value($0.value, at: place.appending($0.key)))
            }
          ))
        patterns["^Fn::ForEach::"] = ["type": "array"]
      case "patternProperties":
        for (pattern, content) in content.object ?? [:] {
          patterns[Pattern.forEditors(pattern)] = value(content, at: place.appending(pattern))
        }
      case "additionalProperties":
        result[keyword] = content.object == nil ? content : value(content, at: place)
      case "dependentRequired": result["dependencies"] = content
      case "anyOf", "oneOf", "allOf":
        // Of several alternatives more than one may hold where functions stand in for values.
        let alternatives = (content.list ?? []).map { alternative($0, at: place) }
        guard !alternatives.contains([:]) || keyword == "allOf" else { continue }
        result[keyword == "oneOf" ? "anyOf" : keyword] = .list(alternatives)
      default: continue
      }
    }
    if !patterns.isEmpty { result["patternProperties"] = .object(patterns) }
    return .object(result)
  }

  private func alternative(_ schema: Document, at place: Place) -> Document {
    if let name = definitionName(schema) {
      return ["$ref": .string("#/definitions/\(type).\(name)")]
    }
    return object(schema, at: place)
  }

  /// CloudFormation reads "true" and "443" as what they say, and numbers as strings.
  private func widened(_ type: Document) -> Document {
    let names = Set((type.list ?? [type]).compactMap(\.string))
    let scalars: Set = ["string", "number", "integer", "boolean"]
    guard !names.isDisjoint(with: scalars) else { return type }
    let all = names.union(names.contains("string") ? ["number", "boolean"] : ["string"])
    return .list(all.sorted().map(Document.string))
  }
}
