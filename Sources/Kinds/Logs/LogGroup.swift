import Document
import TrueupCore

/// A CloudWatch Logs log group.
public struct LogGroup: SequencedKind {
  public init() {}

  public let type = "AWS::Logs::LogGroup"

  public let facts = TypeFacts(
    Identity(
      ref: "LogGroupName",
      name: NameRule(property: "LogGroupName", maximumLength: 512, punctuation: ".-_/#"),
      foretold: [
        "Arn": {
          "arn:\($0.partition):logs:\($0.region):\($0.account):log-group:\($0.name):*"
        }
      ]),
    lifecycle: Lifecycle(holdsData: true),
    properties: [
      "/FieldIndexPolicies": .set,
      // Without it, events are kept for ever.
      "/RetentionInDays": .losing(.less(absent: nil)),
      "/KmsKeyId": .security,
      "/Arn": .normal(.logGroupARN),
      "/DataProtectionPolicy": .normal(.json),
      "/FieldIndexPolicies/*": .normal(.json),
      "/ResourcePolicyDocument": .normal(.policyDocument).losing(.policy),
      // No operation changes the class of a log group.
      "/LogGroupClass": .defaultsTo("STANDARD").createOnly,
      "/DeletionProtectionEnabled": .defaultsTo(false),
      "/BearerTokenAuthenticationEnabled": .defaultsTo(false),
    ],
    canonical: { properties in
      properties.merging(
        .members([
          "DataProtectionPolicy": properties["DataProtectionPolicy"].map {
            $0.parsedJSON.withSets(DataProtectionPolicy.sets)
          },
          // Source: CloudWatch Logs User Guide, "Create field indexes".
          "FieldIndexPolicies": properties["FieldIndexPolicies"]?.list.map { policies in
            .list(policies.map { $0.parsedJSON.withSets(["Fields"]) })
          },
        ]))
    })

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let shown = LogGroupReads(context, replies)
    var reads = [LogGroupReads.all, TagSweep.read]
    for group in shown.groups {
      let tags = shown.tags(of: group)
      if let read = tags.wanted { reads.append(read) }
      let declared = context.declared(id: group.name, tags: tags.known)
      reads += LogGroupPolicy.allCases
        .filter { declared.contains($0.property) && $0.mayExist(on: group.output) }
        .map { $0.read(of: group) }
    }
    return reads
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let shown = LogGroupReads(context, replies)
    return shown.groups.map { group in
      let tags = shown.tags(of: group)
      var observed = Observed(
        type: type, id: group.name, scope: context.scope, properties: properties(group),
        tags: tags.known, createdAt: group.output["creationTime"]?.double.map { $0 / 1000 })
      if let reason = tags.unread { observed.unread["/Tags"] = reason }
      for policy in LogGroupPolicy.allCases where policy.mayExist(on: group.output) {
        observed.add(policy.property, replies.finding(policy.read(of: group)), policy.value)
      }
      return observed
    }
  }

  private func properties(_ group: LogGroupReads.Group) -> Document {
    .members([
      "LogGroupName": .string(group.name), "Arn": .string(group.arn + ":*"),
      "RetentionInDays": group.output["retentionInDays"], "KmsKeyId": group.output["kmsKeyId"],
      "LogGroupClass": group.output["logGroupClass"],
      "DeletionProtectionEnabled": group.output["deletionProtectionEnabled"],
      "BearerTokenAuthenticationEnabled": group.output["bearerTokenAuthenticationEnabled"],
    ])
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    guard let name = step.desired["LogGroupName"]?.string else {
      throw .failed("\(step.address) has no LogGroupName")
    }
    let changes = LogGroupChanges(name: name, step: step)
    try calls.make(
      changes.call(
        "CreateLogGroup",
        [
          "logGroupName": .string(name), "kmsKeyId": step.desired["KmsKeyId"],
          "logGroupClass": step.desired["LogGroupClass"],
          "deletionProtectionEnabled": step.desired["DeletionProtectionEnabled"],
          "tags": step.tags.isEmpty ? nil : Tags.map(step.tags),
        ]))
    let declared = Set((step.desired.object ?? [:]).keys)
    try changes.make(
      declared.subtracting(["KmsKeyId", "DeletionProtectionEnabled"]), isNew: true, &calls)
    return .done(
      id: name, attributes: ["LogGroupName": .string(name), "Arn": .string(changes.arn + ":*")])
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let changes = LogGroupChanges(name: id, step: step)
    try changes.make(step.changed, isNew: false, &calls)
    try calls.make(changes.tagCalls)
    return .done(
      id: id,
      attributes: step.unchanged.merging([
        "LogGroupName": .string(id), "Arn": .string(changes.arn + ":*"),
      ]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      LogGroupChanges(name: id, step: step).call(
        "DeleteLogGroup", ["logGroupName": .string(id)], absent: ["ResourceNotFoundException"]))
    return .done(id: id, attributes: [:])
  }
}
