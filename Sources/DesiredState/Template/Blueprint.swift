import Document
import TrueupCore

/// A CloudFormation template, read but not evaluated.
/// Source: CloudFormation User Guide, "CloudFormation template sections".
struct Blueprint {
  static let extensions = "AWS::LanguageExtensions"

  var name: String
  /// The path that errors show.
  var file: String
  var start: SourceLocation
  var parameters: [TemplateParameter]
  var parameterNames: Set<String>
  var mappings: [String: Node]
  var conditions: [Node.Member]
  var rules: [Node.Member]
  var resources: [Node.Member]
  var outputs: [Node.Member]
  /// `Transform: AWS::LanguageExtensions` is there.
  var hasExtensions: Bool
  /// Whether it may take values from other stacks.
  var hasImports: Bool
  /// Parameters whose values must be unique in the fleet (`Metadata.Trueup.Unique`).
  var unique: [String]
  /// Parameters whose networks must not overlap in the fleet (`Metadata.Trueup.DisjointCidrs`).
  var disjointCIDRs: [String]
  /// What a person has to do for a new client (`Metadata.Trueup.Checklist`).
  var checklist: [String]

  init?(_ node: Node, name: String, file: String, log: DiagnosticLog) {
    guard
      let reader = ObjectReader(
        node, in: file, as: "the blueprint", allowed: ObjectSchema.template.names, log: log)
    else { return nil }
    self.name = name
    self.file = file
    start = reader.location
    parameters = reader.object("Parameters").compactMap {
      Self.checkName($0, what: "parameter", reader: reader)
      return TemplateParameter($0, file: file, log: log)
    }
    parameterNames = Set(parameters.map(\.name))
    mappings = Self.mappings(reader)
    conditions = reader.object("Conditions")
    rules = reader.object("Rules")
    resources = reader.object("Resources")
    outputs = reader.object("Outputs")
    hasExtensions = Self.hasExtensions(reader)
    hasImports = node.mentions(Node.imports)
    (unique, disjointCIDRs, checklist) = ([], [], [])
    if let version = reader.string("AWSTemplateFormatVersion"), version.value != "2010-09-09" {
      log.error(
        "AWSTemplateFormatVersion must be \"2010-09-09\", not \(version.value.quoted)",
        at: version.location)
    }
    if reader["Resources"] == nil {
      log.error("the blueprint needs \"Resources\"", at: start)
    } else if resources.isEmpty {
      log.error("\"Resources\" of the blueprint must not be empty", at: start)
    }
    if let metadata = reader.object("Metadata").first(where: { $0.key == "Trueup" }),
      let ours = ObjectReader(
        metadata.value, in: file, as: "Metadata.Trueup of the blueprint",
        allowed: ObjectSchema.templateMetadata.names, log: log)
    {
      unique = parameterNames("Unique", ours)
      disjointCIDRs = parameterNames("DisjointCidrs", ours)
      checklist = ours.strings("Checklist").map(\.value)
    }
  }

  private func parameterNames(_ key: String, _ reader: ObjectReader) -> [String] {
    let names = parameters.map(\.name)
    return reader.strings(key).compactMap { name in
      if names.contains(name.value) { return name.value }
      reader.log.error(
        "\(key) names no parameter of the blueprint: \(name.value.quoted)"
          + Spelling.suggestion(for: name.value, among: names), at: name.location)
      return nil
    }
  }

  /// Logical ids have letters and digits only (CloudFormation User Guide, "Resources").
  static func checkName(_ member: Node.Member, what: String, reader: ObjectReader) {
    guard !isName(member.key) else { return }
    reader.error(
      "\(what) \(member.key.quoted) must have letters and digits only", at: member.position)
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255
      && name.utf8.allSatisfy { byte in
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
      }
  }

  private static func hasExtensions(_ reader: ObjectReader) -> Bool {
    guard let node = reader["Transform"] else { return false }
    var found = false
    for transform in node.elements ?? [node] {
      if transform.string == extensions {
        found = true
      } else {
        reader.error(
          "transform \(transform.string?.quoted ?? transform.article) is not supported, only "
            + extensions, at: transform.position)
      }
    }
    return found
  }

  private static func mappings(_ reader: ObjectReader) -> [String: Node] {
    var mappings: [String: Node] = [:]
    for map in reader.object("Mappings") {
      if map.key == "Fn::Transform" {
        reader.error("Fn::Transform is not supported", at: map.position)
        continue
      }
      mappings[map.key] = map.value
      let levels = map.value.members.map { $0.map(\.value) } ?? [map.value]
      for level in levels where level.members == nil {
        reader.error(
          "mapping \(map.key.quoted) must have two levels of keys", at: level.position)
      }
      for value in levels.flatMap({ $0.members ?? [] }).map(\.value) {
        let parts = value.elements ?? [value]
        for part in parts where part.document.scalarText == nil {
          reader.error(
            "a value of mapping \(map.key.quoted) must be a string or a list of strings, not "
              + part.article, at: part.position)
        }
      }
    }
    return mappings
  }
}
