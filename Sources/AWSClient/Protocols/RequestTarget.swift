/// Where requests of a service go.
public struct RequestTarget: Hashable, Sendable {
  /// How S3's buckets are addressed.
  public enum BucketAddressing: Hashable, Sendable {
    /// `https://host/bucket`: what custom endpoints understand.
    case path
    /// `https://bucket.host/`: what AWS wants. Names with a dot are addressed by path all the
    /// same, because no certificate covers their hosts.
    case virtualHost
  }

  /// `http` or `https`.
  public var scheme: String
  /// Host and, where it is not the scheme's default, `:port`.
  public var host: String
  /// What stands before every path, `/custom`; empty for none.
  public var basePath: String
  public var bucketAddressing: BucketAddressing
  /// Whether the model's host prefixes (`{AccountId}.`) are put before the host. Off for custom
  /// endpoints, whose host names have no such subdomains.
  public var usesHostPrefix: Bool

  public init(
    scheme: String = "https", host: String, basePath: String = "",
    bucketAddressing: BucketAddressing = .virtualHost, usesHostPrefix: Bool = true
  ) {
    self.scheme = scheme
    self.host = host
    self.basePath = basePath
    self.bucketAddressing = bucketAddressing
    self.usesHostPrefix = usesHostPrefix
  }
}
