import Document

/// What references to resources that are not there yet will come to, where AWS makes it of their names
/// alone: what was deleted by hand and is made again has the values that it had. For comparing only: a
/// step waits for the real value.
struct ForetoldValues {
  let index: DesiredIndex
  let catalog: Catalog

  /// - Parameter name: the name that the resource will get; `nil` for the one that it gets first.
  func value(of reference: Reference, name: Document? = nil) -> Document? {
    guard let resource = index.resources[reference.address],
      let stack = index.stacks[reference.address.stack],
      let identity = catalog[resource.type]?.facts.identity, let rule = identity.name,
      let name = (name ?? first(resource, stack: stack.id, rule: rule))?.string
    else { return nil }
    let property = reference.attribute ?? identity.ref
    if property == rule.property { return .string(name) }
    guard let form = identity.foretold[property] else { return nil }
    var path = "/"
    if let declared = resource.properties["Path"] {
      guard let text = declared.document?.string else { return nil }
      path = text
    }
    let region = resource.scope.callRegion(ofStackIn: stack.region)
    return .string(
      form(
        NamedResource(
          name: name, path: path, account: resource.scope.account, region: region,
          partition: Partition.name(ofRegion: region),
          urlSuffix: Partition.urlSuffix(ofRegion: region))))
  }

  private func first(_ resource: DesiredResource, stack: StackID, rule: NameRule) -> Document? {
    if let declared = resource.properties[rule.property] { return declared.document }
    return PhysicalName.generated(for: resource, of: stack, rule: rule).first.map(Document.string)
  }
}
