import Document
import TrueupCore

/// Shorthand for desired states of toys.
enum ToyFleet {
  static let account = "111111111111"
  static let location = SourceLocation(
    file: "clients/toys.jsonc", position: Position(line: 1, column: 1))

  static func net(_ id: String, cidr: String = "10.0.0.0/16", note: String? = nil)
    -> DesiredResource
  {
    var properties: [String: Value] = ["Cidr": .string(cidr)]
    if let note { properties["Note"] = .string(note) }
    return resource(id, "Test::Net", properties)
  }

  static func host(
    _ id: String, in net: Value? = nil, route: Value? = nil, password: Value? = nil,
    note: String? = nil
  ) -> DesiredResource {
    var properties: [String: Value] = [:]
    properties["NetId"] = net
    properties["Route"] = route
    properties["Password"] = password
    properties["Note"] = note.map(Value.string)
    return resource(id, "Test::Host", properties)
  }

  static func resource(_ id: String, _ type: String, _ properties: [String: Value])
    -> DesiredResource
  {
    DesiredResource(
      address: Address(stack: "", resource: id), type: type,
      scope: Scope(account: account, region: "us-east-1"), properties: .object(of: properties),
      location: location)
  }

  static func ref(_ id: String, in stack: String = "acme-prod") -> Value {
    .reference(Reference(Address(stack: stack, resource: id)))
  }

  static func stack(
    _ client: String, account: String = account, _ resources: [DesiredResource]
  ) -> DesiredStack {
    DesiredStack(
      id: StackID(project: "fleet", client: client, environment: "prod"), account: account,
      region: "us-east-1",
      resources: resources.map { resource in
        var resource = resource
        resource.address = Address(
          stack: "\(client)-prod", resource: resource.address.resource)
        resource.scope.account = account
        return resource
      },
      secretSources: ["Token": .environment(variable: "TOKEN")], manifest: location)
  }

  static func desired(_ stacks: DesiredStack...) -> Desired {
    Desired(project: "fleet", accounts: [], stacks: stacks)
  }

  /// The fleet of one stack, `acme-prod`.
  static func acme(_ resources: DesiredResource...) -> Desired {
    desired(stack("acme", resources))
  }
}

extension DesiredResource {
  func dependingOn(_ id: String) -> DesiredResource {
    var copy = self
    copy.dependsOn = [Address(stack: "acme-prod", resource: id)]
    return copy
  }

  func tagged(_ note: String) -> DesiredResource {
    var copy = self
    copy.tags["Note"] = .string(note)
    return copy
  }
}
