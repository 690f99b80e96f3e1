import Document
import TrueupCore

/// How log groups and their tags are read, and what the replies so far show.
///
/// DescribeLogGroups shows no tags: they come from the tag sweep, else from the group itself.
struct LogGroupReads {
  static let all = Read(Call("logs", "DescribeLogGroups", [:]), pageSize: 50, isEssential: true)

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

  let context: ReadContext
  let replies: Replies
  let groups: [Group]
  private let sweep: TagSweep

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
    sweep = TagSweep(context, replies)
  }

  func tags(of group: Group) -> TagSweep.KnownTags {
    sweep.tags(ofARN: group.arn, candidate: group.name, own: group.tagRead) {
      Tags.read(map: $0["tags"])
    }
  }
}
