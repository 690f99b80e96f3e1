import Document
import TrueupCore

/// A stack as a template in which everything is resolved that can be without asking AWS: parameters,
/// conditions, mappings, loops and functions are gone. What only AWS or the applying machine can tell
/// stays as a reference. For tools that read templates. Pure.
public struct CompiledTemplate {
  private let stack: DesiredStack
  private let catalog: Catalog
  private let schema: (String) -> ResourceSchema?

  public init(
    _ stack: DesiredStack, catalog: Catalog,
    schema: @escaping (String) -> ResourceSchema? = { ResourceSchema.embedded($0) }
  ) {
    self.stack = stack
    self.catalog = catalog
    self.schema = schema
  }

  /// Without the ownership tags, which every resource carries.
  public var document: Document {
    var members: [String: Document] = [
      "AWSTemplateFormatVersion": "2010-09-09",
      "Description": .string("\(stack.id.name) in \(stack.account) \(stack.region)"),
      "Resources": .object(
        Dictionary(
          stack.resources.map { ($0.address.resource, resource($0)) },
          uniquingKeysWith: { first, _ in first })),
    ]
    let secrets = Set(stack.values.flatMap(\.secrets)).filter { $0.stored == nil }
    if !secrets.isEmpty {
      members["Parameters"] = .object(
        Dictionary(
          secrets.map { ($0.parameter, ["Type": "String", "NoEcho": true]) },
          uniquingKeysWith: { first, _ in first }))
    }
    // What CloudFormation knows only with its language extensions.
    if stack.values.contains(where: \.hasExtendedCalls) {
      members["Transform"] = .string(Blueprint.extensions)
    }
    if !stack.outputs.isEmpty {
      members["Outputs"] = .object(
        Dictionary(
          stack.outputs.map { ($0.name, output($0)) }, uniquingKeysWith: { first, _ in first }))
    }
    return .object(members)
  }

  private func resource(_ resource: DesiredResource) -> Document {
    var members: [String: Document] = ["Type": .string(resource.type)]
    var properties = template(resource.properties).object ?? [:]
    // AWS tags some types whose schema has no tags: dashboards, rules of security groups.
    let isTaggable = catalog[resource.type]?.facts.ownership.isTaggable == true
    if isTaggable, !resource.tags.isEmpty, let types = schema(resource.type)?.root.members["Tags"] {
      properties["Tags"] = tags(resource, types.types)
    }
    if !properties.isEmpty { members["Properties"] = .object(properties) }
    let needs = resource.dependsOn.map(\.resource).sorted()
    if !needs.isEmpty { members["DependsOn"] = .list(needs.map(Document.string)) }
    members["DeletionPolicy"] = resource.deletionPolicy.map { .string($0.rawValue) }
    members["UpdateReplacePolicy"] = resource.updateReplacePolicy.map { .string($0.rawValue) }
    return .object(members)
  }

  /// As the type writes them: a list of keys and values, or an object.
  private func tags(_ resource: DesiredResource, _ types: [PropertySchema.JSONType]) -> Document {
    let tags = resource.tags.mapValues(template)
    if types.contains(.object), !types.contains(.array) { return .object(tags) }
    return .list(
      tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": $0.value] })
  }

  private func output(_ output: DesiredOutput) -> Document {
    var members: [String: Document] = ["Value": template(output.value)]
    members["Description"] = output.description.map(Document.string)
    members["Export"] = output.export.map { ["Name": .string($0)] }
    return .object(members)
  }

  private func template(_ value: Value) -> Document {
    switch value {
    case .known(let document): return document
    case .list(let elements): return .list(elements.map(template))
    case .object(let members): return .object(members.mapValues(template))
    case .reference(let reference): return template(reference)
    case .secret(let secret):
      return secret.stored == nil
        ? ["Ref": .string(secret.parameter)] : .string(secret.parameter)
    case .fact(.availabilityZones(_, let region)): return ["Fn::GetAZs": .string(region)]
    case .fact(.parameter(let name, _, _, _)): return .string("{{resolve:ssm:\(name)}}")
    case .call(.resolve, let arguments):
      let name = arguments.first.map(template) ?? ""
      return ["Fn::Join": ["", .list(["{{resolve:", name, "}}"])]]
    case .call(let function, let arguments):
      let written = arguments.map(template)
      return .object([
        function.rawValue: written.count == 1 ? written[0] : .list(written)
      ])
    }
  }

  private func template(_ reference: Reference) -> Document {
    guard reference.address.stack == stack.id.name else {
      return ["Fn::ImportValue": .string(reference.text)]
    }
    let name = Document.string(reference.address.resource)
    return reference.attribute.map { ["Fn::GetAtt": .list([name, .string($0)])] } ?? ["Ref": name]
  }
}

extension Value {
  /// Whether a function of `AWS::LanguageExtensions` is left in it.
  fileprivate var hasExtendedCalls: Bool {
    switch self {
    case .known, .reference, .secret, .fact: false
    case .list(let elements): elements.contains(where: \.hasExtendedCalls)
    case .object(let members): members.values.contains(where: \.hasExtendedCalls)
    case .call(let function, let arguments):
      [.length, .toJSONString].contains(function) || arguments.contains(where: \.hasExtendedCalls)
    }
  }
}
