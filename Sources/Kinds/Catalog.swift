import TrueupCore

extension Catalog {
  /// All kinds that Trueup knows.
  public static let standard = Catalog([
    SecurityGroup(),
    Subnet(),
    VPC(),
    LogGroup(),
    Role(),
    Bucket(),
  ])
}
