import Document
import TrueupCore

/// The capacity providers of a cluster and its default strategy, where a resource of their own describes
/// them. Its id is the name of the cluster.
public struct ClusterCapacityProviderAssociations: SequencedKind {
  public init() {}

  public let type = "AWS::ECS::ClusterCapacityProviderAssociations"

  public let facts = TypeFacts(
    Identity(ref: "Cluster", unique: [UniqueKey("Cluster")]),
    ownership: .inside([Parent("Cluster", "AWS::ECS::Cluster")]),
    properties: [
      "/CapacityProviders": .set.losing(.members),
      "/DefaultCapacityProviderStrategy": .keyed("CapacityProvider"),
      // Source: ECS API, CapacityProviderStrategyItem.
      "/DefaultCapacityProviderStrategy/*/Base": .defaultsTo(0),
      "/DefaultCapacityProviderStrategy/*/Weight": .defaultsTo(0),
    ],
    canonical: { properties in
      properties["Cluster"] == nil
        ? properties : properties.setting("Cluster", ECS.clusterName(properties["Cluster"]))
    })

  private static let written = ["CapacityProviders", "DefaultCapacityProviderStrategy"]

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [TagSweep.read] + describes(context, replies)
  }

  /// Those that all kinds of ECS read, and those that only resources of this type name.
  private func describes(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let shared = ECS.clusterReads(context, replies)
    guard replies[TagSweep.read] != nil else { return shared }
    let known = Set(shared.flatMap { $0.call.input.elements("clusters") }.compactMap(\.string))
    let named = (context.values["Cluster"] ?? []).union(context.candidates.keys).map(\.lastPart)
    return shared + ECS.describeClusters(Set(named).subtracting(known))
  }

  /// A cluster without capacity providers has no association, unless it was applied like that.
  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    ECS.clusters(describes(context, replies), replies).compactMap { cluster in
      guard let name = cluster["clusterName"]?.string else { return nil }
      let properties = ECSForm.read(cluster, Self.written)
      let isEmpty = Self.written.allSatisfy { (properties[$0] ?? nil)?.list?.isEmpty ?? true }
      guard !isEmpty || context.candidates[name] != nil else { return nil }
      return Observed(
        type: type, id: name, scope: context.scope,
        properties: .members(properties.merging(["Cluster": .string(name)]) { $1 }))
    }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let cluster = ECS.clusterName(step.desired["Cluster"])?.string else {
      throw .failed("\(step.address) has no Cluster")
    }
    return try put(step, cluster, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step, try step.existingID(), &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let cluster = try step.existingID()
    try calls.make(
      Call(
        "ecs", "PutClusterCapacityProviders",
        [
          "cluster": .string(cluster), "capacityProviders": [],
          "defaultCapacityProviderStrategy": [],
        ], absentCodes: [ECS.clusterNotFound],
        transientCodes: ["UpdateInProgressException", "ResourceInUseException"], patience: 300))
    return .done(id: cluster, attributes: [:])
  }

  private func put(
    _ step: Step, _ cluster: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Next {
    try Cluster.put(step.desired.members(named: Self.written), cluster, &calls)
    return .done(
      id: cluster, attributes: step.desired.merging(["Cluster": .string(cluster)]))
  }
}
