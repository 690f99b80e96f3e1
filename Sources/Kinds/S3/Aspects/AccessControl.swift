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

  private struct CannedACL: Sendable {
    let registry: String
    let api: String
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
      registry: "LogDeliveryWrite", api: "log-delivery-write",
      grants: ["\(logDelivery) WRITE", "\(logDelivery) READ_ACP"]),
    CannedACL(registry: "AwsExecRead", api: "aws-exec-read", grants: ["\(bundleReader) READ"]),
  ]

  /// A grant as `grantee permission`; `nil` for the owner's full control, which all canned ACLs give.
  private static func grant(_ grant: Document, _ owner: Document?) -> String? {
    let grantee = grant["Grantee"]
    let name = grantee?["URI"] ?? grantee?["ID"] ?? grantee?["EmailAddress"]
    if name == owner?["ID"] && grant["Permission"] == "FULL_CONTROL" { return nil }
    return "\(name?.string ?? "?") \(grant["Permission"]?.string ?? "?")"
  }
}
