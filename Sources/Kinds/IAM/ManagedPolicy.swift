import Document
import TrueupCore

/// A customer managed policy. What is changed of its document becomes its new default version.
public struct ManagedPolicy: SteppedKind {
  typealias Work = ManagedPolicyStep

  public init() {}

  public let type = "AWS::IAM::ManagedPolicy"

  public let facts = TypeFacts(
    Identity(
      ref: "PolicyArn",
      name: NameRule(
        property: "ManagedPolicyName", maximumLength: 128, punctuation: "+=,.@-_", ignoresCase: true
      ),
      arn: "iam:policy",
      foretold: [
        "PolicyArn": { "arn:\($0.partition):iam::\($0.account):policy\($0.path)\($0.name)" }
      ]),
    placement: .global,
    ownership: .byTags(inside: [Parent("Roles", "AWS::IAM::Role")]),
    properties: [
      "/Roles": .set.losing(.members).security,
      "/Users": .set.losing(.members).security,
      "/Groups": .set.losing(.members).security,
      "/PolicyDocument": .normal(.policyDocument).losing(.policy),
      "/Path": .defaultsTo("/"),
      "/Description": .defaultsTo(""),
    ])

  /// Others' roles, users and groups have it attached as well.
  public let sharedLists = Set(PolicyHolder.allCases.map(\.property))

  // MARK: Observing

  /// One read for all policies, one for all holders of a sort where attachments to them are declared.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let holders = holders(context).map(\.details)
    let own = shown(context, replies).flatMap { policy -> [Read] in
      [policy.tags.wanted, policy.descriptionRead].compactMap(\.self)
    }
    return [IAM.policies, TagSweep.read] + holders + own
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let holders = holders(context)
    return shown(context, replies).map { policy in
      var observed = Observed(
        type: type, id: policy.arn, scope: context.scope, properties: properties(policy.output),
        tags: policy.tags.known, createdAt: policy.output["CreateDate"]?.double)
      if let reason = policy.tags.unread { observed.unread["/Tags"] = reason }
      if let read = policy.descriptionRead {
        observed.add("Description", replies.finding(read)) { $0["Policy"]?["Description"] }
      } else if policy.output["Description"] == nil {
        observed.mark(["Description"], notAskedFor)
      }
      for holder in PolicyHolder.allCases {
        guard holders.contains(holder) else {
          observed.mark([holder.property], notAskedFor)
          continue
        }
        observed.add(holder.property, replies.finding(holder.details)) { output in
          .list(
            holder.details(output).filter { $0.attached.contains(.string(policy.arn)) }
              .map { .string($0.name) })
        }
      }
      return observed
    }
  }

  /// A policy among the details.
  private struct Shown {
    let arn: String
    let output: Document
    let tags: TagSweep.KnownTags
    /// IAM need not show a description in the details.
    let descriptionRead: Read?
  }

  private func shown(_ context: ReadContext, _ replies: Replies) -> [Shown] {
    let sweep = TagSweep(context, replies)
    return (replies[IAM.policies]?.output?["Policies"]?.list ?? []).compactMap { policy in
      guard let arn = policy["Arn"]?.string, let name = Self.name(of: policy) else {
        return nil
      }
      let own = Read(
        Call("iam", "ListPolicyTags", ["PolicyArn": .string(arn)], absentCodes: ["NoSuchEntity"]),
        pageSize: 1000)
      // The base knows it by its ARN, the desired state by its name.
      let candidate = context.candidates[arn] == nil ? name : arn
      let tags = sweep.tags(ofARN: arn, candidate: candidate, own: own) { Tags.read($0["Tags"]) }
      let declared = context.declared(id: candidate, tags: tags.known)
      let wantsDescription = policy["Description"] == nil && declared.contains("Description")
      return Shown(
        arn: arn, output: policy, tags: tags,
        descriptionRead: wantsDescription
          ? Read(
            Call("iam", "GetPolicy", ["PolicyArn": .string(arn)], absentCodes: ["NoSuchEntity"]))
          : nil)
    }
  }

  /// An ARN ends in the name.
  private static func name(of policy: Document) -> String? {
    policy["PolicyName"]?.string
      ?? policy["Arn"]?.string?.split(separator: "/").last.map(String.init)
  }

  private func holders(_ context: ReadContext) -> [PolicyHolder] {
    PolicyHolder.allCases.filter { context.properties.contains($0.property) }
  }

  private func properties(_ policy: Document) -> Document {
    var members = policy.members(named: [
      "Path", "Description", "DefaultVersionId", "AttachmentCount", "IsAttachable", "PolicyId",
      "PermissionsBoundaryUsageCount",
    ])
    members["PolicyArn"] = policy["Arn"]
    members["ManagedPolicyName"] = Self.name(of: policy).map(Document.string)
    members["CreateDate"] = policy["CreateDate"].map(IAM.date)
    members["UpdateDate"] = policy["UpdateDate"].map(IAM.date)
    members["PolicyDocument"] = (policy["PolicyVersionList"]?.list ?? [])
      .first { $0["IsDefaultVersion"] == true }?["Document"].map(IAM.document)
    return .members(members)
  }
}
