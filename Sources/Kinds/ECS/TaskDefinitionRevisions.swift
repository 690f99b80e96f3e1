import Document
import TrueupCore

/// Which revisions of task definitions are looked at. Of each family that concerns us: the newest active one,
/// the newest that is ours where that is another, and older ones of ours that no service of ours uses.
final class TaskDefinitionRevisions {
  private let context: ReadContext
  private let replies: Replies
  /// The ARNs of revisions that are ours by the sweep, or known to the base.
  private let known: Set<String>
  private let families: [String]
  /// `nil` where nobody has services here.
  private let services: ECSServices?
  /// The services of ours that use a revision, each as `cluster/name`, by its ARN.
  private lazy var users: [String: [Document]] = {
    var users: [String: [Document]] = [:]
    for service in services?.items ?? [] {
      guard let parts = service["serviceArn"]?.string.flatMap(ECS.parts) else { continue }
      for arn in service.usedTaskDefinitions {
        users[arn, default: []].append(.string("\(parts.cluster)/\(parts.name)"))
      }
    }
    return users
  }()

  /// What the lists show, by family.
  private lazy var listed: [String: [String]] = {
    let lists = Set(families.map(list))
    let arns = lists.flatMap { (replies[$0]?.output).elements("taskDefinitionArns") }
    let shown = Dictionary(grouping: arns.compactMap(\.string), by: Self.family)
    return families.reduce(into: [:]) { all, family in
      if replies[list(family)]?.output != nil { all[family] = shown[family] ?? [] }
    }
  }()

  init(_ context: ReadContext, _ replies: Replies) {
    self.context = context
    self.replies = replies
    let arns = context.candidates.keys.filter { $0.hasPrefix("arn:") }
    let names = context.candidates.keys.filter { !$0.hasPrefix("arn:") }
    known = Set(ECS.owned("task-definition", context, replies)).union(arns)
    families = Set(names + known.map(Self.family)).sorted()
    services = context.types.contains(ECS.serviceType) ? ECSServices(context, replies) : nil
  }

  // MARK: Reads

  /// The active revisions, a hundred a page. Where there are any of ours, the services, which all kinds of ECS
  /// read alike.
  var reads: [Read] {
    guard replies[TagSweep.read] != nil else { return [] }
    let isAny = families.contains { !active($0).isEmpty }
    return Array(Set(families.map(list))) + (isAny ? services?.reads ?? [] : [])
      + families.flatMap(wanted).map(Self.describe)
  }

  private static func family(_ arn: String) -> String {
    arn.lastPart.split(separator: ":").first.map(String.init) ?? arn
  }

  /// The list that shows a family: one of its own where we have few of them, since an account may hold
  /// thousands of others' revisions; that of all where pages are fewer than families.
  private func list(_ family: String) -> Read {
    let all: Document = ["status": "ACTIVE", "sort": "DESC"]
    return Read(
      Call(
        "ecs", "ListTaskDefinitions",
        families.count > Self.few ? all : all.setting("familyPrefix", .string(family))),
      pageSize: 100, isEssential: true)
  }

  private static let few = 2

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
    guard let listed = listed[family] else { return [] }
    let recent = context.recent.keys.filter {
      known.contains($0) && Self.family($0) == family && !listed.contains($0)
    }
    return (listed + recent).sorted { Self.revision($0) > Self.revision($1) }
  }

  private static func revision(_ arn: String) -> Int {
    arn.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  /// Those of a family to be described, as far as the replies tell by now.
  private func wanted(_ family: String) -> [String] {
    let active = active(family)
    guard let newest = active.first else { return [] }
    // What is not ours is shown where nothing of ours is: it is in the way of the name.
    guard let shown = description(of: newest) else { return [newest] }
    let own = active.filter(known.contains)
    let live = isOurs(shown) ? newest : own.first
    // Until it is known what the services use, all may be in use.
    let isKnown = services?.isComplete ?? true
    let older = own.filter { arn in
      isKnown && live.map { Self.revision(arn) < Self.revision($0) } ?? true && users[arn] == nil
    }
    return Set([newest, live].compactMap(\.self) + older).sorted()
  }

  private func description(of arn: String) -> Document? {
    replies[Self.describe(arn)]?.output
  }

  private func isOurs(_ description: Document) -> Bool {
    context.owns(Tags.read(description["tags"], key: "key", value: "value"))
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
          .members(["tags": output["tags"], TaskDefinition.usedBy: .list(users[arn] ?? [])]))
      }
    }
  }
}

extension Document {
  /// The revisions of which a service runs tasks, or to which it would go back.
  var usedTaskDefinitions: Set<String> {
    Set(
      ([self] + elements("deployments")).compactMap { $0["taskDefinition"]?.string })
  }
}
