import Document
import TrueupCore

/// A name of a KMS key.
public struct Alias: ComposedKind {
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

  let listing = Listing(
    Read(Call("kms", "ListAliases", [:]), pageSize: 100, isEssential: true), "Aliases",
    created: "CreationDate")
  let shown = ["TargetKeyId"]
  let tagging = NoTags()
  let creation = Creation(Alias.pointing("CreateAlias"), ["AliasName", "TargetKeyId"])
  let deletion = Deletion(
    Call(
      "kms", "DeleteAlias", [:], absentCodes: ["NotFoundException"],
      transientCodes: ["DependencyTimeoutException"]), "AliasName")

  private static func pointing(_ operation: String) -> Call {
    Call(
      "kms", operation, [:], transientCodes: ["NotFoundException", "DependencyTimeoutException"])
  }

  /// All but AWS's own.
  func id(of item: Document) -> String? {
    item["AliasName"]?.string.flatMap { $0.hasPrefix("alias/aws/") ? nil : $0 }
  }

  func changes(_ step: Step, _ id: String) throws(CallSequence.Pause) -> [Call] {
    var call = Self.pointing("UpdateAlias")
    call.input = .members(["AliasName": .string(id), "TargetKeyId": step.desired["TargetKeyId"]])
    return [call]
  }
}
