import Document
import TrueupCore

/// Parameters of an engine's family, for clusters of ElastiCache. Only what is declared is set; all others
/// are the family's.
public struct CacheParameterGroup: ComposedKind {
  public init() {}

  public let type = "AWS::ElastiCache::ParameterGroup"

  public let facts = TypeFacts(
    Identity(
      ref: "CacheParameterGroupName",
      name: NameRule(property: "CacheParameterGroupName", maximumLength: 255, lowercase: true)),
    properties: [
      // Source: ElastiCache API, ModifyCacheParameterGroup: it changes parameters only.
      "/Description": .createOnly,
      "/Properties/*": .normal(.scalarText),
    ])

  // MARK: Observing

  let listing = Listing(
    Read(
      Call("elasticache", "DescribeCacheParameterGroups", [:]), pageSize: 100, isEssential: true),
    "CacheParameterGroups")
  let tagging = ElastiCache.tags("parametergroup")
  let shown = ["CacheParameterGroupName", "CacheParameterGroupFamily", "Description"]
  let details = [
    Detail(["Properties"]) { _, name in
      Read(
        Call(
          "elasticache", "DescribeCacheParameters", ["CacheParameterGroupName": .string(name)],
          absentCodes: ["CacheParameterGroupNotFound"]), pageSize: 100)
    } values: { output in
      let parameters = output.elements("Parameters").compactMap { parameter in
        parameter["ParameterName"]?.string.map { ($0, parameter) }
      }
      return ["Properties": .object(Dictionary(parameters, uniquingKeysWith: { $1 }))]
    }
  ]

  /// Shows what was set, and the family's value of what somebody declares: a parameter that is set to that
  /// value does not count as set.
  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies).map { observed in
      guard let parameters = observed.properties["Properties"]?.object else { return observed }
      let declared = context.values["Properties"] ?? []
      let values = parameters.filter { name, parameter in
        parameter["Source"]?.string == "user" || declared.contains(name)
      }.compactMapValues { $0["ParameterValue"] }
      var shown = observed
      shown.properties = observed.properties.setting("Properties", .object(values))
      return shown
    }
  }

  // MARK: Changing

  let creation = Creation(
    Call("elasticache", "CreateCacheParameterGroup", [:]),
    ["CacheParameterGroupName", "CacheParameterGroupFamily", "Description"])
  /// The last cluster that uses it takes a while to go.
  let deletion = Deletion(
    Call(
      "elasticache", "DeleteCacheParameterGroup", [:],
      absentCodes: ["CacheParameterGroupNotFound"],
      transientCodes: ["InvalidCacheParameterGroupState"], patience: 120), "CacheParameterGroupName"
  )

  /// Parameters are set and reset twenty a call. Reset is what was declared, and is not any more.
  func fill(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    guard step.action == .create || step.changes("Properties") else { return }
    let desired = step.desired["Properties"]?.object ?? [:]
    let shown = step.shown["Properties"]?.object ?? [:]
    let applied = step.applied?["Properties"]?.object ?? [:]
    let reset = applied.keys.filter { desired[$0] == nil }.sorted().map { name in
      Document.members(["ParameterName": .string(name)])
    }
    let set = desired.filter { $0.value.jsonText != shown[$0.key]?.jsonText }
      .sorted { $0.key < $1.key }.map { name, value in
        Document.members(["ParameterName": .string(name), "ParameterValue": value.jsonText])
      }
    try calls.make(
      reset.chunks(of: Self.batch).map { Self.call("ResetCacheParameterGroup", name, $0) }
        + set.chunks(of: Self.batch).map { Self.call("ModifyCacheParameterGroup", name, $0) })
  }

  func clear(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {}

  private static let batch = 20

  private static func call(_ operation: String, _ name: String, _ parameters: [Document]) -> Call {
    Call(
      "elasticache", operation,
      ["CacheParameterGroupName": .string(name), "ParameterNameValues": .list(parameters)],
      // A cluster takes over the change before.
      transientCodes: ["InvalidCacheParameterGroupState"], patience: 300)
  }
}
