import Document
import TrueupCore

extension StackCompiler {
  /// The properties in the types that the registry wants, without tags, and all tags: those that
  /// the resource declares win over the manifest's, and those over the fleet's.
  func checked(_ declared: LocatedValue, _ kind: KnownType) -> (Value, [String: Value]) {
    var tags = kind.isTaggable ? commonTags : [:]
    guard let schema = kind.schema else {
      checkCase(of: tags, [], kind, at: declared.position)
      return (declared.value, tags)
    }
    var check = SchemaCheck(
      schema: schema, unsupported: kind.unsupported, patterns: settings.patterns,
      source: { self.source(of: $0) })
    var properties = check.checked(declared)
    for finding in check.findings {
      let isWarning = finding.isDoubt && !settings.isStrict
      log.add(
        isWarning ? .warning : .error, finding.message, at: place(finding.position),
        stack: id.name)
    }
    var keys: [TagKey] = []
    if let name = schema.tagProperty, let located = declared[name] {
      keys = checkedTagKeys(located)
      for (key, value) in Self.tags(in: properties[name] ?? .null) { tags[key] = value }
      if let members = properties.members {
        properties = .object(of: members.filter { $0.key != name })
      }
    }
    checkCase(of: tags, keys, kind, at: declared.position)
    return (properties, tags)
  }

  private typealias TagKey = (key: String, position: Position)

  /// Tags as a list of `Key` and `Value`, or as an object.
  private static func tags(in value: Value) -> [String: Value] {
    if let elements = value.elements {
      let pairs = elements.compactMap { element in
        element["Key"]?.document?.string.map { ($0, element["Value"] ?? .string("")) }
      }
      return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }
    return value.members ?? [:]
  }

  private func checkedTagKeys(_ located: LocatedValue) -> [TagKey] {
    var keys: [TagKey] = []
    switch located.content {
    case .object(let members): keys = members.map { ($0.key, $0.position) }
    case .list(let elements):
      for element in elements {
        guard let key = element["Key"], !key.isInvalid else { continue }
        if let text = key.value.document?.scalarText {
          keys.append((text, key.position))
        } else {
          error("the key of a tag must be known when the blueprint is compiled", at: key.position)
        }
      }
    case .leaf(.known): return []
    case .leaf: error("tags must be written as a list", at: located.position)
    case .absent, .invalid: return []
    }
    var seen: Set<String> = []
    for (key, position) in keys {
      if let problem = DeclaredTag.problem(ofKey: key) { error(problem, at: position) }
      if !seen.insert(key).inserted { error("tag \(key.quoted) is declared twice", at: position) }
    }
    return keys
  }

  /// Of two keys that AWS takes for one, wherever they are declared, the resource would have one alone.
  private func checkCase(
    of tags: [String: Value], _ own: [TagKey], _ kind: KnownType, at start: Position
  ) {
    guard kind.tagKeysIgnoreCase else { return }
    let alike = Dictionary(grouping: tags.keys.sorted()) { $0.lowercased() }
    for keys in alike.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
      error(
        "tags \(keys.map(\.quoted).joined(separator: " and ")) differ in case only, and "
          + "\(kind.type) ignores the case of tag keys: spell them the same",
        at: own.last { keys.contains($0.key) }?.position ?? start)
    }
  }

  /// What a reference gives, by the registry.
  private func source(of reference: Reference) -> SchemaCheck.Source? {
    let type =
      reference.address.stack == id.name
      ? resources[reference.address.resource]?.type : fleet?.type(of: reference.address)
    guard let type, let known = settings.types[type], let schema = known.schema else { return nil }
    return SchemaCheck.Source(
      reference: reference, schema: schema, ref: known.ref,
      attribute: known.attribute(reference.attribute))
  }
}
