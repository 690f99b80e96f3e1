import Document
import TrueupCore

/// The services that concern us: of each of our clusters one list, and of those that are ours or that somebody
/// names ten a call.
struct ECSServices {
  private let context: ReadContext
  private let replies: Replies
  /// Clusters besides ours, by name.
  private let others: Set<String>
  /// The ARNs of services that are ours by the sweep or known to a base, and names of others.
  private let known: Set<String>

  /// - Parameter others: clusters in which resources are declared, by name.
  init(_ context: ReadContext, _ replies: Replies, others: Set<String> = []) {
    self.context = context
    self.replies = replies
    self.others = others
    known = (context.names[ECS.serviceType] ?? []).union(ECS.owned("service", context, replies))
  }

  var reads: [Read] { clusterReads + lists + describes }

  /// The services that the reads show.
  var items: [Document] {
    var seen: Set<String> = []
    return describes.flatMap { replies[$0]?.output?["services"]?.list ?? [] }.filter {
      $0["status"] != "INACTIVE" && seen.insert($0["serviceArn"]?.string ?? "").inserted
    }
  }

  private var clusterReads: [Read] { ECS.clusterReads(context, replies) }

  private var clusters: Set<String> {
    Set(ECS.clusters(clusterReads, replies).compactMap { $0["clusterName"]?.string }).union(others)
  }

  private var lists: [Read] {
    guard replies[TagSweep.read] != nil else { return [] }
    return clusters.sorted().map(Self.list)
  }

  private static func list(_ cluster: String) -> Read {
    Read(
      Call(
        "ecs", "ListServices", ["cluster": .string(cluster)], absentCodes: [ECS.clusterNotFound]),
      pageSize: 100, isEssential: true)
  }

  private var describes: [Read] {
    let listed = lists.flatMap { replies[$0]?.output?["serviceArns"]?.list ?? [] }
      .compactMap(\.string).filter { known.contains($0) || known.contains($0.lastPart) }
    let elsewhere = known.filter { arn in
      ECS.parts(ofService: arn).map { isHere(arn) && !clusters.contains($0.cluster) } ?? false
    }
    let all = Set(listed).union(elsewhere)
    let byCluster = Dictionary(grouping: all) { ECS.parts(ofService: $0)?.cluster ?? "default" }
    return byCluster.sorted { $0.key < $1.key }.flatMap { cluster, arns in
      arns.sorted().chunks(of: 10).map { Self.describe($0, in: cluster) }
    }
  }

  /// Names are known of the whole account.
  private func isHere(_ arn: String) -> Bool {
    arn.contains(":\(context.region):\(context.scope.account):")
  }

  private static func describe(_ arns: [String], in cluster: String) -> Read {
    Read(
      Call(
        "ecs", "DescribeServices",
        [
          "cluster": .string(cluster), "services": .list(arns.map(Document.string)),
          "include": ["TAGS"],
        ], absentCodes: [ECS.clusterNotFound]), isEssential: true)
  }
}
