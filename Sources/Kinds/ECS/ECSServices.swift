import Document
import TrueupCore

/// The services that concern us: of each of our clusters one list, and of those that are ours or that somebody
/// names ten a call.
final class ECSServices {
  private let context: ReadContext
  private let replies: Replies
  /// Clusters besides ours, by name.
  private let others: Set<String>
  /// The ARNs of services that are ours by the sweep or known to a base, and names of others.
  private let known: Set<String>
  private let clusterReads: [Read]
  private lazy var clusters = Set(
    ECS.clusters(clusterReads, replies).compactMap { $0["clusterName"]?.string }
  ).union(others)
  private lazy var lists = replies[TagSweep.read] == nil ? [] : clusters.sorted().map(Self.list)
  private lazy var describes = wanted.sorted { $0.key < $1.key }.flatMap { cluster, arns in
    arns.sorted().chunks(of: 10).map { Self.describe($0, in: cluster) }
  }

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

  /// The ARNs of those to be described, by cluster, once all lists are there.
  private var wanted: [String: [String]] {
    guard ([TagSweep.read] + clusterReads + lists).allSatisfy({ replies[$0] != nil }) else {
      return [:]
    }
    let listed = lists.flatMap { replies[$0]?.output?["serviceArns"]?.list ?? [] }
      .compactMap(\.string).filter { known.contains($0) || known.contains($0.lastPart) }
    let elsewhere = known.filter { arn in
      ECS.parts(ofService: arn).map { isHere(arn) && !clusters.contains($0.cluster) } ?? false
    }
    return Dictionary(grouping: Set(listed).union(elsewhere)) {
      ECS.parts(ofService: $0)?.cluster ?? "default"
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
