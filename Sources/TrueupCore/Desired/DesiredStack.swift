import Digest
import Document

/// What happens to data when a stack is destroyed: `"destroy": { "data": … }` in the manifest.
public enum DataDisposal: String, Hashable, Sendable {
  case retain, snapshot, delete
}

/// Where the value of a `NoEcho` parameter comes from.
public enum SecretSource: Hashable, Sendable {
  case environment(variable: String)
  /// A path, relative to the manifest's directory.
  case file(path: String)
  /// Trueup makes a random value of that many characters when the resource is created.
  case generate(length: Int)
}

/// An output of a blueprint.
public struct DesiredOutput: Hashable, Sendable {
  public var name: String
  public var value: Value
  public var description: String?
  /// The name under which other stacks import it.
  public var export: String?

  public init(name: String, value: Value, description: String? = nil, export: String? = nil) {
    self.name = name
    self.value = value
    self.description = description
    self.export = export
  }
}

/// One stack as its manifest and blueprint want it: the unit of isolation, of locks and of budgets.
public struct DesiredStack: Hashable, Sendable {
  public var id: StackID
  public var account: String
  public var region: String
  public var resources: [DesiredResource]
  public var outputs: [DesiredOutput]
  /// What parameters name that must exist in the stack's account and region.
  public var givenIdentifiers: [GivenIdentifier] = []
  /// Sources of the `NoEcho` parameters, by parameter name.
  public var secretSources: [String: SecretSource]
  /// The manifest asks for the removal of the stack.
  public var destroy: DataDisposal?
  /// At most how many resources go with it, as the manifest says beside `destroy`.
  public var destroyedResources: Int?
  /// The last day for which the stack is meant.
  public var expires: Day?
  /// When the stack may be changed; empty for any time.
  public var windows: [ChangeWindow] = []
  /// The manifest asks to leave the stack alone.
  public var isSuspended: Bool
  /// The manifest's path.
  public var manifest: SourceLocation

  public init(
    id: StackID, account: String, region: String, resources: [DesiredResource],
    outputs: [DesiredOutput] = [], secretSources: [String: SecretSource] = [:],
    destroy: DataDisposal? = nil, isSuspended: Bool = false, manifest: SourceLocation
  ) {
    self.id = id
    self.account = account
    self.region = region
    self.resources = resources
    self.outputs = outputs
    self.secretSources = secretSources
    self.destroy = destroy
    self.isSuspended = isSuspended
    self.manifest = manifest
  }

  /// Every value that the stack computes: properties, tags and outputs.
  public var values: [Value] {
    resources.flatMap { [$0.properties] + $0.tags.values } + outputs.map(\.value)
  }

  /// Two revisions with the same fingerprint want the same of the stack: the SHA-256 of its resources
  /// and of what is to become of it, secrets and unknowns redacted. 64 hexadecimal characters.
  public var fingerprint: String {
    let wanted = resources.sorted { $0.address < $1.address }.map { resource -> Document in
      [
        "id": .string(resource.address.resource), "type": .string(resource.type),
        "scope": .string(resource.scope.description), "properties": resource.properties.redacted,
        "tags": .object(resource.tags.mapValues(\.redacted)),
        "policies": .list(
          [resource.deletionPolicy, resource.updateReplacePolicy].map {
            .string($0?.rawValue ?? "")
          }),
      ]
    }
    let document: Document = [
      "resources": .list(wanted), "destroy": .string(destroy?.rawValue ?? ""),
    ]
    return SHA256.hexadecimal(of: document.json())
  }
}

/// An account of `fleet.jsonc`.
public struct FleetAccount: Hashable, Sendable {
  /// The name by which manifests call it.
  public var name: String
  /// Twelve digits.
  public var id: String
  public var region: String?
  /// The role to assume in the account (ARN), and its external id.
  public var role: String?
  public var externalID: String?

  public init(
    name: String, id: String, region: String? = nil, role: String? = nil, externalID: String? = nil
  ) {
    self.name = name
    self.id = id
    self.region = region
    self.role = role
    self.externalID = externalID
  }
}

extension FleetAccount {
  /// Whether a text is the id of an account: twelve digits.
  public static func isID(_ text: String) -> Bool {
    text.count == 12 && text.allSatisfy { $0.isASCII && $0.isNumber }
  }
}

/// How much one run may delete and replace without being told to, as a fleet file says.
public struct Budget: Hashable, Sendable {
  /// In one stack.
  public var deletes: Int
  public var replaces: Int
  /// In all stacks together; `nil` where nothing is written.
  public var fleetDeletes: Int?
  public var fleetReplaces: Int?

  /// What holds for all stacks together where nothing is written.
  public static let fleetDeletes = 15
  public static let fleetReplaces = 6

  public init(
    deletes: Int = 5, replaces: Int = 2, fleetDeletes: Int? = nil, fleetReplaces: Int? = nil
  ) {
    self.deletes = deletes
    self.replaces = replaces
    self.fleetDeletes = fleetDeletes
    self.fleetReplaces = fleetReplaces
  }
}

/// The whole desired state, compiled.
public struct Desired: Hashable, Sendable {
  public var project: String
  /// The name that the project had: what its tags call by it is renamed.
  public var formerProject: String?
  public var accounts: [FleetAccount]
  public var budget: Budget
  /// Programs that judge plans.
  public var checks: [PolicyCheck] = []
  /// `nil` where the fleet names nobody to tell.
  public var notifications: NotificationSettings?
  public var stacks: [DesiredStack]

  public init(
    project: String, accounts: [FleetAccount], budget: Budget = Budget(),
    notifications: NotificationSettings? = nil, stacks: [DesiredStack], formerProject: String? = nil
  ) {
    self.project = project
    self.formerProject = formerProject
    self.accounts = accounts
    self.budget = budget
    self.notifications = notifications
    self.stacks = stacks
  }

  /// The clients, by the names of their stacks.
  public var clients: [String: String] {
    Dictionary(stacks.map { ($0.id.name, $0.id.client) }, uniquingKeysWith: { first, _ in first })
  }

  /// The earlier logical ids of renamed resources.
  public var renamed: [Address: String] {
    Dictionary(
      stacks.flatMap(\.resources).compactMap { resource in
        resource.was.map { (resource.address, $0) }
      },
      uniquingKeysWith: { first, _ in first })
  }
}
