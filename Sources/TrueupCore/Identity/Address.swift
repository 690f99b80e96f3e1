/// Names a stack: one client in one environment of the fleet's project.
public struct StackID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var project: String
  public var client: String
  public var environment: String

  public init(project: String, client: String, environment: String) {
    self.project = project
    self.client = client
    self.environment = environment
  }

  /// `acme-prod`: how people and reports call the stack. Unique within a fleet.
  public var name: String { "\(client)-\(environment)" }

  /// `cosyworld/acme-prod`: the value of the ownership tag `trueup:stack`.
  public var owner: String { "\(project)/\(name)" }

  public var description: String { name }

  public static func < (left: StackID, right: StackID) -> Bool { left.owner < right.owner }
}

/// Names a resource of the desired state: stack and logical id. For display, edges and the journal.
public struct Address: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The stack's name, `acme-prod`.
  public var stack: String
  /// The logical id in the blueprint, `Vpc`.
  public var resource: String

  public init(stack: String, resource: String) {
    self.stack = stack
    self.resource = resource
  }

  /// `acme-prod/Vpc`.
  public var description: String { "\(stack)/\(resource)" }

  public static func < (left: Address, right: Address) -> Bool {
    (left.stack, left.resource) < (right.stack, right.resource)
  }
}
