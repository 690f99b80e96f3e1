import Document
import TrueupCore

/// The hosted zones that an observation has shown, with the tags of those that matter: names are not
/// unique, so that tags alone say whose a zone is.
struct HostedZones {
  struct Zone {
    let id: String
    let name: String
    let output: Document
  }

  static let list = Read(Call("route53", "ListHostedZones", [:]), pageSize: 100, isEssential: true)

  let all: [Zone]
  private let sweep: TagSweep
  private let replies: Replies
  /// The zones that the sweep does not show as ours, and that may be all the same.
  private let doubtful: [String]

  /// - Parameter mayBeOurs: whether a zone is worth asking for its tags.
  init(_ context: ReadContext, _ replies: Replies, mayBeOurs: (Zone) -> Bool) {
    self.replies = replies
    let sweep = TagSweep(context, replies)
    self.sweep = sweep
    all = (replies[Self.list]?.output?["HostedZones"]?.list ?? []).compactMap { output in
      guard let path = output["Id"]?.string else { return nil }
      return Zone(
        id: path.split(separator: "/").last.map(String.init) ?? path,
        name: DomainName.normal(output["Name"]?.string ?? ""), output: output)
    }
    let partition = context.partition
    doubtful =
      replies[TagSweep.read] == nil
      ? []
      : all.filter {
        mayBeOurs($0) && !context.owns(sweep.swept[Self.arn($0.id, partition)] ?? [:])
      }.map(\.id).sorted()
    self.partition = partition
  }

  private let partition: String

  private static func arn(_ id: String, _ partition: String) -> String {
    "arn:\(partition):route53:::hostedzone/\(id)"
  }

  /// The list, the sweep, and the tags of the zones in doubt, ten a call.
  var reads: [Read] { [Self.list, TagSweep.read] + batches.map(Self.tags) }

  private var batches: [[String]] {
    stride(from: 0, to: doubtful.count, by: 10).map {
      Array(doubtful[$0..<min($0 + 10, doubtful.count)])
    }
  }

  private static func tags(of ids: [String]) -> Read {
    Read(
      Call(
        "route53", "ListTagsForResources",
        ["ResourceType": "hostedzone", "ResourceIds": .list(ids.map(Document.string))],
        // One of them is gone by now.
        absentCodes: ["NoSuchHostedZone"]))
  }

  /// The tags of a zone, and why they are not known.
  func tags(of zone: Zone) -> (known: [String: String], unread: String?) {
    let swept = sweep.swept[Self.arn(zone.id, partition)] ?? [:]
    guard let batch = batches.first(where: { $0.contains(zone.id) }) else {
      return (swept, swept.isEmpty ? "not read: it carries no owner tag" : nil)
    }
    switch replies.finding(Self.tags(of: batch)) {
    case .found(let output):
      let sets = output["ResourceTagSets"]?.list ?? []
      let own = sets.first { $0["ResourceId"]?.string == zone.id }
      return (Tags.read(own?["Tags"]), nil)
    case .nothing: return ([:], "one of the zones asked for went meanwhile")
    case .unread(let reason): return (swept, reason)
    }
  }
}
