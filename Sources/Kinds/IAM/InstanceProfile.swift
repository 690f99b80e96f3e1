import Document
import TrueupCore

/// An instance profile: what gives an instance its role.
public struct InstanceProfile: SequencedKind {
  public init() {}

  public let type = "AWS::IAM::InstanceProfile"

  public let facts = TypeFacts(
    Identity(
      ref: "InstanceProfileName",
      name: NameRule(
        property: "InstanceProfileName", maximumLength: 128, punctuation: "+=,.@-_",
        ignoresCase: true),
      foretold: [
        "Arn": {
          "arn:\($0.partition):iam::\($0.account):instance-profile\($0.path)\($0.name)"
        }
      ]),
    placement: .global,
    properties: [
      "/Roles": .set.losing(.members).security,
      "/Roles/*": .refers(to: "AWS::IAM::Role"),
      "/Path": .defaultsTo("/"),
    ])

  // MARK: Observing

  /// Shows no tags. Source: IAM API, ListInstanceProfiles.
  private static let list = Read(
    Call("iam", "ListInstanceProfiles", [:]), pageSize: 1000, isEssential: true)

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [Self.list, TagSweep.read]
      + listed(replies).compactMap { tags(of: $0, context, replies).wanted }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    listed(replies).map { profile in
      let tags = tags(of: profile, context, replies)
      var observed = Observed(
        type: type, id: profile["InstanceProfileName"]?.string ?? "", scope: context.scope,
        properties: .members([
          "InstanceProfileName": profile["InstanceProfileName"], "Arn": profile["Arn"],
          "Path": profile["Path"],
          "Roles": .list((profile["Roles"]?.list ?? []).compactMap { $0["RoleName"] }),
        ]), tags: tags.known, createdAt: profile["CreateDate"]?.double)
      if let reason = tags.unread { observed.unread["/Tags"] = reason }
      return observed
    }
  }

  private func listed(_ replies: Replies) -> [Document] {
    (replies[Self.list]?.output?["InstanceProfiles"]?.list ?? []).filter {
      $0["InstanceProfileName"]?.string != nil
    }
  }

  private func tags(
    of profile: Document, _ context: ReadContext, _ replies: Replies
  ) -> TagSweep.KnownTags {
    let name = profile["InstanceProfileName"]?.string ?? ""
    let own = Read(
      Call(
        "iam", "ListInstanceProfileTags", ["InstanceProfileName": .string(name)],
        absentCodes: ["NoSuchEntity"]), pageSize: 1000)
    return TagSweep(context, replies).tags(
      ofARN: profile["Arn"]?.string ?? "", candidate: name, own: own
    ) { Tags.read($0["Tags"]) }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("InstanceProfileName")
    let created = try calls.make(
      IAM.call(
        "CreateInstanceProfile",
        [
          "InstanceProfileName": .string(name), "Path": step.desired["Path"],
          "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
        ]))
    try calls.make((step.desired["Roles"]?.list ?? []).map { add($0, to: name) })
    return .done(
      id: name,
      attributes: step.desired.merging(
        .members([
          "InstanceProfileName": .string(name), "Arn": created.output?["InstanceProfile"]?["Arn"],
        ])))
  }

  /// A profile holds one role: the old one goes first.
  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    if step.changed.contains("Roles") {
      let shown = step.observed?.properties["Roles"]?.list ?? []
      let desired = step.desired["Roles"]?.list ?? []
      try calls.make(shown.filter { !desired.contains($0) }.map { remove($0, from: name) })
      try calls.make(desired.filter { !shown.contains($0) }.map { add($0, to: name) })
    }
    try calls.make(
      IAM.tagCalls(step, of: "InstanceProfile", ["InstanceProfileName": .string(name)]))
    return .done(id: name, attributes: step.unchanged.merging(step.desired))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try calls.make(
      (step.observed?.properties["Roles"]?.list ?? []).map { remove($0, from: name) })
    try calls.make(
      IAM.removal("DeleteInstanceProfile", ["InstanceProfileName": .string(name)]))
    return .done(id: name, attributes: [:])
  }

  private func add(_ role: Document, to name: String) -> Call {
    IAM.call(
      "AddRoleToInstanceProfile", ["InstanceProfileName": .string(name), "RoleName": role])
  }

  private func remove(_ role: Document, from name: String) -> Call {
    IAM.removal(
      "RemoveRoleFromInstanceProfile", ["InstanceProfileName": .string(name), "RoleName": role])
  }
}
