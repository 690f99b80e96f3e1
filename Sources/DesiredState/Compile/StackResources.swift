import Document
import TrueupCore

extension StackCompiler {
  /// The stack as it is wanted. Evaluated after every stack's `prepare`, as imports need all exports.
  func compile(exports: [String: String]) -> DesiredStack {
    let compiled = Givers.ordered(
      resourceOrder.compactMap { compileResource($0) }, catalog: settings.catalog)
    for name in manifest.adopt.map(\.resource) where resources[name.value] == nil {
      log.error(
        "\"adopt\" names no resource of blueprint \(blueprint.name): \(name.value.quoted)"
          + Spelling.suggestion(for: name.value, among: resources.keys), at: name.location)
    }
    var stack = DesiredStack(
      id: id, account: account.id, region: region, resources: compiled,
      outputs: compileOutputs(exports: exports),
      secretSources: manifest.secrets.mapValues(\.value), destroy: manifest.destroy,
      isSuspended: manifest.isSuspended,
      manifest: manifest.start)
    stack.givenIdentifiers = givenIdentifiers
    stack.destroyedResources = manifest.destroyedResources
    stack.expires = manifest.expires
    stack.windows = manifest.windows ?? fleetWindows
    return stack
  }

  private func compileResource(_ name: String) -> DesiredResource? {
    guard let resource = resources[name], let kind = kind(of: resource) else { return nil }
    let node = resource.member.value
    warnOfIgnoredPolicies(node)
    let metadata = metadata(of: node, name, kind)
    guard isCreated(resource) else {
      node["Properties"].map(checkNames)
      return nil
    }
    let declared =
      node["Properties"].map { evaluate($0, .resource(name)) }
      ?? LocatedValue(.object([]), at: resource.member.position)
    let scope = scope(of: node, name, kind)
    let (properties, tags) = checked(declared, kind)
    if checksContent { checkContent(declared, kind: kind, tags: tags, name: name, scope: scope) }
    let adoption = manifest.adopt.first { $0.resource.value == name }
    return DesiredResource(
      address: address(name), type: resource.type,
      scope: scope,
      properties: properties, tags: tags, dependsOn: dependencies(node, of: name),
      deletionPolicy: policy("DeletionPolicy", node: node, kind: kind),
      updateReplacePolicy: policy("UpdateReplacePolicy", node: node, kind: kind),
      replaceDeleteFirst: metadata.replacesDeleteFirst, location: place(resource.member.position),
      adopt: adoption != nil, adoptedID: adoption?.id?.value, was: earlierName(node, of: name),
      owners: metadata.owners)
  }

  /// The logical id that the resource had before: `Metadata.Trueup.Was`. No two can have been the same.
  private func earlierName(_ node: Node, of name: String) -> String? {
    guard let member = node["Metadata"]?["Trueup"]?["Was"],
      let old = decidedText(member, "Was of \(name)")
    else { return nil }
    if resources[old] != nil {
      error("Was names a resource that the blueprint still has: \(old.quoted)", at: member.position)
    }
    let other = resources.keys.sorted().first {
      $0 < name && resources[$0]?.member.value["Metadata"]?["Trueup"]?["Was"]?.string == old
    }
    if let other {
      error("\(other) says that it was \(old.quoted), too", at: member.position)
    }
    return old
  }

  private func kind(of resource: ResourceTemplate) -> KnownType? {
    let type = resource.type
    if let known = settings.types[type] { return known }
    let position = resource.member.value["Type"]?.position ?? resource.member.position
    if type.hasPrefix("Custom::") || type == "AWS::CloudFormation::CustomResource" {
      error("custom resources are not supported: \(type)", at: position)
    } else if type == "AWS::CloudFormation::Stack" {
      error("nested stacks are not supported; give the nested stack a manifest", at: position)
    } else if type == "AWS::CloudFormation::Macro" || type.hasSuffix("::MODULE") {
      error("macros and modules are not supported: \(type)", at: position)
    } else {
      let suggestion =
        TerraformType.hint(type, among: settings.catalog.types)
        ?? Spelling.suggestion(for: type, among: settings.catalog.types)
      error(
        "\(type) is not supported"
          + (suggestion.isEmpty ? "; trueup kinds lists what is" : suggestion),
        at: position)
    }
    return nil
  }

  private func dependencies(_ node: Node, of name: String) -> [Address] {
    guard let depends = node["DependsOn"] else { return [] }
    return (depends.elements ?? [depends]).compactMap { element in
      guard let target = element.string else {
        error("DependsOn wants logical ids, not \(element.article)", at: element.position)
        return nil
      }
      guard let resource = resources[target] else {
        error(
          "DependsOn names no resource: \(target.quoted)"
            + Spelling.suggestion(for: target, among: resources.keys), at: element.position)
        return nil
      }
      guard isCreated(resource) else { return nil }
      noteEdge(from: name, to: target, at: element.position)
      return address(target)
    }
  }

  /// Source: CloudFormation User Guide, "DeletionPolicy attribute", "UpdateReplacePolicy attribute".
  private func policy(_ key: String, node: Node, kind: KnownType) -> RemovalPolicy? {
    guard let member = node[key], let text = decidedText(member, key) else { return nil }
    var allowed = ["Delete", "Retain", "Snapshot"]
    if key == "DeletionPolicy" { allowed.append("RetainExceptOnCreate") }
    guard allowed.contains(text) else {
      error(
        "\(key) must be one of \(allowed.joined(separator: ", ")), not \(text.quoted)"
          + Spelling.suggestion(for: text, among: allowed), at: member.position)
      return nil
    }
    if text == "Snapshot", !kind.canSnapshot {
      error("\(key) cannot be Snapshot: \(kind.type) has no snapshots", at: member.position)
      return nil
    }
    return RemovalPolicy(rawValue: text)
  }

  private func warnOfIgnoredPolicies(_ node: Node) {
    for member in node.members ?? [] where ["CreationPolicy", "UpdatePolicy"].contains(member.key) {
      log.add(
        .warning, "\(member.key) has no effect: Trueup itself decides when a resource is ready",
        at: place(member.position), stack: id.name)
    }
  }
}
