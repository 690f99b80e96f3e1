import Document

@testable import TrueupCore

/// Shorthand for desired states of toys.
enum Fleet {
  static let project = "fleet"
  static let account = "111111111111"
  static let region = "us-east-1"
  static let scope = Scope(account: account, region: region)
  static let location = SourceLocation(
    file: "blueprints/toys.jsonc", position: Position(line: 1, column: 1))

  static func net(_ id: String = "Net", cidr: String = "10.0.0.0/16", note: String? = nil)
    -> DesiredResource
  {
    var properties: [String: Value] = ["Cidr": .string(cidr)]
    if let note { properties["Note"] = .string(note) }
    return resource(id, ToyKind.net, properties)
  }

  static func sub(_ id: String = "Sub", in net: String = "Net", cidr: String = "10.0.1.0/24")
    -> DesiredResource
  {
    resource(id, ToyKind.sub, ["NetId": ref(net), "Cidr": .string(cidr)])
  }

  static func group(
    _ id: String = "Group", in net: String = "Net", rules: [Value]? = nil, purpose: String? = nil
  ) -> DesiredResource {
    var properties: [String: Value] = ["NetId": ref(net)]
    if let rules { properties["Rules"] = .list(of: rules) }
    if let purpose { properties["Purpose"] = .string(purpose) }
    return resource(id, ToyKind.group, properties)
  }

  static func store(_ id: String = "Store", _ properties: [String: Value] = [:])
    -> DesiredResource
  {
    resource(id, ToyKind.store, properties)
  }

  static func link(_ id: String = "Link", in net: String = "Net", to cidr: String)
    -> DesiredResource
  {
    resource(id, ToyKind.link, ["NetId": ref(net), "Cidr": .string(cidr)])
  }

  /// A rule that lets another group in.
  static func rule(from group: String, port: Int = 443) -> Value {
    .object(of: ["Port": .known(.integer(port)), "Source": ref(group)])
  }

  static func rule(port: Int) -> Value { .known(["Port": .integer(port)]) }

  static func ref(_ id: String, _ attribute: String? = nil, in stack: String = "acme-prod")
    -> Value
  {
    .reference(Reference(Address(stack: stack, resource: id), attribute: attribute))
  }

  static func resource(_ id: String, _ kind: ToyKind, _ properties: [String: Value])
    -> DesiredResource
  {
    DesiredResource(
      address: Address(stack: "acme-prod", resource: id), type: kind.type, scope: scope,
      properties: .object(of: properties), tags: ["Project": .string("Fleet")],
      location: location)
  }

  static func stack(
    _ client: String, _ resources: [DesiredResource], destroy: DataDisposal? = nil
  ) -> DesiredStack {
    DesiredStack(
      id: StackID(project: project, client: client, environment: "prod"), account: account,
      region: region,
      resources: resources.map { resource in
        var resource = resource
        resource.address = Address(
          stack: "\(client)-prod", resource: resource.address.resource)
        return resource
      }, destroy: destroy, manifest: location)
  }

  static func desired(_ stacks: [DesiredStack]) -> Desired {
    Desired(project: project, accounts: [], stacks: stacks)
  }

  /// The fleet of one stack, `acme-prod`.
  static func desired(_ resources: DesiredResource...) -> Desired {
    desired([stack("acme", resources)])
  }
}

extension DesiredResource {
  /// The same with some of its parts changed.
  func with(_ change: (inout DesiredResource) -> Void) -> DesiredResource {
    var copy = self
    change(&copy)
    return copy
  }

  func setting(_ property: String, _ value: Value?) -> DesiredResource {
    with { resource in
      var members = resource.properties.members ?? [:]
      members[property] = value
      resource.properties = .object(of: members)
    }
  }
}
