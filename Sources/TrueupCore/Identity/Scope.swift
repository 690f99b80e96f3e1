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

/// AWS's partition of a region, as it stands in ARNs.
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
public enum Partition {
  /// `aws`, `aws-cn` or `aws-us-gov`.
  public static func name(ofRegion region: String) -> String {
    if region.hasPrefix("cn-") { return "aws-cn" }
    if region.hasPrefix("us-gov-") { return "aws-us-gov" }
    return "aws"
  }

  /// Whether a text is written as AWS writes regions.
  public static func isRegion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count >= 3
      && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isLowercase) }
      && Int(parts[parts.count - 1]) != nil
  }

  /// The region that answers for global services: the tags of what lives once per account, the events
  /// of IAM.
  /// Source: AWS General Reference, "AWS service endpoints", global services of each partition.
  public static func homeRegion(ofRegion region: String) -> String {
    switch name(ofRegion: region) {
    case "aws-cn": "cn-north-1"
    case "aws-us-gov": "us-gov-west-1"
    default: "us-east-1"
    }
  }

  /// `amazonaws.com`, or `amazonaws.com.cn` in China: `AWS::URLSuffix`.
  public static func urlSuffix(ofRegion region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }
}
