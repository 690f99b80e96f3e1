import Document
import TrueupCore

/// `AWS::IAM::Role`, with its inline policies and attachments, which we own whole.
public struct Role: ComposedKind {
  public init() {}

  public let type = "AWS::IAM::Role"

  public let facts = TypeFacts(
    // Source: IAM is not among "Services that support the Resource Groups Tagging API" with roles.
    IAM.identity(ref: "RoleName", name: "RoleName", maximumLength: 64, arn: "Arn", sort: "role"),
    placement: .global.unswept, ownership: .byTagsIgnoringCase,
    properties: [
      "/Policies": .keyed("PolicyName").ownedWhole([]).losing(.members).security,
      "/ManagedPolicyArns": .set.ownedWhole([]).losing(.members).security,
      "/AssumeRolePolicyDocument": .normal(.policyDocument).losing(.policy),
      "/Policies/*/PolicyDocument": .normal(.policyDocument).losing(.policy),
      "/PermissionsBoundary": .losing(.narrowing).security,
      "/Path": .defaultsTo("/"),
      "/MaxSessionDuration": .defaultsTo(3600),
      "/Description": .defaultsTo(""),
    ])

  let listing = Listing(IAM.roles, "RoleDetailList", created: "CreateDate")
  let shown = ["RoleId", "Arn", "Path"]
  let tagging = RoleTags()
  let creation = Creation(
    IAM.call("CreateRole", transientCodes: Role.freshPrincipal),
    ["RoleName", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"],
    texts: ["AssumeRolePolicyDocument"])
  let deletion = Deletion(IAM.removal("DeleteRole"), "RoleName")

  /// IAM refuses principals and policies that it does not know yet everywhere.
  private static let freshPrincipal: Set = ["MalformedPolicyDocument"]

  // MARK: Observing

  /// What the details lack: description and session duration.
  static let list = Read(Call("iam", "ListRoles", [:]), pageSize: 1000)
  static let lacking = ["Description", "MaxSessionDuration"]

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let declared = context.candidates.values.reduce(context.properties) { $0.union($1) }
    return [IAM.roles] + (declared.isDisjoint(with: Self.lacking) ? [] : [Self.list])
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let list = replies.finding(Self.list)
    var listed: [String: Document] = [:]
    for role in replies[Self.list]?.output.elements("Roles") ?? [] {
      if let name = role["RoleName"]?.string { listed[name] = role }
    }
    return observed(context, replies).map { role in
      var observed = role
      if case .unread(let reason) = list {
        observed.mark(Self.lacking, reason)
      } else if let shown = listed[role.id] {
        observed.properties = role.properties.merging(
          .members(shown.members(named: Self.lacking)))
      } else {
        // Made or deleted between the two reads.
        observed.mark(Self.lacking, "not in ListRoles")
      }
      return observed
    }
  }

  func properties(of role: Document, _ context: ReadContext) -> [String: Document?] {
    var members = role.members(named: shown)
    members["AssumeRolePolicyDocument"] = role["AssumeRolePolicyDocument"].map(IAM.document)
    members["Policies"] = .list(InlinePolicy.contents(of: role, .role))
    members["ManagedPolicyArns"] = .list(
      role.elements("AttachedManagedPolicies").compactMap { $0["PolicyArn"] })
    members["PermissionsBoundary"] = role["PermissionsBoundary"]?["PermissionsBoundaryArn"]
    return members
  }

  /// The role without the policies that are resources of their own.
  public func without(_ claims: [Claim], in observed: Observed) -> Observed {
    let inline = Set(
      claims.filter { $0.type == "AWS::IAM::RolePolicy" || $0.type == "AWS::IAM::Policy" }
        // One that is to be renamed is still there under its old name.
        .flatMap { [$0.properties["PolicyName"], $0.observed?.properties["PolicyName"]] }
        .compactMap(\.self))
    let attached = Set(
      claims.filter { $0.type == "AWS::IAM::ManagedPolicy" }
        .compactMap { $0.observed?.properties["PolicyArn"] })
    return observed.without({ $0["PolicyName"].map(inline.contains) ?? false }, in: "Policies")
      .without(attached.contains, in: "ManagedPolicyArns")
  }

  // MARK: Changing

