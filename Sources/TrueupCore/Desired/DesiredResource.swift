import Document

/// What CloudFormation's `DeletionPolicy` and `UpdateReplacePolicy` can say.
public enum RemovalPolicy: String, Hashable, Sendable {
  case delete = "Delete"
  case retain = "Retain"
  case retainExceptOnCreate = "RetainExceptOnCreate"
  case snapshot = "Snapshot"
}

/// One resource as the desired state wants it.
public struct DesiredResource: Hashable, Sendable {
  public var address: Address
  /// The registry's type name, `AWS::EC2::VPC`.
  public var type: String
  public var scope: Scope
  /// The declared properties, an object; without `Tags`, which stand in `tags`.
  public var properties: Value
  /// The declared tags with the fleet's own, without the ownership tags.
  public var tags: [String: Value]
  /// Logical ids of the same stack that `DependsOn` names.
  public var dependsOn: [Address]
  /// `nil` where the blueprint says nothing: then stateful kinds are retained on `destroy`.
  public var deletionPolicy: RemovalPolicy?
  public var updateReplacePolicy: RemovalPolicy?
  /// `Metadata.Trueup.Replace: "delete-first"`.
  public var replaceDeleteFirst: Bool
  /// Where the resource stands in the blueprint.
  public var location: SourceLocation
  /// The logical id that it had before: `Metadata.Trueup.Was`.
  public var was: String?
  /// The manifest says that a resource which exists without our tags may be taken over.
  public var adopt: Bool
  /// The id of that resource in AWS; `nil` where its name or its natural key tells which it is.
  public var adoptedID: String?

  public init(
    address: Address, type: String, scope: Scope, properties: Value, tags: [String: Value] = [:],
    dependsOn: [Address] = [], deletionPolicy: RemovalPolicy? = nil,
    updateReplacePolicy: RemovalPolicy? = nil, replaceDeleteFirst: Bool = false,
    location: SourceLocation, adopt: Bool = false, adoptedID: String? = nil, was: String? = nil
  ) {
    self.address = address
    self.type = type
    self.scope = scope
    self.properties = properties
    self.tags = tags
    self.dependsOn = dependsOn
    self.deletionPolicy = deletionPolicy
    self.updateReplacePolicy = updateReplacePolicy
    self.replaceDeleteFirst = replaceDeleteFirst
    self.location = location
    self.adopt = adopt || adoptedID != nil
    self.adoptedID = adoptedID
    self.was = was
  }

  /// The resources that this one refers to or depends on.
  public var targets: Set<Address> {
    var targets = Set(dependsOn)
    properties.forEachReference { targets.insert($0.address) }
    for value in tags.values { value.forEachReference { targets.insert($0.address) } }
    return targets
  }
}
