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

  public static func < (left: Scope, right: Scope) -> Bool {
    (left.account, left.region ?? "") < (right.account, right.region ?? "")
  }
}

/// AWS's partition of a region, as it stands in ARNs.
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
public enum Partition {
  /// `aws`, `aws-cn` or `aws-us-gov`.
  public static func name(ofRegion region: String) -> String {
    if region.hasPrefix("cn-") { return "aws-cn" }
    if region.hasPrefix("us-gov-") { return "aws-us-gov" }
    return "aws"
  }

  /// `amazonaws.com`, or `amazonaws.com.cn` in China: `AWS::URLSuffix`.
  public static func urlSuffix(ofRegion region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }
}
