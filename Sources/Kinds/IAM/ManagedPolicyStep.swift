import Document
import TrueupCore

/// The calls of one step on a managed policy.
struct ManagedPolicyStep: KindStep {
  private let step: Step

  init(_ step: Step) { self.step = step }

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      IAM.call(
        "CreatePolicy",
        [
          "PolicyName": step.desired["ManagedPolicyName"], "Path": step.desired["Path"],
          "Description": step.desired["Description"], "PolicyDocument": documentText,
          "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
        ]))
    guard let policy = created.output?["Policy"], let arn = policy["Arn"]?.string else {
      throw .failed("CreatePolicy answered without an ARN")
    }
    for holder in PolicyHolder.allCases {
      let names = step.desired[holder.property]?.list ?? []
      try calls.make(names.map { holder.attach(.string(arn), to: $0) })
    }
    var attributes = policy.members(named: [
      "DefaultVersionId", "AttachmentCount", "IsAttachable", "PolicyId",
      "PermissionsBoundaryUsageCount",
    ])
    attributes["PolicyArn"] = .string(arn)
    attributes["CreateDate"] = policy["CreateDate"].map(IAM.date)
    attributes["UpdateDate"] = policy["UpdateDate"].map(IAM.date)
    return .done(id: arn, attributes: step.desired.merging(.members(attributes)))
  }

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    var attributes = step.unchanged.merging(step.desired)
    if step.changed.contains("PolicyDocument") {
      try makeRoom(arn, &calls)
      let version = try calls.make(
        IAM.call(
          "CreatePolicyVersion",
          [
            "PolicyArn": .string(arn), "PolicyDocument": documentText, "SetAsDefault": true,
          ]))
      attributes = attributes.merging(
        .members(["DefaultVersionId": version.output?["PolicyVersion"]?["VersionId"]]))
    }
    for holder in PolicyHolder.allCases where step.changed.contains(holder.property) {
      let shown = step.observed?.properties[holder.property]?.list ?? []
      let desired = step.desired[holder.property]?.list ?? []
      try calls.make(
        desired.filter { !shown.contains($0) }.map { holder.attach(.string(arn), to: $0) })
      try calls.make(
        shown.filter { !desired.contains($0) }.map { holder.detach(.string(arn), from: $0) })
    }
    try calls.make(IAM.tagCalls(step, of: "Policy", ["PolicyArn": .string(arn)]))
    return .done(id: arn, attributes: attributes)
  }

  /// Takes it off everybody who has it, and its versions away, without which it cannot be deleted.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    for page in try pages(of: "ListEntitiesForPolicy", arn, &calls) {
      for holder in PolicyHolder.allCases {
        let holders = page["Policy" + holder.property]?.list ?? []
        try calls.make(
          holders.compactMap { $0[holder.rawValue + "Name"] }
            .map { holder.detach(.string(arn), from: $0) })
      }
    }
    try calls.make(
      try versions(arn, &calls).filter { $0["IsDefaultVersion"] != true }.map { delete($0, arn) })
    try calls.make(IAM.removal("DeletePolicy", ["PolicyArn": .string(arn)]))
    return .done(id: arn, attributes: [:])
  }

  // MARK: Versions

  /// IAM keeps five versions: the oldest goes that is not in effect.
  /// Source: IAM User Guide, "Versioning IAM policies".
  private func makeRoom(_ arn: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    let versions = try versions(arn, &calls)
    guard versions.count >= 5 else { return }
    let oldest = versions.filter { $0["IsDefaultVersion"] != true }
      .min { Self.number($0) < Self.number($1) }
    if let oldest { try calls.make(delete(oldest, arn)) }
  }

  /// Of `v12`, 12. Versions are counted up and a number is never used again.
  private static func number(_ version: Document) -> Int {
    Int(version["VersionId"]?.string?.dropFirst() ?? "") ?? 0
  }

  private func versions(
    _ arn: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> [Document] {
    try pages(of: "ListPolicyVersions", arn, &calls).flatMap { $0["Versions"]?.list ?? [] }
  }

  private func delete(_ version: Document, _ arn: String) -> Call {
    IAM.removal(
      "DeletePolicyVersion", ["PolicyArn": .string(arn), "VersionId": version["VersionId"]])
  }

  private func pages(
    of operation: String, _ arn: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> [Document] {
    var pages: [Document] = []
    var marker: Document?
    repeat {
      let page = try calls.make(
        IAM.removal(
          operation, ["PolicyArn": .string(arn), "MaxItems": 1000, "Marker": marker])
      ).output
      pages.append(page ?? [:])
      marker = page?["IsTruncated"] == true ? page?["Marker"] : nil
    } while marker != nil
    return pages
  }

  private var documentText: Document? { step.desired["PolicyDocument"]?.parsedJSON.jsonText }
}
