/// Who decides what a property is: `Metadata.Trueup.Owners`. Git does where nothing is said.
///
/// What another owner decides has its declared value when the resource is made, and is left as it is from
/// then on: no difference, no drift, and written back as AWS shows it where a call takes the whole.
public enum FieldOwner: String, CaseIterable, Hashable, Sendable {
  case git
  /// Something that scales moves it. A replacement begins where the old one was.
  case autoscaler
  /// A pipeline moves it. A replacement gets what the old one had.
  case ci
  /// Git decides it for each new resource, and nobody looks at it afterwards.
  case createOnly = "create-only"

  /// Why the property is not checked.
  public var reason: String {
    switch self {
    case .git: "git owns it"
    case .autoscaler: "left as is: an autoscaler owns it"
    case .ci: "left as is: ci owns it"
    case .createOnly: "left as is: git decides it at creation only"
    }
  }
}
