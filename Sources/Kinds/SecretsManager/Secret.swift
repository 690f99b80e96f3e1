import Digest
import Document
import TrueupCore

/// A secret of Secrets Manager. Its value is never read: the id of a version is derived from the value
/// and a salt in a tag, so that the list of all secrets shows whether the value is as desired. A
/// staging label of ours marks the version that was written last, which tells a new value at the source
/// from one that somebody else put.
public struct Secret: SequencedKind {
  public init() {}

  public let type = "AWS::SecretsManager::Secret"

  public let facts = TypeFacts(
    Identity(
      ref: "Id",
      // A name that ends in a hyphen and six characters looks like the ARN of another secret.
      // Source: Secrets Manager API reference, CreateSecret, Name.
      name: NameRule(
        property: "Name", maximumLength: 512, punctuation: "/_+=.@-", separator: "_")),
    lifecycle: Lifecycle(holdsData: true, canBeKept: true),
    properties: [
      "/ReplicaRegions": .keyed("Region").losing(.members),
      // Source: DescribeSecret: a secret encrypted with the AWS managed key shows none.
      "/Description": .defaultsTo(""),
      "/KmsKeyId": .defaultsTo(.string(Self.managedKey)).security,
      "/ReplicaRegions/*/KmsKeyId": .defaultsTo(.string(Self.managedKey)),
      "/SecretString": .proven.notResettable("a secret keeps its last value"),
      "/GenerateSecretString": .proven.notResettable("a secret keeps its last value"),
      "/Type": .notResettable("Secrets Manager cannot take it away"),
    ],
    canonical: { $0.changing("KmsKeyId", key).changing("ReplicaRegions/*/KmsKeyId", key) })

  static let managedKey = "alias/aws/secretsmanager"

  /// The staging label on the version that we wrote last.
  static let label = "trueup"
  static let current = "AWSCURRENT"
  static let previous = "AWSPREVIOUS"
  /// The tag that holds the salt.
  static let saltTag = "trueup:salt"

  /// A key by its id or alias, whether it is named by an ARN or not.
  private static func key(_ value: Document) -> Document {
    guard let text = value.string, text.hasPrefix("arn:"),
      let name = text.split(separator: ":", maxSplits: 5).last
    else { return value }
    return .string(name.hasPrefix("key/") ? String(name.dropFirst(4)) : String(name))
  }

  // MARK: Observing

  static let listing = Listing(
    Read(
      Call("secretsmanager", "ListSecrets", ["IncludePlannedDeletion": true]), pageSize: 100,
      isEssential: true), "SecretList")

  static func description(_ id: String) -> Call {
    Call(
      "secretsmanager", "DescribeSecret", ["SecretId": .string(id)],
      absentCodes: ["ResourceNotFoundException"])
  }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    guard replies[Self.listing.read] != nil else { return [Self.listing.read] }
    let entries = Self.listing.items(replies)
    let replicated = entries.filter { entry in
      [entry["ARN"], entry["Name"]].compactMap { $0?.string }.contains {
        context.declared(id: $0, tags: Tags.read(entry["Tags"])).contains("ReplicaRegions")
      }
    }.compactMap { $0["ARN"]?.string }
    // What was changed a moment ago and is not shown so: the list may lag behind by five minutes. AWS's
    // clock and ours are not that far apart.
    let missed = context.recent.filter { id, changed in
      let shown = entries.first { $0["ARN"]?.string == id }?["LastChangedDate"]?.double
      return (shown ?? 0) < changed - 60
    }.map(\.key)
    return [Self.listing.read]
      + Set(replicated + missed).sorted().map { Read(Self.description($0)) }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let entries = Self.listing.items(replies)
    let listed = entries.compactMap { $0["ARN"]?.string }
    let unlisted = context.recent.keys.sorted().filter { !listed.contains($0) }
    return (entries + unlisted.map { ["ARN": .string($0)] }).compactMap { entry in
      guard let arn = entry["ARN"]?.string else { return nil }
      let description = replies.finding(Read(Self.description(arn)))
      switch description {
      case .nothing: return nil
      case .found(let output): return observed(output, description, context)
      case .unread: return observed(entry, description, context)
      }
    }
  }

  private func observed(
    _ secret: Document, _ description: Finding, _ context: ReadContext
  ) -> Observed? {
    guard let arn = secret["ARN"]?.string, secret["Name"]?.string != nil,
      // A replica is the business of its primary.
      secret["PrimaryRegion"]?.string.map({ $0 == context.region }) ?? true
    else { return nil }
    let versions = SecretVersions(secret)
    var members = secret.members(named: ["Name", "Description", "KmsKeyId", "Type"])
    members["Id"] = .string(arn)
    members["SecretString"] = versions[Self.current].map(Document.string)
    members["GenerateSecretString"] = versions.generated.map(Document.string)
    var observed = Observed(
      type: type, id: arn, scope: context.scope, properties: .members(members),
      tags: Tags.read(secret["Tags"]), createdAt: secret["CreatedDate"]?.double,
      // It can be restored until then.
      transition: secret["DeletedDate"] == nil ? nil : "deleting")
    if let last = versions.written {
      observed.applied = [
        "SecretString": .string(last),
        "GenerateSecretString": .string(SecretVersions.settings(last)),
      ]
    }
    observed.add("ReplicaRegions", description) { described in
      .list(
        described.elements("ReplicationStatus").filter { $0["Status"] != "Failed" }
          .map { .members($0.members(named: ["Region", "KmsKeyId"])) })
    }
    return observed
  }

  /// The id of the version that holds this value; of settings for a generated value, how it begins.
  public func proof(of property: String, _ value: Document, in observed: Observed) -> Document? {
    guard property != "GenerateSecretString" || observed.applied[property] != nil else {
      // A value that somebody else made is as good as a generated one.
      return observed.properties[property]
    }
    guard let salt = observed.tags[Self.saltTag] else { return nil }
    if property == "GenerateSecretString" {
      return .string(SecretVersions.proof(ofSettings: value, salt: salt))
    }
    return value.string.map { .string(SecretVersions.id(of: $0, salt: salt)) }
  }
}
