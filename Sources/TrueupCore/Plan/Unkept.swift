import Document

/// A value that was written twice and is not kept by AWS: it is left as it is until the desired or the
/// observed one moves.
public struct Unkept: Hashable, Sendable {
  public var address: Address
  /// `AWS::EC2::VPC`
  public var type: String
  public var path: PropertyPath
  /// Both without secrets.
  public var desired: Document?
  public var observed: Document?
  /// Who may do or reach what hangs on it.
  public var isSecurity: Bool

  public init(
    address: Address, type: String, path: PropertyPath, desired: Document?, observed: Document?,
    isSecurity: Bool
  ) {
    self.address = address
    self.type = type
    self.path = path
    self.desired = desired
    self.observed = observed
    self.isSecurity = isSecurity
  }

  public static let reason = "AWS does not keep this value"
}
