import Document
import TrueupCore

/// What `Fn::GetAtt` returns of a bucket: all of it follows from name and region.
enum BucketAttributes {
  static func of(_ name: String, region: String) -> Document {
    let suffix = Partition.urlSuffix(ofRegion: region)
    return [
      "BucketName": .string(name),
      "Arn": .string(arn(of: name, region: region)),
      "DomainName": .string("\(name).s3.\(suffix)"),
      "RegionalDomainName": .string("\(name).s3.\(region).\(suffix)"),
      "DualStackDomainName": .string("\(name).s3.dualstack.\(region).\(suffix)"),
      "WebsiteURL": .string("http://\(name).\(websiteHost(region)).\(suffix)"),
    ]
  }

  static func arn(of name: String, region: String) -> String {
    "arn:\(Partition.name(ofRegion: region)):s3:::\(name)"
  }

  /// The oldest regions have a dash where the others have a dot.
  /// Source: AWS General Reference, "Amazon S3 endpoints and quotas", website endpoints.
  private static func websiteHost(_ region: String) -> String {
    let withDash: Set<String> = [
      "us-east-1", "us-west-1", "us-west-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
      "eu-west-1", "sa-east-1", "us-gov-west-1",
    ]
    return withDash.contains(region) ? "s3-website-\(region)" : "s3-website.\(region)"
  }
}
