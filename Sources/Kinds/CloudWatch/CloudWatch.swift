import Document
import TrueupCore

/// What alarms and dashboards have in common.
enum CloudWatch {
  static func tags(ofARN arn: String) -> Read {
    Read(
      Call(
        "cloudwatch", "ListTagsForResource", ["ResourceARN": .string(arn)],
        absentCodes: ["ResourceNotFoundException", "ResourceNotFound"]))
  }

  static func tags(_ output: Document) -> [String: String] { Tags.read(output["Tags"]) }

  /// The calls that bring the tags of a resource to what the step says. Tags in the calls that change
  /// a resource are ignored by CloudWatch.
  static func tagCalls(_ step: Step, _ arn: String) -> [Call] {
    func call(_ operation: String, _ input: Document) -> Call {
      Call(
        "cloudwatch", operation, .object(["ResourceARN": .string(arn)]).merging(input),
        transientCodes: ["ConcurrentModificationException", "ConflictException"])
    }
    return Tags.calls(
      step, tag: call("TagResource", ["Tags": Tags.list(step.newTags)]),
      untag: call("UntagResource", ["TagKeys": Tags.keys(step.removedTags)]))
  }
}
