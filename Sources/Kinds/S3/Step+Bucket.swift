import Document
import TrueupCore

/// A step on a bucket.
extension Step {
  /// The same with all properties in canonical form, and the name as the id of what is not there yet.
  func onBucket() throws(CallSequence.Pause) -> Step {
    var step = self
    step.id = try name("BucketName")
    step.desired = Bucket.canonical(desired)
    step.observed?.properties = Bucket.canonical(shown)
    return step
  }

  /// A call on the bucket that waits until S3 is done with another change of it.
  ///
  /// - Parameter transientCodes: further errors that pass by themselves, within a minute.
  func s3(
    _ operation: String, _ input: [String: Document?] = [:], absentCodes: Set<String> = [],
    transientCodes: Set<String> = []
  ) -> Call {
    // S3 may not know a new name everywhere yet.
    let codes: Set =
      action == .create ? ["OperationAborted", "NoSuchBucket"] : ["OperationAborted"]
    return Call(
      "s3", operation, .members(input.merging(["Bucket": id.map(Document.string)]) { $1 }),
      absentCodes: absentCodes, transientCodes: codes.union(transientCodes),
      patience: transientCodes.isEmpty ? 120 : 60)
  }
}
