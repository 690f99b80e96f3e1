import Document
import TrueupCore

extension BucketAspect {
  /// The canned ACL. S3 stores the grants that it stands for, by which it is told again; grants that
  /// no canned ACL gives are shown as `Custom`.
  /// Source: S3 User Guide, "Access control list (ACL) overview", canned ACL.
  static let accessControl = BucketAspect(
    property: "AccessControl", reading: "GetBucketAcl",
    writing: "PutBucketAcl", initial: "Private", facts: ["": .security],
    settled: { value in
      // S3 ignores both for buckets: they speak of objects.
      ["BucketOwnerRead", "BucketOwnerFullControl"].contains(value) ? "Private" : value
    },
    shown: { output in
      let members = [
        "READ": "GrantRead", "WRITE": "GrantWrite", "READ_ACP": "GrantReadACP",
        "FULL_CONTROL": "GrantFullControl",
      ]
      var grants = Dictionary(
        output.elements("Grants").map { grant in
          (members[grant["Permission"]?.string ?? ""] ?? "?", grantee(grant["Grantee"]))
        }, uniquingKeysWith: { "\($0), \($1)" })
      if grants["GrantFullControl"] == grantee(output["Owner"]) { grants["GrantFullControl"] = nil }
      return .string(cannedACLs.first { $0.value == grants }?.key ?? "Custom")
    },
    write: { _, value, step in
      guard let name = value.string, let grants = cannedACLs[name] else { return [] }
      // A new bucket is private, and may refuse ACLs altogether.
      if step.action == .create, grants.isEmpty { return [] }
      // `public-read` of `PublicRead`.
      let canned = name.replacing(/([a-z])([A-Z])/) { "\($0.1)-\($0.2)" }.lowercased()
      return [step.s3("PutBucketAcl", ["ACL": .string(canned)])]
    })

  /// Whether it is a canned ACL that S3's API model (`BucketCannedACL`) does not list.
  static func needsGrants(_ value: Document) -> Bool {
    ["LogDeliveryWrite", "AwsExecRead"].contains(value)
  }

  /// Its grants as a put takes them: the owner's too, which would be gone otherwise.
  static func grants(_ value: Document, owner: Document?) -> [String: Document] {
    (value.string.flatMap { cannedACLs[$0] } ?? [:])
      .merging(["GrantFullControl": grantee(owner)]) { $1 }.mapValues(Document.string)
  }

  /// The grants of each besides the owner's full control, which all give.
  private static let cannedACLs: [String: [String: String]] = [
    "Private": [:],
    "PublicRead": ["GrantRead": group("global/AllUsers")],
    "PublicReadWrite": [
      "GrantRead": group("global/AllUsers"), "GrantWrite": group("global/AllUsers"),
    ],
    "AuthenticatedRead": ["GrantRead": group("global/AuthenticatedUsers")],
    "LogDeliveryWrite": [
      "GrantWrite": group("s3/LogDelivery"), "GrantReadACP": group("s3/LogDelivery"),
    ],
    // EC2's canonical user, which fetches machine images of bundles.
    "AwsExecRead": [
      "GrantRead": #"id="6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c""#
    ],
  ]

  private static func group(_ name: String) -> String {
    grantee(["URI": .string("http://acs.amazonaws.com/groups/\(name)")])
  }

  private static func grantee(_ shown: Document?) -> String {
    if let group = shown?["URI"]?.string { return "uri=\"\(group)\"" }
    return "id=\"\((shown?["ID"] ?? shown?["EmailAddress"])?.string ?? "?")\""
  }
}
