import Document
import TrueupCore

/// What all kinds of ECS share.
enum ECS {
  static let clusterType = "AWS::ECS::Cluster"
  static let serviceType = "AWS::ECS::Service"

  static let clusterNotFound = "ClusterNotFoundException"

  /// ECS has one code for what is wrong and for what is not there yet.
  /// Source: ECS developer guide, "Using service-linked roles": the role is made at the first use of ECS in
  /// an account. IAM, "Changes that I make are not always immediately visible".
  static let newRoles: Set<String> = [
    "service linked role", "service-linked role", "unable to assume", "Role is not valid",
  ]

  /// The name of a cluster that is named by itself or by its ARN.
  static func clusterName(_ known: Document?) -> Document? {
    known?.string.map { .string($0.lastPart) } ?? known
  }

  /// The name of a role or key that may be named by its ARN.
  static func name(_ known: Document?, after word: String) -> Document? {
    guard let text = known?.string, text.hasPrefix("arn:"), let range = text.range(of: word) else {
      return known
    }
    return .string(String(text[range.upperBound...]))
  }

  /// The parts of a service's ARN behind the type: `arn:aws:ecs:eu-west-1:1:service/cluster/name`.
  static func parts(ofService arn: String) -> (cluster: String, name: String)? {
    let parts = arn.split(separator: "/").map(String.init)
    guard parts.count == 3, parts[0].hasSuffix(":service") else { return nil }
    return (parts[1], parts[2])
  }

  // MARK: Observing

  /// A hundred names a call. Clusters are asked for by their names, since others' are of no interest.
  static func describeClusters(_ names: Set<String>) -> [Read] {
    names.sorted().chunks(of: 100).map { names in
      Read(
        Call(
          "ecs", "DescribeClusters",
          [
            "clusters": .list(names.map(Document.string)),
            "include": ["TAGS", "SETTINGS", "CONFIGURATIONS"],
          ]), isEssential: true)
    }
  }

  /// The reads of the clusters that somebody names in the account, and of those that are ours by the sweep:
  /// the same for all kinds, so that they are made once.
  static func clusterReads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    guard replies[TagSweep.read] != nil else { return [] }
    let named = context.names[clusterType] ?? []
    return describeClusters(
      Set(named.map(\.lastPart)).union(owned("cluster", context, replies).map(\.lastPart)))
  }

  /// The clusters that the reads show.
  static func clusters(_ reads: [Read], _ replies: Replies) -> [Document] {
    var seen: Set<String> = []
    return reads.flatMap { replies[$0]?.output?["clusters"]?.list ?? [] }.filter { cluster in
      cluster["status"] != "INACTIVE" && seen.insert(cluster["clusterArn"]?.string ?? "").inserted
    }
  }

  /// The ARNs of what is ours by the sweep, of a type as ARNs call it.
  static func owned(_ word: String, _ context: ReadContext, _ replies: Replies) -> [String] {
    TagSweep(context, replies).swept.filter { context.owns($0.value) }.keys.filter { arn in
      let parts = arn.split(separator: ":", maxSplits: 5)
      return parts.count == 6 && parts[2] == "ecs" && parts[5].hasPrefix(word + "/")
    }.sorted()
  }

  // MARK: Tags

  /// - Parameter target: the ARN of what is tagged.
  static func tags(_ target: @escaping @Sendable (_ step: Step, _ id: String) -> String) -> ECSTags
  {
    ECSTags(
      writing: TagCalls(
        Call("ecs", "TagResource", [:]), Call("ecs", "UntagResource", [:]), form: .lowercaseList,
        members: ("tags", "tagKeys"), created: "tags"
      ) { ["resourceArn": .string(target($0, $1))] })
  }
}

/// Tags as ECS keeps them: what describes a resource shows them.
struct ECSTags: WrittenTags {
  let reads = [TagSweep.read]
  let writing: TagCalls

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags { TagSweep.KnownTags(known: writing.form.read(item["tags"])) }
}
