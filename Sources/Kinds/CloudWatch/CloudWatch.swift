import Document
import TrueupCore

/// What alarms and dashboards have in common.
enum CloudWatch {
  /// Tags in the calls that change a resource are ignored by CloudWatch.
  ///
  /// - Parameters:
  ///   - arn: the ARN of a listed item.
  ///   - ofStep: the same of what a step is about.
  static func tags(
    arn: @escaping @Sendable (Document, ReadContext) -> String,
    ofStep: @escaping @Sendable (Step, String) -> String
  ) -> SweptTags {
    func call(_ operation: String) -> Call {
      Call(
        "cloudwatch", operation, [:],
        transientCodes: ["ConcurrentModificationException", "ConflictException"])
    }
    return SweptTags(
      TagCalls(call("TagResource"), call("UntagResource")) { step, id in
        ["ResourceARN": .string(ofStep(step, id))]
      }, arn: arn
    ) { _, arn in
      Read(
        Call(
          "cloudwatch", "ListTagsForResource", ["ResourceARN": .string(arn)],
          absentCodes: ["ResourceNotFoundException", "ResourceNotFound"]))
    }
  }
}
