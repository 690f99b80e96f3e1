import Document
import TrueupCore

extension BucketAspect {
  /// The canned ACL. S3 stores the grants that it stands for, by which it is told again; grants that
  /// no canned ACL gives are shown as `Custom`.
  /// Source: S3 User Guide, "Access control list (ACL) overview", canned ACL.
  static let accessControl = BucketAspect(
    property: "AccessControl", noun: "BucketAcl", initial: "Private",
    settled: { value in
      // S3 ignores both for buckets: they speak of objects.
      ["BucketOwnerRead", "BucketOwnerFullControl"].contains(value) ? "Private" : value
    },
    shown: { output in
      let grants = Set(output.elements("Grants").compactMap { Grant($0, owner: output["Owner"]) })
      return .string(cannedACLs.first { $0.value == grants }?.key ?? "Custom")
    },
    write: { _, value, change in
      // A new bucket is private, and may refuse ACLs altogether.
      guard let name = value.string, let grants = cannedACLs[name],
        !(change.isNew && grants.isEmpty)
      else { return [] }
      // `public-read` of `PublicRead`.
      let canned = name.replacing(/([a-z])([A-Z])/) { "\($0.1)-\($0.2)" }.lowercased()
      return [change.call("PutBucketAcl", ["ACL": .string(canned)])]
    })

  /// A grant besides the owner's full control, which all canned ACLs give.
  struct Grant: Hashable, Sendable {
    /// A group or a canonical user.
    let grantee: String
    let permission: String
  }

  /// The grants of a canned ACL that S3's API model (`BucketCannedACL`) does not list, one by one; `nil` for
  /// the others.
  static func explicitGrants(_ value: Document) -> Set<Grant>? {
    ["LogDeliveryWrite", "AwsExecRead"].contains(value)
      ? value.string.flatMap { cannedACLs[$0] } : nil
  }

  private static func group(_ name: String, _ permissions: String...) -> Set<Grant> {
    Set(
      permissions.map { Grant(grantee: "http://acs.amazonaws.com/groups/\(name)", permission: $0) })
  }

  private static let cannedACLs: [String: Set<Grant>] = [
    "Private": [],
    "PublicRead": group("global/AllUsers", "READ"),
    "PublicReadWrite": group("global/AllUsers", "READ", "WRITE"),
    "AuthenticatedRead": group("global/AuthenticatedUsers", "READ"),
    "LogDeliveryWrite": group("s3/LogDelivery", "WRITE", "READ_ACP"),
    // EC2's canonical user, which fetches machine images of bundles.
    "AwsExecRead": [
      Grant(
        grantee: "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c",
        permission: "READ")
    ],
  ]
}

extension BucketAspect.Grant {
  /// `nil` for the owner's full control.
  fileprivate init?(_ shown: Document, owner: Document?) {
    let name = ["URI", "ID", "EmailAddress"].lazy.compactMap { shown["Grantee"]?[$0] }.first
    permission = shown["Permission"]?.string ?? "?"
    grantee = name?.string ?? "?"
    if name == owner?["ID"], permission == "FULL_CONTROL" { return nil }
  }

  /// The member of a put that grants it, and what it says.
  var input: (member: String, value: Document)? {
    let members = [
      "READ": "GrantRead", "WRITE": "GrantWrite", "READ_ACP": "GrantReadACP",
      "FULL_CONTROL": "GrantFullControl",
    ]
    let form = grantee.hasPrefix("http") ? "uri" : "id"
    return members[permission].map { ($0, .string("\(form)=\"\(grantee)\"")) }
  }
}
