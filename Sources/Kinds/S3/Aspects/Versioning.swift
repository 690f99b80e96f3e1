import Document
import TrueupCore

extension BucketAspect {
  /// Once on, versioning can be suspended but never be off again.
  static let versioning = BucketAspect(
    "VersioningConfiguration", read: "GetBucketVersioning", absentValue: ["Status": "Suspended"],
    decode: { output in output["Status"].map { ["Status": $0] } },
    write: { value, change in putVersioning(value, change) },
    reset: { change in putVersioning(["Status": "Suspended"], change) })

  /// A replication configuration that is on its way out blocks the change for a while.
  private static func putVersioning(_ value: Document, _ change: BucketChange) -> [Call] {
    [
      change.call(
        "PutBucketVersioning", ["VersioningConfiguration": value],
        transientCodes: change.desired["ReplicationConfiguration"] == nil
          && change.observed["ReplicationConfiguration"] != nil ? ["InvalidBucketState"] : [])
    ]
  }
}
