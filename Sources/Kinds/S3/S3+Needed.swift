import TrueupCore

extension BucketPolicy {
  var needed: [NeededRead] { [NeededRead("s3", "GetBucketPolicy", named: 1, of: "Bucket")] }
}
