import Document
import TrueupCore

/// Which revisions of task definitions are looked at. Of each family that concerns us: the newest active one,
/// the newest that is ours where that is another, and older ones of ours that no service of ours uses.
struct TaskDefinitionRevisions {
  private let context: ReadContext
  private let replies: Replies
  private let sweep: TagSweep
  /// The ARNs of revisions that are ours by the sweep, or known to the base.
  private let known: Set<String>

  init(_ context: ReadContext, _ replies: Replies) {
    self.context = context
    self.replies = replies
    sweep = TagSweep(context, replies)
    known = Set(ECS.owned("task-definition", context, replies))
      .union(context.candidates.keys.filter { $0.hasPrefix("arn:") })
  }

  // MARK: Reads

  /// The active revisions of each family, a hundred a page.
  var lists: [Read] {
    guard replies[TagSweep.read] != nil else { return [] }
    return families.map(Self.list)
  }

  /// Only where something is in question: the services, which all kinds of ECS read alike.
  var services: [Read] {
    guard context.types.contains(ECS.serviceType), families.contains(where: { !active($0).isEmpty })
    else { return [] }
    return ECSServices(context, replies).reads
  }

  var describes: [Read] { families.flatMap(wanted).map(Self.describe) }

  private var families: [String] {
    let names = context.candidates.keys.filter { !$0.hasPrefix("arn:") }
    return Set(names + known.map(Self.family)).sorted()
  }

  private static func family(_ arn: String) -> String {
    arn.lastPart.split(separator: ":").first.map(String.init) ?? arn
  }

  private static func list(_ family: String) -> Read {
    Read(
      Call(
        "ecs", "ListTaskDefinitions",
        ["familyPrefix": .string(family), "status": "ACTIVE", "sort": "DESC"]),
      pageSize: 100, isEssential: true)
  }

  private static func describe(_ arn: String) -> Read {
    Read(
      Call(
        "ecs", "DescribeTaskDefinition",
        ["taskDefinition": .string(arn), "include": ["TAGS"]]), isEssential: true)
  }

  // MARK: Revisions

  /// The ARNs of a family's active revisions, the newest first; with those that were registered a moment ago
  /// and that the list does not show yet.
  private func active(_ family: String) -> [String] {
    guard let output = replies[Self.list(family)]?.output else { return [] }
    let listed = output.elements("taskDefinitionArns").compactMap(\.string)
    let recent = known.filter {
      context.recent[$0] != nil && Self.family($0) == family && !listed.contains($0)
    }
    let all = listed + recent
    return all.sorted { Self.revision($0) > Self.revision($1) }
  }

  private static func revision(_ arn: String) -> Int {
    arn.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  /// Those of a family to be described, as far as the replies tell by now.
  private func wanted(_ family: String) -> [String] {
    let active = active(family)
    guard let newest = active.first else { return [] }
    let own = active.filter(known.contains)
    // What is not ours is shown where nothing of ours is: it is in the way of the name.
    guard let shown = description(of: newest) else { return [newest] }
    let live = isOurs(shown) ? newest : own.first
    // Until it is known what the services use, all may be in use.
    let isKnown = services.allSatisfy { replies[$0] != nil }
    let older = own.filter { arn in
      isKnown && live.map { Self.revision(arn) < Self.revision($0) } ?? true
        && users(of: arn).isEmpty
    }
    return Set([newest, live].compactMap(\.self) + older).sorted()
  }

  private func description(of arn: String) -> Document? {
    replies[Self.describe(arn)]?.output
  }

  private func isOurs(_ description: Document) -> Bool {
    context.owns(Tags.read(description["tags"], key: "key", value: "value"))
  }

  private func users(of arn: String) -> [Document] {
    guard context.types.contains(ECS.serviceType) else { return [] }
    return ECSServices(context, replies).items.filter { $0.uses(taskDefinition: arn) }
      .compactMap { $0["serviceArn"]?.string.flatMap(ECS.parts) }
      .map { .string("\($0.cluster)/\($0.name)") }
  }

  /// What is shown, each with its tags and with what uses it.
  var items: [Document] {
    families.flatMap { family -> [Document] in
      let described = wanted(family).compactMap(description)
      let own = described.filter(isOurs)
      return (own.isEmpty ? described : own).compactMap { output in
        guard let revision = output["taskDefinition"], revision["status"] != "INACTIVE",
          let arn = revision["taskDefinitionArn"]?.string
        else { return nil }
        return revision.merging(
          .members([
            "tags": output["tags"], TaskDefinition.usedBy: .list(users(of: arn)),
          ]))
      }
    }
  }
}
