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

  static let list = Listing(
    Read(Call("route53", "ListHostedZones", [:]), pageSize: 100, isEssential: true), "HostedZones")

  let all: [Zone]
  private let sweep: TagSweep
  private let replies: Replies
  /// The zones that the sweep does not show as ours, and that may be all the same; ten a call.
  private let doubtful: [[String]]

  /// - Parameter mayBeOurs: whether a zone is worth asking for its tags.
  init(_ context: ReadContext, _ replies: Replies, mayBeOurs: (Zone) -> Bool) {
    self.replies = replies
    let sweep = TagSweep(context, replies)
    self.sweep = sweep
    all = Self.list.items(replies).compactMap { zone in
      guard let id = zone["Id"]?.string?.lastPart else { return nil }
      return Zone(id: id, name: DomainName.normal(zone["Name"]?.string ?? ""), output: zone)
    }
    let ids = all.filter { mayBeOurs($0) && !context.owns(Self.swept($0, sweep)) }.map(\.id)
      .sorted()
    doubtful =
      replies[TagSweep.read] == nil
      ? [] : ids.chunks(of: 10)
  }

  private static func swept(_ zone: Zone, _ sweep: TagSweep) -> [String: String] {
    sweep.swept["arn:\(sweep.context.partition):route53:::hostedzone/\(zone.id)"] ?? [:]
  }

  /// The list, the sweep, and the tags of the zones in doubt.
  var reads: [Read] { [Self.list.read, TagSweep.read] + doubtful.map(Self.tags) }

  private static func tags(of ids: [String]) -> Read {
    Read(
      Call(
        "route53", "ListTagsForResources",
        ["ResourceType": "hostedzone", "ResourceIds": .list(ids.map(Document.string))],
        // One of them is gone by now.
        absentCodes: ["NoSuchHostedZone"]))
  }

  /// The tags of a zone, and why they are not known.
  func tags(of zone: Zone) -> TagSweep.KnownTags {
    let swept = Self.swept(zone, sweep)
    guard let batch = doubtful.first(where: { $0.contains(zone.id) }) else {
      return TagSweep.KnownTags(
        known: swept, unread: swept.isEmpty ? "not read: it carries no owner tag" : nil)
    }
    switch replies.finding(Self.tags(of: batch)) {
    case .found(let output):
      let own = output.elements("ResourceTagSets").first { $0["ResourceId"]?.string == zone.id }
      return TagSweep.KnownTags(known: Tags.read(own?["Tags"]))
    case .nothing: return TagSweep.KnownTags(unread: "one of the zones asked for went meanwhile")
    case .unread(let reason): return TagSweep.KnownTags(known: swept, unread: reason)
    }
  }
}
