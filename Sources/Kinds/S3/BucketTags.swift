import Document
import TrueupCore

/// Tags of a bucket that grants access by its tags, which S3 Control alone writes.
enum BucketTags {
  static let writing = TagCalls(
    Call("s3control", "TagResource", [:]), Call("s3control", "UntagResource", [:])
  ) { step, bucket in
    [
      "AccountId": .string(step.scope.account),
      "ResourceArn": .string(Bucket.arn(of: bucket, step.partition)),
    ]
  }
}
