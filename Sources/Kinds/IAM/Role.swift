import Document
import TrueupCore

/// `AWS::IAM::Role`, with its inline policies and attachments, which we own whole.
public struct Role: SteppedKind {
  typealias Work = RoleStep

  public init() {}

  public let type = "AWS::IAM::Role"

  public let facts = TypeFacts(
    // Source: IAM is not among "Services that support the Resource Groups Tagging API" with roles.
    Identity(
      ref: "RoleName",
      name: NameRule(
        property: "RoleName", maximumLength: 64, punctuation: "+=,.@-_", ignoresCase: true),
      foretold: [
        "Arn": { "arn:\($0.partition):iam::\($0.account):role\($0.path)\($0.name)" }
      ]),
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

  /// What the details lack: description and session duration.
  private static let list = Read(Call("iam", "ListRoles", [:]), pageSize: 1000)

  static let listed = ["Description", "MaxSessionDuration"]

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let declared = context.candidates.values.reduce(context.properties) { $0.union($1) }
    return declared.isDisjoint(with: Self.listed) ? [IAM.roles] : [IAM.roles, Self.list]
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    var listed: [String: Document] = [:]
    var unread: [PropertyPath: String] = [:]
    switch replies.finding(Self.list) {
    case .found(let output):
      for role in output["Roles"]?.list ?? [] {
        if let name = role["RoleName"]?.string { listed[name] = role }
      }
    case .nothing: break
    case .unread(let reason):
      for property in Self.listed { unread[PropertyPath([property])] = reason }
    }
    return (replies[IAM.roles]?.output?["RoleDetailList"]?.list ?? []).compactMap { role in
      guard let name = role["RoleName"]?.string else { return nil }
      var missing = unread
      // Made or deleted between the two reads.
      if missing.isEmpty && listed[name] == nil {
        for property in Self.listed { missing[PropertyPath([property])] = "not in ListRoles" }
      }
      return Observed(
        type: type, id: name, scope: context.scope,
        properties: properties(role, listed[name]), tags: Tags.read(role["Tags"]), unread: missing,
        createdAt: role["CreateDate"]?.double)
    }
  }

  private func properties(_ role: Document, _ listed: Document?) -> Document {
    .members([
      "RoleName": role["RoleName"], "RoleId": role["RoleId"], "Arn": role["Arn"],
      "Path": role["Path"],
      "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"].map(IAM.document),
      "Policies": .list(
        (role["RolePolicyList"]?.list ?? []).map { policy in
          .members([
            "PolicyName": policy["PolicyName"],
            "PolicyDocument": policy["PolicyDocument"].map(IAM.document),
          ])
        }),
      "ManagedPolicyArns": .list(
        (role["AttachedManagedPolicies"]?.list ?? []).compactMap { $0["PolicyArn"] }),
      "PermissionsBoundary": role["PermissionsBoundary"]?["PermissionsBoundaryArn"],
      "Description": listed?["Description"],
      "MaxSessionDuration": listed?["MaxSessionDuration"],
    ])
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
    var observed = observed
    for (property, isClaimed) in [
      ("Policies", { $0["PolicyName"].map(inline.contains) ?? false }),
      ("ManagedPolicyArns", attached.contains),
    ] as [(String, (Document) -> Bool)] {
      guard let list = observed.properties[property]?.list else { continue }
      observed.properties = observed.properties.merging([
        property: .list(list.filter { !isClaimed($0) })
      ])
    }
    return observed
  }
}
