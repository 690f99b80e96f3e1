import Document
import Foundation
import TrueupCore

/// A customer managed policy. What is changed of its document becomes its new default version.
public struct ManagedPolicy: ComposedKind {
  public init() {}

  public let type = "AWS::IAM::ManagedPolicy"

  public let facts = TypeFacts(
    IAM.identity(
      ref: "PolicyArn", name: "ManagedPolicyName", arn: "PolicyArn", sort: "policy"),
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

  /// The customer's policies with their versions; without tags.
  let listing = Listing(
    IAM.details(of: "LocalManagedPolicy", isEssential: true), "Policies", id: "Arn",
    created: "CreateDate")
  let tagging = IAMTags(
    list: "ListPolicyTags", tag: "TagPolicy", untag: "UntagPolicy", by: "PolicyArn")
  let creation = Creation(
    IAM.call("CreatePolicy"), ["Path", "Description"],
    renamed: ["ManagedPolicyName": "PolicyName"], texts: ["PolicyDocument"], id: ["Policy", "Arn"])
  let deletion = Deletion(IAM.removal("DeletePolicy"), "PolicyArn")

  // MARK: Observing

  /// One read for all policies, one for all holders of a sort where attachments to them are declared.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    listedReads(context, replies) + holders(context).map(\.details)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let holders = holders(context)
    return observed(context, replies).map { policy in
      var observed = policy
      for holder in PolicyHolder.allCases {
        let shown =
          holders.contains(holder) ? replies.finding(holder.details) : .unread(notAskedFor)
        observed.add(holder.property, shown) { output in
          let attached = holder.shown(in: output).filter { _, detail in
            detail.elements("AttachedManagedPolicies").contains {
              $0["PolicyArn"]?.string == policy.id
            }
          }
          return .list(attached.map { .string($0.name) })
        }
      }
      return observed
    }
  }

  private func holders(_ context: ReadContext) -> [PolicyHolder] {
    PolicyHolder.allCases.filter { context.properties.contains($0.property) }
  }

  /// IAM need not show a description in the list.
  let details = [
    Detail(["Description"]) { policy, arn in
      policy["Description"] == nil ? IAM.own("GetPolicy", ["PolicyArn": .string(arn)]) : nil
    } values: {
      ["Description": $0["Policy"]?["Description"]]
    }
  ]

  /// The base knows it by its ARN, the desired state by its name, in which the ARN ends.
  func name(in known: String) -> String { known.lastPart }

  func properties(of policy: Document, _ context: ReadContext) -> [String: Document?] {
    var members = facts(of: policy)
    members["Path"] = policy["Path"]
    members["Description"] = policy["Description"]
    members["ManagedPolicyName"] = (policy["Arn"]?.string?.lastPart).map(Document.string)
    members["PolicyDocument"] = policy.elements("PolicyVersionList")
      .first { $0["IsDefaultVersion"] == true }?["Document"].map(IAM.document)
    return members
  }

  /// What IAM says of a policy by itself. An instant as CloudFormation's attributes write it.
  private func facts(of policy: Document) -> [String: Document?] {
    var members = policy.members(named: [
      "DefaultVersionId", "AttachmentCount", "IsAttachable", "PolicyId",
      "PermissionsBoundaryUsageCount", "CreateDate", "UpdateDate",
    ])
    for date in ["CreateDate", "UpdateDate"] {
      if let instant = policy[date]?.double {
        members[date] = .string(Date(timeIntervalSince1970: instant).ISO8601Format())
      }
    }
    return members
  }

  // MARK: Changing

  func told(by output: Document) -> [String: Document?] {
    output["Policy"].map(facts) ?? [:]
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let arn = try step.existingID()
    var version: Document?
    if step.changes("PolicyDocument") {
      try makeRoom(arn, &calls)
      let created = try calls.make(
        IAM.call(
          "CreatePolicyVersion",
          [
            "PolicyArn": .string(arn), "SetAsDefault": true,
            "PolicyDocument": step.desired["PolicyDocument"]?.parsedJSON.jsonText,
          ]))
      version = created.output?["PolicyVersion"]?["VersionId"]
    }
    try fill(step, arn, &calls)
    try calls.make(tagging.calls(step, arn))
    return done(step, arn).adding(["DefaultVersionId": version])
  }

  func fill(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    for holder in PolicyHolder.allCases {
      try calls.make(step.added(to: holder.property).map { holder.attach(.string(arn), to: $0) })
      try calls.make(
        step.gone(from: holder.property).map { holder.detach(.string(arn), from: $0) })
    }
  }

  /// Takes it off everybody who has it, and its versions away, without which it cannot be deleted.
  func clear(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    let policy: [String: Document?] = ["PolicyArn": .string(arn)]
    for page in try calls.pages("ListEntitiesForPolicy", policy) {
      try calls.make(
        PolicyHolder.allCases.flatMap { holder in
          page.elements("Policy" + holder.property).compactMap { $0[holder.name] }
            .map { holder.detach(.string(arn), from: $0) }
        })
    }
    try calls.make(try spareVersions(arn, &calls).map { delete($0, arn) })
  }

  // MARK: Versions

  /// IAM keeps five versions: the oldest goes that is not in effect.
  /// Source: IAM User Guide, "Versioning IAM policies".
  private func makeRoom(_ arn: String, _ calls: inout CallSequence) throws(Pause) {
    // Of `v12`, 12. Versions are counted up and a number is never used again.
    func number(_ version: Document) -> Int {
      Int(version["VersionId"]?.string?.dropFirst() ?? "") ?? 0
    }
    let spare = try spareVersions(arn, &calls)
    guard spare.count >= 4, let oldest = spare.min(by: { number($0) < number($1) }) else { return }
    try calls.make(delete(oldest, arn))
  }

  /// Those that are not in effect.
  private func spareVersions(
    _ arn: String, _ calls: inout CallSequence
  ) throws(Pause) -> [Document] {
    try calls.pages("ListPolicyVersions", ["PolicyArn": .string(arn)])
      .flatMap { $0.elements("Versions") }.filter { $0["IsDefaultVersion"] != true }
  }

  private func delete(_ version: Document, _ arn: String) -> Call {
    IAM.removal(
      "DeletePolicyVersion", ["PolicyArn": .string(arn), "VersionId": version["VersionId"]])
  }
}
