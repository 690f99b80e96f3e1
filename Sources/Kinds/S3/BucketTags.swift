import Document
import TrueupCore

/// Tags of a bucket that grants access by its tags, which S3 Control alone writes.
enum BucketTags {
  static func calls(_ step: Step, of name: String) -> [Call] {
    let resource: Document = [
      "AccountId": .string(step.scope.account),
      "ResourceArn": .string(BucketAttributes.arn(of: name, region: step.region)),
    ]
    let tag = Call(
      "s3control", "TagResource", resource.merging(["Tags": Tags.list(step.newTags)]))
    let untag = Call(
      "s3control", "UntagResource", resource.merging(["TagKeys": Tags.keys(step.removedTags)]))
    return Tags.calls(step, tag: tag, untag: untag)
  }
}