  func told(by output: Document) -> [String: Document?] {
    output["Role"]?.members(named: shown) ?? [:]
  }

  func change(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    let role: [String: Document?] = ["RoleName": .string(name)]
    if step.changes("AssumeRolePolicyDocument"),
      let document = step.desired["AssumeRolePolicyDocument"]
    {
      let update = IAM.call("UpdateAssumeRolePolicy", role, transientCodes: Self.freshPrincipal)
      try calls.make(update.with(["PolicyDocument": document.parsedJSON.jsonText]))
    }
    // IAM forgets the one that is not sent.
    if step.changes("Description", "MaxSessionDuration") {
      let desired = step.unchanged.merging(step.desired)
      try calls.make(
        IAM.call("UpdateRole", role).with([
          "Description": desired["Description"] ?? "",
          "MaxSessionDuration": desired["MaxSessionDuration"] ?? 3600,
        ]))
    }
    if step.changes("PermissionsBoundary") {
      let boundary = step.desired["PermissionsBoundary"].map { arn in
        IAM.call("PutRolePermissionsBoundary", role).with(["PermissionsBoundary": arn])
      }
      try calls.make(boundary ?? IAM.removal("DeleteRolePermissionsBoundary", role))
    }
  }

  func fill(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    try changePolicies(step, .string(name), &calls)
    try changeAttachments(step, .string(name), &calls)
  }

  /// One that denies may go under another name: it must not lack in between.
  private func changePolicies(
    _ step: Step, _ role: Document, _ calls: inout CallSequence
  ) throws(Pause) {
    func parsed(_ policy: Document) -> Document {
      policy.merging(["PolicyDocument": policy["PolicyDocument"]?.parsedJSON ?? .null])
    }
    let shown = step.shown.elements("Policies").map(parsed)
    let names =
      step.action == .delete ? [] : step.desired.elements("Policies").map { $0["PolicyName"] }
    try calls.exchange(
      adding: step.added(to: "Policies").filter { !shown.contains(parsed($0)) }
        .map { PolicyHolder.role.put($0, in: role) },
      removing: step.gone(from: "Policies").filter { !names.contains($0["PolicyName"]) }
        .map { PolicyHolder.role.delete($0, from: role) }, whenFull: IAM.full)
  }

  /// Running work keeps its permissions.
  private func changeAttachments(
    _ step: Step, _ role: Document, _ calls: inout CallSequence
  ) throws(Pause) {
    try calls.exchange(
      adding: step.added(to: "ManagedPolicyArns").map { PolicyHolder.role.attach($0, to: role) },
      removing: step.gone(from: "ManagedPolicyArns")
        .map { PolicyHolder.role.detach($0, from: role) }, whenFull: IAM.full)
  }

  /// Takes off whatever IAM shows on the role, which cannot be deleted before.
  func clear(_ step: Step, _ name: String, _ calls: inout CallSequence) throws(Pause) {
    let role: [String: Document?] = ["RoleName": .string(name)]
    for page in try calls.pages("ListInstanceProfilesForRole", role) {
      try calls.make(
        page.elements("InstanceProfiles").map { profile in
          IAM.removal("RemoveRoleFromInstanceProfile", role)
            .with(["InstanceProfileName": profile["InstanceProfileName"]])
        })
    }
    try changeAttachments(step, .string(name), &calls)
    try changePolicies(step, .string(name), &calls)
  }
}

/// Tags of roles, which the details show.
struct RoleTags: WrittenTags {
  let reads: [Read] = []
  let writing = TagCalls(IAM.call("TagRole"), IAM.call("UntagRole")) { _, name in
    ["RoleName": .string(name)]
  }

  func tags(
    of role: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    ShownIAMTags(writing: writing).tags(of: role, id: id, name: name, sweep)
  }

  /// A tag of somebody else's whose key differs in case alone is the same to IAM, which would keep the
  /// key as it is and change the value: it is taken off like those of ours.
  func calls(_ step: Step, _ name: String) -> [Call] {
    let written = Set(step.newTags.keys.map { $0.lowercased() })
    let inTheWay = (step.observed?.tags ?? [:]).keys.filter {
      written.contains($0.lowercased()) && step.tags[$0] == nil
    }
    var changes = step
    changes.removedTags.formUnion(inTheWay)
    return writing.calls(changes, name)
  }
}
