import Document
import TrueupCore

/// A cluster of ECS.
public struct Cluster: ComposedKind {
  public init() {}

  public let type = "AWS::ECS::Cluster"

  public let facts = TypeFacts(
    Identity(
      ref: "ClusterName",
      name: NameRule(property: "ClusterName", maximumLength: 255, punctuation: "-_"),
      foretold: ["Arn": { "arn:\($0.partition):ecs:\($0.region):\($0.account):cluster/\($0.name)" }]
    ),
    properties: [
      "/ClusterSettings": .keyed("Name"),
      "/CapacityProviders": .set.losing(.members),
      "/DefaultCapacityProviderStrategy": .keyed("CapacityProvider"),
      // Source: ECS API, CapacityProviderStrategyItem, ExecuteCommandConfiguration and its log
      // configuration.
      "/DefaultCapacityProviderStrategy/*/Base": .defaultsTo(0),
      "/DefaultCapacityProviderStrategy/*/Weight": .defaultsTo(0),
      "/Configuration/ExecuteCommandConfiguration/Logging": .defaultsTo("DEFAULT"),
      "/Configuration/ExecuteCommandConfiguration/LogConfiguration/CloudWatchEncryptionEnabled":
        .defaultsTo(false),
      "/Configuration/ExecuteCommandConfiguration/LogConfiguration/S3EncryptionEnabled":
        .defaultsTo(false),
      "/Configuration": .notResettable(
        "ECS changes the configuration of a cluster, and takes none of it away"),
      "/ServiceConnectDefaults": .notReadable(
        "ECS shows the ARN of the namespace, whatever name it was given"),
    ],
    canonical: { properties in
      // A key may be named by its ARN.
      guard let configuration = properties["Configuration"],
        let storage = configuration["ManagedStorageConfiguration"], storage.object != nil
      else { return properties }
      let key = "FargateEphemeralStorageKmsKeyId"
      let named = storage.setting(key, ECS.name(storage[key], after: ":key/"))
      return properties.setting(
        "Configuration", configuration.setting("ManagedStorageConfiguration", named))
    })

  /// What one call updates.
  private static let updated = ["ClusterSettings", "Configuration", "ServiceConnectDefaults"]
  private static let providers = ["CapacityProviders", "DefaultCapacityProviderStrategy"]

  // MARK: Observing

  let listing = Listing(
    Read(Call("ecs", "DescribeClusters", [:])), "clusters", id: "clusterName")
  let tagging = ECS.tags { $0.arn("ecs", "cluster/\($1)") }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [TagSweep.read] + ECS.clusterReads(context, replies)
  }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    ECS.clusters(ECS.clusterReads(context, replies), replies)
  }

  func transition(of cluster: Document) -> String? {
    cluster["status"] == "DEPROVISIONING" ? Observed.leaving : nil
  }

  func properties(of cluster: Document, _ context: ReadContext) -> [String: Document?] {
    ECSForm.read(cluster, Self.updated + Self.providers)
      .merging(["Arn": cluster["clusterArn"]]) { $1 }
  }

  /// Without the capacity providers that a resource of their own describes.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    guard claims.contains(where: { $0.type == ClusterCapacityProviderAssociations().type }) else {
      return observed
    }
    var own = observed
    for property in Self.providers { own.properties = own.properties.setting(property, nil) }
    return own
  }

  // MARK: Changing

  let creation = Creation(
    Call(
      "ecs", "CreateCluster", [:], transientCodes: ["UpdateInProgressException"],
      transientMessages: [
        "InvalidParameterException": ECS.newRoles, "ClientException": ECS.newRoles,
      ]))
  let deletion = Deletion(
    Call(
      "ecs", "DeleteCluster", [:], absentCodes: [ECS.clusterNotFound],
      // Tasks and services end some minutes after they were told to.
      transientCodes: [
        "ClusterContainsServicesException", "ClusterContainsTasksException",
        "ClusterContainsContainerInstancesException", "ClusterContainsCapacityProviderException",
        "UpdateInProgressException",
      ], patience: 600), "cluster")

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    ECSForm.write(step.desired, ["ClusterName"] + Self.updated + Self.providers)
      .merging(tagging.input(step)) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("ClusterName")
    let output = try creation.make(step, try created(step), &calls)
    try Self.settle(output, name, &calls)
    return done(step, name)
  }

  func change(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    let changed = Self.updated.filter(step.changed.contains)
    if !changed.isEmpty {
      var desired = step.desired
      // What ECS has where an account has no default of its own.
      // Source: ECS API, ClusterSetting and ExecuteCommandConfiguration.
      for (property, initial) in Self.initial where desired[property] == nil {
        desired = desired.setting(property, initial)
      }
      var input = ECSForm.write(desired, changed)
      input["cluster"] = .string(name)
      try calls.make(Call("ecs", "UpdateCluster", .members(input)))
    }
    if step.changes("CapacityProviders", "DefaultCapacityProviderStrategy") {
      let wanted = step.unchanged.merging(step.desired)
      try Self.put(wanted.members(named: Self.providers), name, &calls)
    }
  }

  private static let initial: [String: Document] = [
    "ClusterSettings": [["Name": "containerInsights", "Value": "disabled"]],
    "ServiceConnectDefaults": ["Namespace": ""],
  ]

  /// Writes the capacity providers of a cluster and its default strategy, and waits until they are in effect.
  static func put(
    _ providers: [String: Document?], _ cluster: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    var input = ECSForm.write(.members(providers), Self.providers)
    for property in Self.providers {
      let member = ECSForm.member(property)
      input[member] = (input[member] ?? nil) ?? []
    }
    input["cluster"] = .string(cluster)
    let output = try calls.make(
      Call(
        "ecs", "PutClusterCapacityProviders", .members(input),
        // Another change is under way; a service that still uses a provider is about to let it go.
        transientCodes: [
          "UpdateInProgressException", "ResourceInUseException", ECS.clusterNotFound,
        ], patience: 300)
    ).output
    try settle(output ?? [:], cluster, &calls)
  }

  /// Waits until capacity providers are attached or detached.
  private static func settle(
    _ output: Document, _ name: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    guard isMoving(output["cluster"]) else { return }
    _ = try calls.wait(
      Call("ecs", "DescribeClusters", ["clusters": [.string(name)], "include": ["ATTACHMENTS"]]),
      every: 10, limit: 600, until: "the capacity providers of \(name) are in effect"
    ) { output in
      let cluster = output["clusters"]?[0]
      if cluster?["attachmentsStatus"] == "UPDATE_FAILED" || cluster?["status"] == "FAILED" {
        return .failed("ECS could not attach the capacity providers of \(name)")
      }
      return cluster == nil || isMoving(cluster) ? .waiting : .ready
    }
  }

  private static func isMoving(_ cluster: Document?) -> Bool {
    cluster?["status"] == "PROVISIONING" || cluster?["attachmentsStatus"] == "UPDATE_IN_PROGRESS"
  }

  // MARK: What is in its way

  public func obstacles(to deletion: Step) -> Call? {
    deletion.id.map { Call("ecs", "DescribeClusters", ["clusters": [.string($0)]]) }
  }

  public func obstacles(in output: Document) -> [String] {
    let counts: KeyValuePairs = [
      "activeServicesCount": "services", "runningTasksCount": "running tasks",
      "pendingTasksCount": "tasks that start",
      "registeredContainerInstancesCount": "container instances",
    ]
    return counts.compactMap { member, things in
      guard let count = output["clusters"]?[0]?[member]?.integer, count > 0 else { return nil }
      return "\(count) \(things)"
    }
  }
}
