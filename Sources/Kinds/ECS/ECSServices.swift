import Document
import TrueupCore

/// The services that concern us: those that are ours by the sweep or that a base knows, ten a call. A cluster
/// is listed where it has other active services than those.
final class ECSServices {
  private let context: ReadContext
  private let replies: Replies
  /// Clusters besides ours, by name.
  private let others: Set<String>
  /// The ARNs of services that are ours by the sweep or known to a base, and names of others.
  private let known: Set<String>
  private let clusterReads: [Read]
  private lazy var shownClusters = ECS.clusters(clusterReads, replies)

  /// The services whose ARNs are known, by cluster.
  private lazy var located: [String: [String]] =
    replies[TagSweep.read] == nil ? [:] : byCluster(known.filter(isHere))
  private lazy var described: [Read] = reads(of: located)
  private lazy var lists: [Read] = unclear.map(Self.list)
  /// The others that the lists show and somebody names.
  private lazy var found: [String: [String]] = byCluster(
    Set(
      lists.flatMap { (replies[$0]?.output).elements("serviceArns") }.compactMap(\.string)
        .filter { known.contains($0.lastPart) && !known.contains($0) }))
  private lazy var describes: [Read] = described + reads(of: found)

  var reads: [Read] { clusterReads + lists + describes }

  /// Whether all reads have been made.
  private(set) lazy var isComplete = ([TagSweep.read] + reads).allSatisfy { replies[$0] != nil }

  /// The services that the reads show.
  private(set) lazy var items: [Document] = {
    var seen: Set<String> = []
    return describes.flatMap { replies[$0]?.output?["services"]?.list ?? [] }.filter {
      $0["status"] != "INACTIVE" && seen.insert($0["serviceArn"]?.string ?? "").inserted
    }
  }()

  /// - Parameter others: clusters in which resources are declared, by name.
  init(_ context: ReadContext, _ replies: Replies, others: Set<String> = []) {
    self.context = context
    self.replies = replies
    self.others = others
    known = (context.names[ECS.serviceType] ?? []).union(ECS.owned("service", context, replies))
    clusterReads = ECS.clusterReads(context, replies)
  }

  private static func list(_ cluster: String) -> Read {
    Read(
      Call(
        "ecs", "ListServices", ["cluster": .string(cluster)], absentCodes: [ECS.clusterNotFound]),
      pageSize: 100, isEssential: true)
  }

  /// The clusters that may have services of ours of which nothing is known yet, once those that are known are
  /// described.
  private var unclear: [String] {
    guard ([TagSweep.read] + clusterReads + described).allSatisfy({ replies[$0] != nil }) else {
      return []
    }
    let counts = Dictionary(
      shownClusters.map { ($0["clusterName"]?.string ?? "", $0["activeServicesCount"]) },
      uniquingKeysWith: { first, _ in first })
    let active = described.flatMap { (replies[$0]?.output).elements("services") }
      .filter { $0["status"] == "ACTIVE" }.compactMap { $0["serviceArn"]?.string }
    let seen = byCluster(Set(active))
    return Set(counts.keys).union(others).filter { cluster in
      counts[cluster] ?? nil != .integer(seen[cluster]?.count ?? 0)
    }.sorted()
  }

  private func byCluster(_ arns: Set<String>) -> [String: [String]] {
    Dictionary(grouping: arns) { ECS.parts(ofService: $0)?.cluster ?? "default" }
  }

  /// Names are known of the whole account.
  private func isHere(_ arn: String) -> Bool {
    arn.contains(":\(context.region):\(context.scope.account):")
  }

  private func reads(of arns: [String: [String]]) -> [Read] {
    arns.sorted { $0.key < $1.key }.flatMap { cluster, arns in
      arns.sorted().chunks(of: 10).map { Self.describe($0, in: cluster) }
    }
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
