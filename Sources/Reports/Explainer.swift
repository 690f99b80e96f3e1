import Document
import TrueupCore

/// Answers from the registry's schemas and the facts of the kinds.
public struct Explainer {
  let catalog: Catalog
  let schema: (String) -> ResourceSchema?

  public init(
    _ catalog: Catalog,
    schema: @escaping (String) -> ResourceSchema? = { ResourceSchema.embedded($0) }
  ) {
    self.catalog = catalog
    self.schema = schema
  }

  /// Explains `AWS::EC2::Subnet`, or a property: `AWS::EC2::SecurityGroup.SecurityGroupIngress.CidrIp`.
  /// List elements need no name; `*` and an index are passed over.
  public func explain(_ query: String) throws(ExplainError) -> Explanation {
    let words = query.split { $0 == "." || $0 == "/" }.map(String.init)
    let typeName = words.first ?? ""
    guard let kind = catalog[typeName], let schema = schema(typeName) else {
      throw .unknownType(typeName, known: catalog.types)
    }
    var subject = ExplainedProperty(type: schema, kind: kind, schema: schema.root)
    for word in words.dropFirst() where word != "*" && Int(word) == nil {
      subject = subject.throughLists
      let known = subject.schema.namesOfAllMembers
      guard known.contains(word), let member = subject.schema.member(word) else {
        throw .unknownMember(word, of: subject.name, known: known)
      }
      subject.path = subject.path.appending(word)
      subject.schema = member
    }
    return subject.path.components.isEmpty ? explainType(subject) : explainProperty(subject)
  }

  private func explainType(_ subject: ExplainedProperty) -> Explanation {
    let known = subject.kind.facts
    var facts: [Explanation.Fact] = [
      .init(
        key: "ref", label: "Ref gives", value: .string(known.identity.ref), text: known.identity.ref
      )
    ]
    if let rule = known.identity.name {
      facts.append(
        .init(
          key: "nameProperty", label: "name", value: .string(rule.property),
          text: "\(rule.property); made of stack and logical id where it is not declared"))
    }
    if known.lifecycle.holdsData {
      facts.append(
        .init(
          key: "stateful", label: "holds data", value: true,
          text: "yes: destroy retains it unless the manifest says otherwise"))
    }
    if known.placement.isGlobal {
      facts.append(.init(key: "global", label: "lives", value: true, text: "once per account"))
    }
    if !known.ownership.isTaggable {
      facts.append(.init(key: "taggable", label: "tags", value: false, text: "carries none"))
    }
    let attributes = subject.type.readOnly.map { path in
      Explanation.Member(
        name: path.components.joined(separator: "."),
        type: subject.type[path]?.typeText ?? "string", notes: [])
    }
    return Explanation(
      name: subject.name, facts: facts, members: members(of: subject),
      attributes: attributes.sorted { $0.name < $1.name })
  }

  private func explainProperty(_ subject: ExplainedProperty) -> Explanation {
    Explanation(
      name: subject.name, facts: subject.facts + references(subject),
      members: members(of: subject.throughLists), attributes: [])
  }

  private func members(of subject: ExplainedProperty) -> [Explanation.Member] {
    subject.schema.namesOfAllMembers.compactMap { name in
      guard let schema = subject.schema.member(name) else { return nil }
      var member = subject
      member.path = subject.path.appending(name)
      member.schema = schema
      if member.isAttribute, subject.path.components.isEmpty { return nil }
      return Explanation.Member(name: name, type: schema.typeText, notes: member.notes)
    }
  }

  /// What the value names: the registry says it by formats such as `AWS::EC2::VPC.Id`.
  private func references(_ subject: ExplainedProperty) -> [Explanation.Fact] {
    let leaf = subject.throughLists
    let formats = leaf.schema.formats.filter { format in
      // A property of the resource itself may have the format of its own id.
      format.contains("::")
        && !(subject.path.components.count == 1 && format.hasPrefix(subject.type.type + "."))
    }
    guard !formats.isEmpty, subject.isSupported else { return [] }
    let texts = formats.sorted().map { format in
      "\(format)\(source(of: format).map { ", by \($0)" } ?? "")"
    }
    return [
      .init(
        key: "refersTo", label: "refers to", value: .list(formats.sorted().map { .string($0) }),
        text: texts.joined(separator: "; "))
    ]
  }

  /// The function that gives a value of the format, where the type is supported.
  private func source(of format: String) -> String? {
    let type = String(format.prefix { $0 != "." })
    guard let kind = catalog[type], let schema = schema(type) else { return nil }
    let names = schema.properties.filter { $0.value.formats.contains(format) }.keys.sorted()
    guard let name = names.first else { return nil }
    if names.contains(kind.facts.identity.ref) { return "{ \"Ref\": … }" }
    return "{ \"Fn::GetAtt\": [\"…\", \"\(name)\"] }"
  }
}

extension PropertySchema {
  /// The members that are declared, also by alternatives.
  var namesOfAllMembers: [String] {
    Set((allOf + anyOf + oneOf).flatMap(\.namesOfAllMembers)).union(memberNames).sorted()
  }

  /// What a value is, for people.
  var typeText: String {
    if types.contains(.array) || types.isEmpty && items != nil {
      return "list of " + (items.map { $0.typeText.plural } ?? "values")
    }
    if types.isEmpty {
      let alternatives = Set((anyOf + oneOf + allOf).flatMap(\.types)).map(\.rawValue).sorted()
      return alternatives.isEmpty
        ? (memberNames.isEmpty ? "any value" : "object") : alternatives.joined(separator: " or ")
    }
    return types.map(\.rawValue).joined(separator: " or ")
  }
}

extension String {
  fileprivate var plural: String {
    if hasPrefix("list of ") { return "lists of " + dropFirst(8) }
    return self == "any value"
      ? "values"
      : split(separator: " or ").map { $0 + "s" }
        .joined(separator: " or ")
  }
}
