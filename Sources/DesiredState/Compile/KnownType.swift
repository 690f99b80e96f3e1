import Foundation
import TrueupCore

/// What a compilation has to know of a resource type, put together once: for every resource of every
/// stack it would be asked of the kind and its schema anew.
final class KnownType: @unchecked Sendable {
  /// What `Ref` or `Fn::GetAtt` of a resource gives.
  struct Attribute {
    /// The property or attribute, `Endpoint.Address`.
    var property: String
    /// `nil` where the registry does not know it.
    var schema: PropertySchema?
    /// Whether it is a list; `nil` where that is not known.
    var isList: Bool?
    /// Of which types it may be the id: `AWS::EC2::VPC.Id`.
    var formats: Set<String>
  }

  let type: String
  let schema: ResourceSchema?
  /// The property that `Ref` gives.
  let ref: String
  let isTaggable: Bool
  /// Tag keys that differ in case only are one key to the service.
  let tagKeysIgnoreCase: Bool
  let isGlobal: Bool
  let canSnapshot: Bool
  /// The property that names the region in which a resource lives.
  let region: String?
  /// Properties that the kind does not support, with the reasons.
  let unsupported: [PropertyPath: String]
  /// Properties of which AWS shows only a proof.
  let proven: Set<String>
  /// Lists whose elements have neither order nor key.
  let sets: [PropertyPath]
  /// Where policy documents of IAM's language stand.
  let policies: [PropertyPath]

  // Unchecked: touched under `lock` alone.
  private var attributes: [String?: Attribute] = [:]
  private let lock = NSLock()

  init(_ kind: any Kind, schema: ResourceSchema?) {
    let facts = kind.facts
    type = kind.type
    self.schema = schema
    ref = facts.identity.ref
    isTaggable = facts.ownership.isTaggable
    tagKeysIgnoreCase = facts.ownership.tagKeysIgnoreCase
    isGlobal = facts.placement.isGlobal
    canSnapshot = facts.lifecycle.canSnapshot
    region = facts.placement.regionProperty
    unsupported = facts.properties.all.compactMapValues(\.unsupported)
    proven = facts.properties.proven
    sets = facts.properties.all.filter { $0.value.collection == .set }.keys.sorted()
    policies = facts.properties.all.filter { $0.value.normalisation == .policyDocument }.keys
      .sorted()
  }

  /// - Parameter name: of `Fn::GetAtt`; `nil` for `Ref`.
  func attribute(_ name: String?) -> Attribute {
    lock.withLock {
      if let known = attributes[name] { return known }
      let property = name ?? ref
      let found = schema?[PropertyPath(property.split(separator: ".").map(String.init))]
      let types = found?.types ?? []
      let attribute = Attribute(
        property: property, schema: found, isList: types.isEmpty ? nil : types == [.array],
        formats: found?.referenceFormats ?? [])
      attributes[name] = attribute
      return attribute
    }
  }
}
