import Document
import TrueupCore

/// An instance profile: what gives an instance its role.
public struct InstanceProfile: ComposedKind {
  public init() {}

  public let type = "AWS::IAM::InstanceProfile"

  public let facts = TypeFacts(
    IAM.identity(
      ref: "InstanceProfileName", name: "InstanceProfileName", arn: "Arn",
      sort: "instance-profile"),
    placement: .global,
    properties: [
      "/Roles": .set.losing(.members).security,
      "/Roles/*": .refers(to: "AWS::IAM::Role"),
      "/Path": .defaultsTo("/"),
    ])

  /// Shows no tags. Source: IAM API, ListInstanceProfiles.
  let listing = Listing(
    Read(Call("iam", "ListInstanceProfiles", [:]), pageSize: 1000, isEssential: true),
    "InstanceProfiles", created: "CreateDate")
  let tagging = IAMTags(
    list: "ListInstanceProfileTags", tag: "TagInstanceProfile", untag: "UntagInstanceProfile",
    by: "InstanceProfileName")
  let creation = Creation(IAM.call("CreateInstanceProfile"), ["InstanceProfileName", "Path"])
  let deletion = Deletion(IAM.removal("DeleteInstanceProfile"), "InstanceProfileName")

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    let roles = item.elements("Roles").compactMap { $0["RoleName"] }
    return ["Arn": item["Arn"], "Path": item["Path"], "Roles": .list(roles)]
  }

  /// A profile holds one role: the old one goes first.
  func fill(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    let profile: [String: Document?] = ["InstanceProfileName": .string(name)]
    for role in step.gone(from: "Roles") {
      try calls.make(
        IAM.removal("RemoveRoleFromInstanceProfile", profile).with(["RoleName": role]))
    }
    for role in step.added(to: "Roles") {
      try calls.make(IAM.call("AddRoleToInstanceProfile", profile).with(["RoleName": role]))
    }
  }
}
