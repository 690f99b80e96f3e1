import Foundation

/// The registry schemas that the program is built from, read afresh.
struct Registry {
  private let schemas: JSON

  init() throws {
    let file = Paths.repository.appendingPathComponent("Sources/CContracts/registry-schemas.json")
    schemas = try JSON(parsing: String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  var types: [String] { schemas.keys.filter { $0.contains("::") } }

  /// The top-level properties that must be declared.
  func required(_ type: String) -> [String] {
    schemas[type]["required"].array.compactMap(\.string)
  }

  /// Every property of a type that can be declared, of any depth; `*` is any element of a list.
  func properties(of type: String) -> Set<String> {
    var paths: Set<String> = []
    note(schemas[type], at: "", definitions: schemas[type]["definitions"], within: [], in: &paths)
    let readOnly = schemas[type]["readOnlyProperties"].array.compactMap(\.string).map {
      String($0.dropFirst("/properties".count))
    }
    return paths.filter { path in !readOnly.contains { covers($0, path) } }
  }

  private func note(
    _ schema: JSON, at path: String, definitions: JSON, within names: Set<Substring>,
    in paths: inout Set<String>
  ) {
    if !path.isEmpty, !path.hasSuffix("/*") { paths.insert(path) }
    if let name = schema["$ref"].string?.split(separator: "/").last, !names.contains(name) {
      note(
        definitions[String(name)], at: path, definitions: definitions, within: names.union([name]),
        in: &paths)
    }
    for name in schema["properties"].keys {
      note(
        schema["properties"][name], at: "\(path)/\(name)", definitions: definitions, within: names,
        in: &paths)
    }
    if schema["items"].value != nil {
      note(
        schema["items"], at: "\(path)/*", definitions: definitions, within: names, in: &paths)
    }
    for alternative in ["oneOf", "anyOf", "allOf"].flatMap({ schema[$0].array }) {
      note(alternative, at: path, definitions: definitions, within: names, in: &paths)
    }
  }
}

/// Whether a path is `prefix` or below it.
func covers(_ prefix: String, _ path: String) -> Bool {
  path == prefix || path.hasPrefix(prefix + "/")
}
