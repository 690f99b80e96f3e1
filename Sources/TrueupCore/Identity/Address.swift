/// Names a stack: one client in one environment of the fleet's project.
public struct StackID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let project: String
  public let client: String
  public let environment: String
  /// `acme-prod`: how people and reports call the stack. Unique within a fleet.
  public let name: String
  /// `cosyworld/acme-prod`: the value of the ownership tag `trueup:stack`.
  public let owner: String

  public init(project: String, client: String, environment: String) {
    self.project = project
    self.client = client
    self.environment = environment
    name = "\(client)-\(environment)"
    owner = "\(project)/\(name)"
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(owner) }

  public var description: String { name }

  public static func < (left: StackID, right: StackID) -> Bool { left.owner < right.owner }
}

/// Names a resource of the desired state: stack and logical id. For display, edges and the journal.
public struct Address: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The stack's name, `acme-prod`.
  public let stack: String
  /// The logical id in the blueprint, `Vpc`.
  public let resource: String
  /// Made once: a plan looks each address up many times.
  private let hash: Int

  public init(stack: String, resource: String) {
    self.stack = stack
    self.resource = resource
    var hasher = Hasher()
    hasher.combine(stack)
    hasher.combine(resource)
    hash = hasher.finalize()
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  public static func == (left: Address, right: Address) -> Bool {
    left.hash == right.hash && left.resource == right.resource && left.stack == right.stack
  }

  /// `acme-prod/Vpc`.
  public var description: String { "\(stack)/\(resource)" }

  public static func < (left: Address, right: Address) -> Bool {
    (left.stack, left.resource) < (right.stack, right.resource)
  }
}
