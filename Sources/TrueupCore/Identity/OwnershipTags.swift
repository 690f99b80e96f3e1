/// The tags by which Trueup finds its resources again; there is no state file.
public enum OwnershipTags {
  /// `{project}/{client}-{environment}`.
  public static let stack = "trueup:stack"
  /// The logical id.
  public static let resource = "trueup:resource"
  /// The revision at which the resource was last changed. Written along with a change, never a reason
  /// for one.
  public static let revision = "trueup:rev"

  /// `DeletionPolicy`, where the blueprint declares another than `Delete`: so that a resource that is
  /// taken out of the blueprint is still treated as it asked, without any record of ours.
  public static let deletionPolicy = "trueup:deletion-policy"

  /// Written before the deletion of what can be kept for a while, where its stack was destroyed with its
  /// data: a new stack of the same name never gets it by accident.
  public static let destroyed = "trueup:destroyed"

  /// The account in whose zones the records stand that validate a certificate, where it is another one: so
  /// that they are found again, and go with the certificate, when no blueprint names it any more.
  public static let validationAccount = "trueup:validation-account"

  /// The two that say whose a resource is.
  public static let ownerKeys = [stack, resource]

  /// All keys that are ours.
  public static let all: Set<String> = [
    stack, resource, revision, deletionPolicy, destroyed, validationAccount,
  ]

  /// The two tags that say whose a resource is.
  public static func owner(_ stack: StackID, resource: String) -> [String: String] {
    [Self.stack: stack.owner, Self.resource: resource]
  }
}
