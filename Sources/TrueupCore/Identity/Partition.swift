/// AWS's partition of a region, as it stands in ARNs.
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)"; the partitions that AWS's SDKs carry.
public enum Partition {
  private struct Facts {
    /// What its regions begin with.
    var prefix: String
    var name: String
    var homeRegion: String
    var urlSuffix: String
  }

  private static let others = [
    Facts(
      prefix: "cn-", name: "aws-cn", homeRegion: "cn-north-1", urlSuffix: "amazonaws.com.cn"),
    Facts(
      prefix: "us-gov-", name: "aws-us-gov", homeRegion: "us-gov-west-1",
      urlSuffix: "amazonaws.com"),
    Facts(
      prefix: "eusc-", name: "aws-eusc", homeRegion: "eusc-de-east-1", urlSuffix: "amazonaws.eu"),
    Facts(
      prefix: "us-iso-", name: "aws-iso", homeRegion: "us-iso-east-1", urlSuffix: "c2s.ic.gov"),
    Facts(
      prefix: "us-isob-", name: "aws-iso-b", homeRegion: "us-isob-east-1",
      urlSuffix: "sc2s.sgov.gov"),
    Facts(
      prefix: "eu-isoe-", name: "aws-iso-e", homeRegion: "eu-isoe-west-1",
      urlSuffix: "cloud.adc-e.uk"),
    Facts(
      prefix: "us-isof-", name: "aws-iso-f", homeRegion: "us-isof-south-1",
      urlSuffix: "csp.hci.ic.gov"),
  ]

  /// All partitions' names.
  public static let names = ["aws"] + others.map(\.name)

  /// The domains of their services.
  public static let urlSuffixes = ["amazonaws.com"] + others.map(\.urlSuffix)

  private static func facts(ofRegion region: String) -> Facts? {
    others.first { region.hasPrefix($0.prefix) }
  }

  /// `aws`, `aws-cn`, `aws-us-gov` and so on.
  public static func name(ofRegion region: String) -> String {
    facts(ofRegion: region)?.name ?? "aws"
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
    facts(ofRegion: region)?.homeRegion ?? "us-east-1"
  }

  /// `amazonaws.com`, in China `amazonaws.com.cn`: `AWS::URLSuffix`.
  public static func urlSuffix(ofRegion region: String) -> String {
    facts(ofRegion: region)?.urlSuffix ?? "amazonaws.com"
  }
}
