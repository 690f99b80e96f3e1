import Document
import TrueupCore

/// How log groups and their tags are read, and what the replies so far show.
///
/// DescribeLogGroups shows no tags. One sweep of the tagging API shows those of all groups that carry
/// our owner tag, some minutes late; so a group that we look for and that is not ours in the sweep is
/// asked for its tags itself, as are all that we look for where the sweep fails.
struct LogGroupReads {
  static let all = Read(Call("logs", "DescribeLogGroups", [:]), pageSize: 50, isEssential: true)

  static let tagSweep = Read(
    Call(
      "resourcegroupstaggingapi", "GetResources",
      [
        "ResourceTypeFilters": ["logs:log-group"],
        "TagFilters": [["Key": .string(OwnershipTags.stack)]],
      ]), pageSize: 100)

  struct Group {
    let name: String
    /// Without the `:*` at the end, as the tag calls want it.
    let arn: String
    /// The group in DescribeLogGroups' reply.
    let output: Document

    var tagRead: Read {
      Read(
        Call(
          "logs", "ListTagsForResource", ["resourceArn": .string(arn)],
          absentCodes: ["ResourceNotFoundException"]))
    }
  }

  /// What is known of a group's tags.
  struct KnownTags {
    var known: [String: String] = [:]
    /// The read that tells them, where the sweep does not.
    var wanted: Read?
    /// Why they are not known.
    var unread: String?
  }

  let context: ReadContext
  let replies: Replies
  let groups: [Group]
  /// By ARN.
  private let swept: [String: [String: String]]

  init(_ context: ReadContext, _ replies: Replies) {
    self.context = context
    self.replies = replies
    groups = (replies[Self.all]?.output?["logGroups"]?.list ?? []).compactMap { group in
      guard let name = group["logGroupName"]?.string,
        let arn = group["logGroupArn"]?.string ?? group["arn"]?.string
      else { return nil }
      return Group(
        name: name, arn: arn.hasSuffix(":*") ? String(arn.dropLast(2)) : arn, output: group)
    }
    let mappings = replies[Self.tagSweep]?.output?["ResourceTagMappingList"]?.list ?? []
    swept = Dictionary(
      mappings.compactMap { mapping in
        mapping["ResourceARN"]?.string.map { ($0, Tags.read(mapping["Tags"])) }
      }, uniquingKeysWith: { _, last in last })
  }

  func tags(of group: Group) -> KnownTags {
    guard let sweep = replies[Self.tagSweep] else {
      return KnownTags(unread: "the tag sweep has not been made")
    }
    let swept = swept[group.arn] ?? [:]
    if context.candidates[group.name] == nil {
      if case .failure(let failure) = sweep { return KnownTags(unread: failure.message) }
      return KnownTags(
        known: swept, unread: swept.isEmpty ? "not read: it carries no owner tag" : nil)
    }
    if context.owns(swept) { return KnownTags(known: swept) }
    switch replies.finding(group.tagRead) {
    case .found(let output):
      return KnownTags(known: Tags.read(map: output["tags"]), wanted: group.tagRead)
    case .nothing: return KnownTags(wanted: group.tagRead)
    case .unread(let reason): return KnownTags(wanted: group.tagRead, unread: reason)
    }
  }
}
