/// The tags by which Trueup finds its resources again; there is no state file.
public enum OwnershipTags {
  /// `{project}/{client}-{environment}`.
  public static let stack = "trueup:stack"
  /// The logical id.
  public static let resource = "trueup:resource"
  /// The revision at which the resource was last changed. Written along with a change, never a reason
  /// for one.
  public static let revision = "trueup:rev"

  /// The two tags that say whose a resource is.
  public static func owner(_ stack: StackID, resource: String) -> [String: String] {
    [Self.stack: stack.owner, Self.resource: resource]
  }
}
