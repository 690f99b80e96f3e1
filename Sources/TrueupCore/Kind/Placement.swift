/// Where the resources of a type live, and whether AWS's tagging API shows them there.
public struct Placement: Hashable, Sendable {
  public enum Span: Hashable, Sendable {
    case regional
    /// Once per account.
    case global
    /// In the region that this property names, where it is declared; else in the stack's.
    case byProperty(String)
  }

  public var span: Span
  /// The tagging API shows resources of the type. Where it does not, the type is observed in every
  /// account, so that nothing of ours stays behind.
  public var isSwept: Bool
  /// A part of a resource may live in another account: the records that validate a certificate.
  public var hasValidationAccount = false

  public static let regional = Placement(span: .regional, isSwept: true)
  public static let global = Placement(span: .global, isSwept: true)

  public static func byProperty(_ property: String) -> Placement {
    Placement(span: .byProperty(property), isSwept: true)
  }

  /// The same for a type that the tagging API does not show.
  public var unswept: Placement {
    var placement = self
    placement.isSwept = false
    return placement
  }

  /// The same for a type whose records of validation may live in another account.
  public var withValidationAccount: Placement {
    var placement = self
    placement.hasValidationAccount = true
    return placement
  }

  public var isGlobal: Bool { span == .global }

  /// The property that names the region.
  public var regionProperty: String? {
    guard case .byProperty(let property) = span else { return nil }
    return property
  }
}
