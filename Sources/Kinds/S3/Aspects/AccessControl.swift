import Document
import TrueupCore

extension BucketAspect {
  /// The canned ACL. S3 stores the grants that it stands for, by which it is told again; grants that
  /// no canned ACL gives are shown as `Custom`.
  /// Source: S3 User Guide, "Access control list (ACL) overview", canned ACL.
  static let accessControl = BucketAspect(
    "AccessControl", read: "GetBucketAcl",
    decode: { output in
      let grants = Set((output["Grants"]?.list ?? []).compactMap { grant($0, output["Owner"]) })
      return .string(cannedACLs.first { $0.grants == grants }?.registry ?? "Custom")
    },
    canonical: { value in
      // S3 ignores both for buckets: they speak of objects.
      ["BucketOwnerRead", "BucketOwnerFullControl"].contains(value) ? "Private" : value
    },
    write: { value, change in
      guard let acl = cannedACLs.first(where: { .string($0.registry) == value }) else { return [] }
      // A new bucket is private, and may refuse ACLs altogether.
      if change.isNew && acl.grants.isEmpty { return [] }
      return [change.call("PutBucketAcl", ["ACL": .string(acl.api)])]
    },
    reset: { change in
      change.observed["AccessControl"] == "Private"
        ? [] : [change.call("PutBucketAcl", ["ACL": "private"])]
    })

  /// The grants of a canned ACL that S3's API model does not list, as `PutBucketAcl` takes them: the
  /// owner's too, which would be gone otherwise. `nil` for the others.
  static func explicitGrants(_ value: Document, owner: Document?) -> [String: Document]? {
    guard let acl = cannedACLs.first(where: { .string($0.registry) == value }), !acl.isModelled,
      let owner = owner?["ID"]?.string
    else { return nil }
    var grants: [String: Document] = ["GrantFullControl": .string("id=\"\(owner)\"")]
    for grant in acl.grants {
      let parts = grant.split(separator: " ").map(String.init)
      guard parts.count == 2, let member = grantMembers[parts[1]] else { continue }
      let kind = parts[0].hasPrefix("http") ? "uri" : "id"
      grants[member] = .string("\(kind)=\"\(parts[0])\"")
    }
    return grants
  }

  /// Whether the canned ACL is one that S3's API model does not list.
  static func needsExplicitGrants(_ value: Document) -> Bool {
    cannedACLs.contains { .string($0.registry) == value && !$0.isModelled }
  }

  private static let grantMembers = [
    "READ": "GrantRead", "WRITE": "GrantWrite", "READ_ACP": "GrantReadACP",
  ]

  private struct CannedACL: Sendable {
    let registry: String
    let api: String
    /// Whether the API model lists it (`BucketCannedACL`).
    var isModelled = true
    /// Grants besides the owner's: group or canonical user, and permission.
    let grants: Set<String>
  }

  private static let allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"
  private static let signedIn = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
  private static let logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"
  /// EC2's canonical user, which fetches machine images of bundles.
  private static let bundleReader =
    "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"

  private static let cannedACLs = [
    CannedACL(registry: "Private", api: "private", grants: []),
    CannedACL(registry: "PublicRead", api: "public-read", grants: ["\(allUsers) READ"]),
    CannedACL(
      registry: "PublicReadWrite", api: "public-read-write",
      grants: ["\(allUsers) READ", "\(allUsers) WRITE"]),
    CannedACL(
      registry: "AuthenticatedRead", api: "authenticated-read", grants: ["\(signedIn) READ"]),
    CannedACL(
      registry: "LogDeliveryWrite", api: "log-delivery-write", isModelled: false,
      grants: ["\(logDelivery) WRITE", "\(logDelivery) READ_ACP"]),
    CannedACL(
      registry: "AwsExecRead", api: "aws-exec-read", isModelled: false,
      grants: ["\(bundleReader) READ"]),
  ]

  /// A grant as `grantee permission`; `nil` for the owner's full control, which all canned ACLs give.
  private static func grant(_ grant: Document, _ owner: Document?) -> String? {
    let grantee = grant["Grantee"]
    let name = grantee?["URI"] ?? grantee?["ID"] ?? grantee?["EmailAddress"]
    if name == owner?["ID"] && grant["Permission"] == "FULL_CONTROL" { return nil }
    return "\(name?.string ?? "?") \(grant["Permission"]?.string ?? "?")"
  }
}
