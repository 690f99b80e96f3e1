import Document

/// What CloudFormation's `DeletionPolicy` and `UpdateReplacePolicy` can say.
public enum RemovalPolicy: String, Hashable, Sendable {
  case delete = "Delete"
  case retain = "Retain"
  case retainExceptOnCreate = "RetainExceptOnCreate"
  case snapshot = "Snapshot"
}

/// One resource as the desired state wants it.
///
/// A plan hands it on many times for each time that it is made: a copy shares what it holds until one of
/// them is changed.
public struct DesiredResource: Hashable, Sendable {
  private struct Fields: Hashable, Sendable {
    var address: Address
    var type: String
    var scope: Scope
    var properties: Value
    var tags: [String: Value]
    var dependsOn: [Address]
    var deletionPolicy: RemovalPolicy?
    var updateReplacePolicy: RemovalPolicy?
    var replaceDeleteFirst: Bool
    var location: SourceLocation
    var was: String?
    var adopt: Bool
    var adoptedID: String?
    var owners: [PropertyPath: FieldOwner]
  }

  private final class Storage: Sendable {
    let fields: Fields
    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  public var address: Address {
    get { storage.fields.address }
    set { change { $0.address = newValue } }
  }
  /// The registry's type name, `AWS::EC2::VPC`.
  public var type: String {
    get { storage.fields.type }
    set { change { $0.type = newValue } }
  }
  public var scope: Scope {
    get { storage.fields.scope }
    set { change { $0.scope = newValue } }
  }
  /// The declared properties, an object; without `Tags`, which stand in `tags`.
  public var properties: Value {
    get { storage.fields.properties }
    set { change { $0.properties = newValue } }
  }
  /// The declared tags with the fleet's own, without the ownership tags.
  public var tags: [String: Value] {
    get { storage.fields.tags }
    set { change { $0.tags = newValue } }
  }
  /// Logical ids of the same stack that `DependsOn` names.
  public var dependsOn: [Address] {
    get { storage.fields.dependsOn }
    set { change { $0.dependsOn = newValue } }
  }
  /// `nil` where the blueprint says nothing: then stateful kinds are retained on `destroy`.
  public var deletionPolicy: RemovalPolicy? {
    get { storage.fields.deletionPolicy }
    set { change { $0.deletionPolicy = newValue } }
  }
  public var updateReplacePolicy: RemovalPolicy? {
    get { storage.fields.updateReplacePolicy }
    set { change { $0.updateReplacePolicy = newValue } }
  }
  /// `Metadata.Trueup.Replace: "delete-first"`.
  public var replaceDeleteFirst: Bool {
    get { storage.fields.replaceDeleteFirst }
    set { change { $0.replaceDeleteFirst = newValue } }
  }
  /// Where the resource stands in the blueprint.
  public var location: SourceLocation {
    get { storage.fields.location }
    set { change { $0.location = newValue } }
  }
  /// The logical id that it had before: `Metadata.Trueup.Was`.
  public var was: String? {
    get { storage.fields.was }
    set { change { $0.was = newValue } }
  }
  /// The manifest says that a resource which exists without our tags may be taken over.
  public var adopt: Bool {
    get { storage.fields.adopt }
    set { change { $0.adopt = newValue } }
  }
  /// The id of that resource in AWS; `nil` where its name or its natural key tells which it is.
  public var adoptedID: String? {
    get { storage.fields.adoptedID }
    set { change { $0.adoptedID = newValue } }
  }
  /// Who else than git decides what: `Metadata.Trueup.Owners`. Tags stand below `/Tags`, by their keys.
  public var owners: [PropertyPath: FieldOwner] {
    get { storage.fields.owners }
    set { change { $0.owners = newValue } }
  }

  public init(
    address: Address, type: String, scope: Scope, properties: Value, tags: [String: Value] = [:],
    dependsOn: [Address] = [], deletionPolicy: RemovalPolicy? = nil,
    updateReplacePolicy: RemovalPolicy? = nil, replaceDeleteFirst: Bool = false,
    location: SourceLocation, adopt: Bool = false, adoptedID: String? = nil, was: String? = nil,
    owners: [PropertyPath: FieldOwner] = [:]
  ) {
    storage = Storage(
      Fields(
        address: address, type: type, scope: scope, properties: properties, tags: tags,
        dependsOn: dependsOn, deletionPolicy: deletionPolicy,
        updateReplacePolicy: updateReplacePolicy, replaceDeleteFirst: replaceDeleteFirst,
        location: location, was: was, adopt: adopt || adoptedID != nil, adoptedID: adoptedID,
        owners: owners))
  }

  private mutating func change(_ body: (inout Fields) -> Void) {
    var fields = storage.fields
    body(&fields)
    storage = Storage(fields)
  }

  public static func == (left: DesiredResource, right: DesiredResource) -> Bool {
    left.storage === right.storage || left.storage.fields == right.storage.fields
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(storage.fields) }

  /// The resources that this one refers to or depends on.
  public var targets: Set<Address> {
    var targets = Set(dependsOn)
    properties.forEachReference { targets.insert($0.address) }
    for value in tags.values { value.forEachReference { targets.insert($0.address) } }
    return targets
  }
}
