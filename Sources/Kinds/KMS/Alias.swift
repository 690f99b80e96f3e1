import Document
import TrueupCore

/// A name of a KMS key.
public struct Alias: SequencedKind {
  public init() {}

  public let type = "AWS::KMS::Alias"

  public let facts = TypeFacts(
    Identity(
      ref: "AliasName",
      name: NameRule(
        property: "AliasName", maximumLength: 256, punctuation: "/_-", prefix: "alias/")),
    ownership: .inside([Parent("TargetKeyId", "AWS::KMS::Key")]),
    // A key may be declared by its id or by its ARN.
    canonical: { properties in
      guard let key = properties["TargetKeyId"]?.string, key.hasPrefix("arn:"),
        let id = key.split(separator: "/").last
      else { return properties }
      return properties.merging(["TargetKeyId": .string(String(id))])
    })

  private static let list = Read(Call("kms", "ListAliases", [:]), pageSize: 100, isEssential: true)

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [Self.list] }

  /// All but AWS's own.
  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[Self.list]?.output?["Aliases"]?.list ?? []).compactMap { alias in
      guard let name = alias["AliasName"]?.string, !name.hasPrefix("alias/aws/") else {
        return nil
      }
      return Observed(
        type: type, id: name, scope: context.scope,
        properties: .members([
          "AliasName": .string(name), "TargetKeyId": alias["TargetKeyId"],
        ]), createdAt: alias["CreationDate"]?.double)
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try point("CreateAlias", step, &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try point("UpdateAlias", step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try calls.make(
      Call(
        "kms", "DeleteAlias", ["AliasName": .string(name)], absentCodes: ["NotFoundException"],
        transientCodes: ["DependencyTimeoutException"]))
    return .done(id: name, attributes: [:])
  }

  private func point(
    _ operation: String, _ step: Step, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Next {
    let name = try step.name("AliasName")
    try calls.make(
      Call(
        "kms", operation,
        .members(["AliasName": .string(name), "TargetKeyId": step.desired["TargetKeyId"]]),
        transientCodes: ["NotFoundException", "DependencyTimeoutException"]))
    return .done(id: name, attributes: step.desired.merging(["AliasName": .string(name)]))
  }
}
