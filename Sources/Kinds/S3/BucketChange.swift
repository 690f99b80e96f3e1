import Document
import TrueupCore

/// A bucket whose settings are being written.
struct BucketChange {
  let step: Step
  let bucket: String
  /// All desired properties in canonical form.
  let desired: Document
  /// All properties as they were observed; empty for a new bucket.
  let observed: Document

  init(_ step: Step) throws(CallSequence.Pause) {
    self.step = step
    bucket = try step.name("BucketName")
    desired = Bucket.canonical(step.desired)
    observed = Bucket.canonical(step.shown)
  }

  /// Just created, so that S3 may not know the name everywhere yet.
  var isNew: Bool { step.action == .create }

  /// A call on the bucket that waits until S3 is done with another change of it.
  ///
  /// - Parameter transientCodes: further errors that pass by themselves, within a minute.
  func call(
    _ operation: String, _ input: [String: Document?] = [:], absentCodes: Set<String> = [],
    transientCodes: Set<String> = []
  ) -> Call {
    let codes: Set<String> = isNew ? ["OperationAborted", "NoSuchBucket"] : ["OperationAborted"]
    return Call(
      "s3", operation, .members(input.merging(["Bucket": .string(bucket)]) { $1 }),
      absentCodes: absentCodes, transientCodes: codes.union(transientCodes),
      patience: transientCodes.isEmpty ? 120 : 60)
  }
}
