import Document
import TrueupCore

/// What is Trueup's own on a resource, as far as no function stands in it: `Metadata.Trueup`.
struct ResourceMetadata {
  var replacesDeleteFirst = false
  var owners: [PropertyPath: FieldOwner] = [:]
}

extension StackCompiler {
  func metadata(of node: Node, _ name: String, _ kind: KnownType) -> ResourceMetadata {
    var metadata = ResourceMetadata()
    guard let ours = node["Metadata"]?["Trueup"],
      let reader = ObjectReader(
        ours, in: blueprint.file, as: "Metadata.Trueup of \(name)",
        allowed: ObjectSchema.resourceMetadata.names, log: log)
    else { return metadata }
    if let replace = reader.string("Replace") {
      metadata.replacesDeleteFirst = true
      if replace.value != "delete-first" {
        log.error(
          "Replace must be \"delete-first\", not \(replace.value.quoted)", at: replace.location)
      }
    }
    for member in reader.object("Owners") {
      guard let owner = owner(member, reader) else { continue }
      let path = PropertyPath(text: member.key)
      if let problem = problem(ofOwned: path, text: member.key, kind) {
        error("Owners of \(name): \(problem)", at: member.position)
      } else if owner != .git {
        metadata.owners[path] = owner
      }
    }
    return metadata
  }

  private func owner(_ member: Node.Member, _ reader: ObjectReader) -> FieldOwner? {
    guard let text = reader.string(member.value, called: "Owners \(member.key)") else { return nil }
    if let owner = FieldOwner(rawValue: text.value) { return owner }
    let words = FieldOwner.allCases.map(\.rawValue)
    log.error(
      "the owner of \(member.key) must be one of \(words.joined(separator: ", ")), not "
        + text.value.quoted + Spelling.suggestion(for: text.value, among: words),
      at: text.location)
    return nil
  }

  /// Why a property cannot have an owner of its own.
  private func problem(ofOwned path: PropertyPath, text: String, _ kind: KnownType) -> String? {
    guard text.hasPrefix("/"), let property = path.property else {
      return "a property is named by its path, \"/\(text)\""
    }
    if property == "Tags" {
      guard kind.isTaggable else { return "\(kind.type) carries no tags" }
      return path.components.count == 2 ? nil : "a tag is named by its key, \"/Tags/CostCenter\""
    }
    guard let schema = kind.schema else { return nil }
    guard schema[path] != nil else {
      return "\(kind.type) has no property \(text.quoted)"
        + Spelling.suggestion(for: property, among: schema.root.memberNames)
    }
    if schema.isReadOnly(path) { return "nobody can set \(text)" }
    let isInSet = kind.sets.contains {
      $0.components.count < path.components.count && $0.covers(path)
    }
    return isInSet
      ? "the elements of a list without order have no owners of their own: name the whole list"
      : nil
  }
}
