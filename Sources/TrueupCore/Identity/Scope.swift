/// Where resources live: an account, and a region unless the service is global in the account.
/// The key of a snapshot.
public struct Scope: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The twelve digits of the account.
  public var account: String
  /// `nil` for services that are global in an account (IAM).
  public var region: String?

  public init(account: String, region: String?) {
    self.account = account
    self.region = region
  }

  public var description: String { "\(account) \(region ?? "global")" }

  /// The region in which calls for the scope are made: its own, or the one of the partition that
  /// answers for services that are global in an account.
  public func callRegion(ofStackIn stackRegion: String) -> String {
    region ?? Partition.homeRegion(ofRegion: stackRegion)
  }

  public static func < (left: Scope, right: Scope) -> Bool {
    (left.account, left.region ?? "") < (right.account, right.region ?? "")
  }
}
