import Document
import TrueupCore

/// A CloudWatch Logs log group.
public struct LogGroup: ComposedKind {
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

  /// The list shows no tags.
  let listing = Listing(
    Read(Call("logs", "DescribeLogGroups", [:]), pageSize: 50, isEssential: true), "logGroups",
    id: "logGroupName", created: "creationTime")
  let details = LogGroupPolicy.allCases.map { policy in
    Detail([policy.property]) { group, name in
      policy.mayExist(on: group) ? policy.read(of: name, LogGroup.arn(of: group)) : nil
    } values: {
      [policy.property: policy.value($0)]
    }
  }
  let tagging = SweptTags(
    TagCalls(
      LogGroupChanges.call("TagResource"), LogGroupChanges.call("UntagResource"), form: .map,
      members: ("tags", "tagKeys"), created: "tags"
    ) { step, name in ["resourceArn": .string(step.arn("logs", "log-group:\(name)"))] },
    in: "tags"
  ) { group, _ in
    LogGroup.arn(of: group)
  } own: { _, arn in
    Read(
      Call(
        "logs", "ListTagsForResource", ["resourceArn": .string(arn)],
        absentCodes: ["ResourceNotFoundException"]))
  }
  let creation = Creation(LogGroupChanges.call("CreateLogGroup"))
  let deletion = Deletion(
    LogGroupChanges.call("DeleteLogGroup", absent: ["ResourceNotFoundException"]), "logGroupName")

  /// Without the `:*` at the end, as the tag calls want it.
  private static func arn(of group: Document) -> String {
    let arn = (group["logGroupArn"] ?? group["arn"])?.string ?? ""
    return arn.hasSuffix(":*") ? String(arn.dropLast(2)) : arn
  }

  func properties(of group: Document, _ context: ReadContext) -> [String: Document?] {
    group.properties(named: [
      "RetentionInDays", "KmsKeyId", "LogGroupClass", "DeletionProtectionEnabled",
      "BearerTokenAuthenticationEnabled",
    ]).merging(["Arn": .string(Self.arn(of: group) + ":*")]) { $1 }
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step).merging(
      step.desired.decapitalized([
        "LogGroupName", "KmsKeyId", "LogGroupClass", "DeletionProtectionEnabled",
      ])
    ) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("LogGroupName")
    _ = try creation.make(step, try created(step), &calls)
    let declared = Set((step.desired.object ?? [:]).keys)
    try LogGroupChanges(name: name, step: step).make(
      declared.subtracting(["KmsKeyId", "DeletionProtectionEnabled"]), isNew: true, &calls)
    return done(step, name)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try LogGroupChanges(name: name, step: step).make(step.changed, isNew: false, &calls)
    try calls.make(tagging.calls(step, name))
    return done(step, name)
  }
}
