import Document
import TrueupCore

/// The calls of one step on a role.
struct RoleStep: KindStep {
  private let step: Step
  private let name: String
  private let observed: Document

  init(_ step: Step) throws(CallSequence.Pause) {
    self.step = step
    name = try step.name("RoleName")
    observed = step.observed?.properties ?? [:]
  }

  // MARK: Create

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      call(
        "CreateRole",
        [
          "AssumeRolePolicyDocument": policyText(step.desired["AssumeRolePolicyDocument"]),
          "Path": step.desired["Path"], "Description": step.desired["Description"],
          "MaxSessionDuration": step.desired["MaxSessionDuration"],
          "PermissionsBoundary": step.desired["PermissionsBoundary"],
          "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
        ], transientCodes: Self.freshPrincipal))
    try calls.make(desiredPolicies.map(put))
    try calls.make(desiredAttachments.map(attach))
    let role = created.output?["Role"]
    return .done(
      id: name,
      attributes: step.desired.merging(
        .members([
          "RoleName": .string(name), "Arn": role?["Arn"], "RoleId": role?["RoleId"],
          "Path": role?["Path"],
        ])))
  }

  // MARK: Update

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    if step.changed.contains("AssumeRolePolicyDocument"),
      let document = policyText(step.desired["AssumeRolePolicyDocument"])
    {
      try calls.make(
        call(
          "UpdateAssumeRolePolicy", ["PolicyDocument": document],
          transientCodes: Self.freshPrincipal))
    }
    // IAM forgets the one that is not sent.
    if !step.changed.isDisjoint(with: Role.listed) {
      try calls.make(
        call(
          "UpdateRole",
          [
            "Description": value(of: "Description", default: ""),
            "MaxSessionDuration": value(of: "MaxSessionDuration", default: 3600),
          ]))
    }
    if step.changed.contains("PermissionsBoundary") { try calls.make(boundary) }
    if step.changed.contains("Policies") { try changePolicies(&calls) }
    if step.changed.contains("ManagedPolicyArns") { try changeAttachments(&calls) }
    // Last, so that the revision in the tags is one that was applied whole.
    try calls.make(tagChanges)
    return .done(
      id: name,
      attributes: step.unchanged.merging(step.desired).merging(["RoleName": .string(name)]))
  }

  /// The value to send of a property that must be sent: what is desired, what it is reset to, or
  /// what is there.
  private func value(of property: String, default reset: Document) -> Document {
    step.desired[property]
      ?? (step.changed.contains(property) ? reset : observed[property] ?? reset)
  }

  private var boundary: Call {
    guard let arn = step.desired["PermissionsBoundary"] else {
      return call("DeleteRolePermissionsBoundary", absentCodes: ["NoSuchEntity"])
    }
    return call("PutRolePermissionsBoundary", ["PermissionsBoundary": arn])
  }

  /// One that denies may go under another name: it must not lack in between.
  private func changePolicies(_ calls: inout CallSequence) throws(CallSequence.Pause) {
    let shown = Dictionary(
      observedPolicies.compactMap { policy in
        policy["PolicyName"].map { ($0, policy["PolicyDocument"]?.parsedJSON) }
      }, uniquingKeysWith: { first, _ in first })
    let puts = desiredPolicies.filter { policy in
      policy["PolicyName"].map { shown[$0] != policy["PolicyDocument"]?.parsedJSON } ?? false
    }
    let desired = Set(desiredPolicies.compactMap { $0["PolicyName"] })
    let gone = observedPolicies.filter { !desired.contains($0["PolicyName"] ?? .null) }
    try calls.exchange(adding: puts.map(put), removing: gone.map(delete), whenFull: IAM.full)
  }

  /// Running work keeps its permissions.
  private func changeAttachments(_ calls: inout CallSequence) throws(CallSequence.Pause) {
    let shown = observed["ManagedPolicyArns"]?.list ?? []
    let new = desiredAttachments.filter { !shown.contains($0) }
    let gone = shown.filter { !desiredAttachments.contains($0) }
    try calls.exchange(adding: new.map(attach), removing: gone.map(detach), whenFull: IAM.full)
  }

  /// A tag of somebody else's whose key differs in case alone is the same to IAM, which would keep the
  /// key as it is and change the value: it is taken off like those of ours.
  private var tagChanges: [Call] {
    guard step.changesTags else { return [] }
    let written = Set(step.newTags.keys.map { $0.lowercased() })
    let inTheWay = (step.observed?.tags ?? [:]).keys.filter {
      written.contains($0.lowercased()) && step.tags[$0] == nil
    }
    var changes = step
    changes.removedTags.formUnion(inTheWay)
    return Tags.calls(
      changes, tag: call("TagRole", ["Tags": Tags.list(changes.newTags)]),
      untag: call("UntagRole", ["TagKeys": Tags.keys(changes.removedTags)]))
  }

  // MARK: Delete

  /// Takes off whatever IAM shows on the role, which cannot be deleted before.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var marker: Document?
    repeat {
      let page = try calls.make(
        call(
          "ListInstanceProfilesForRole", ["MaxItems": 1000, "Marker": marker],
          absentCodes: ["NoSuchEntity"]))
      for profile in page.output?["InstanceProfiles"]?.list ?? [] {
        try calls.make(
          call(
            "RemoveRoleFromInstanceProfile",
            ["InstanceProfileName": profile["InstanceProfileName"]],
            absentCodes: ["NoSuchEntity"]))
      }
      marker = page.output?["IsTruncated"] == true ? page.output?["Marker"] : nil
    } while marker != nil
    try calls.make((observed["ManagedPolicyArns"]?.list ?? []).map(detach))
    try calls.make(observedPolicies.map(delete))
    try calls.make(
      call("DeleteRole", absentCodes: ["NoSuchEntity"], transientCodes: ["DeleteConflict"]))
    return .done(id: name, attributes: [:])
  }

  // MARK: Calls

  private var desiredPolicies: [Document] { step.desired["Policies"]?.list ?? [] }
  private var observedPolicies: [Document] { observed["Policies"]?.list ?? [] }
  private var desiredAttachments: [Document] { step.desired["ManagedPolicyArns"]?.list ?? [] }

  /// IAM refuses principals and policies that it does not know yet everywhere.
  private static let freshPrincipal: Set<String> = ["MalformedPolicyDocument"]

  private func put(_ policy: Document) -> Call {
    call(
      "PutRolePolicy",
      [
        "PolicyName": policy["PolicyName"],
        "PolicyDocument": policyText(policy["PolicyDocument"]),
      ])
  }

  private func delete(_ policy: Document) -> Call {
    call(
      "DeleteRolePolicy", ["PolicyName": policy["PolicyName"]], absentCodes: ["NoSuchEntity"])
  }

  private func attach(_ arn: Document) -> Call { call("AttachRolePolicy", ["PolicyArn": arn]) }

  private func detach(_ arn: Document) -> Call {
    call("DetachRolePolicy", ["PolicyArn": arn], absentCodes: ["NoSuchEntity"])
  }

  private func policyText(_ document: Document?) -> Document? { document?.parsedJSON.jsonText }

  /// A call on the role that waits until IAM knows it, and what it names, everywhere.
  private func call(
    _ operation: String, _ input: [String: Document?] = [:], absentCodes: Set<String> = [],
    transientCodes: Set<String> = []
  ) -> Call {
    let codes: Set<String> = [
      "ConcurrentModification", "EntityTemporarilyUnmodifiable", "NoSuchEntity",
    ]
    return Call(
      "iam", operation, Document.members(input).merging(["RoleName": .string(name)]),
      absentCodes: absentCodes,
      transientCodes: codes.union(transientCodes).subtracting(absentCodes))
  }
}
