import Document
import TrueupCore

/// One setting of a bucket: S3 has an operation to read and one to write for each, so that the
/// bucket's kind is a list of these.
struct BucketAspect: Sendable {
  /// The registry's property.
  let property: String
  /// The operation that shows it; all take the bucket's name alone.
  let readOperation: String
  /// The errors by which the read says that nothing is set.
  let absentCodes: Set<String>
  /// What is in effect where AWS shows nothing.
  let absentValue: Document?
  /// The property's value in the read's output; `nil` where nothing is set.
  let decode: @Sendable (_ output: Document) -> Document?
  /// One form for all ways in which the same setting can be declared and shown.
  let canonical: @Sendable (_ value: Document) -> Document
  /// The calls that set the value, which is canonical.
  let write: @Sendable (_ value: Document, _ change: BucketChange) -> [Call]
  /// The calls that give the bucket what a bucket has that never had the property.
  let reset: @Sendable (_ change: BucketChange) -> [Call]

  init(
    _ property: String, read: String, absentCodes: Set<String> = [], absentValue: Document? = nil,
    decode: @escaping @Sendable (Document) -> Document?,
    canonical: @escaping @Sendable (Document) -> Document = { $0 },
    write: @escaping @Sendable (Document, BucketChange) -> [Call],
    reset: @escaping @Sendable (BucketChange) -> [Call]
  ) {
    self.property = property
    self.readOperation = read
    self.absentCodes = absentCodes
    self.absentValue = absentValue
    self.decode = decode
    self.canonical = canonical
    self.write = write
    self.reset = reset
  }

  /// The read for one bucket.
  func read(_ bucket: String) -> Read {
    Read(Call("s3", readOperation, ["Bucket": .string(bucket)], absentCodes: absentCodes))
  }

  /// The canonical value in the read's output; `nil` where nothing is set.
  func value(in output: Document) -> Document? { decode(output).map(canonical) }
}

/// A bucket whose settings are being written.
struct BucketChange {
  let bucket: String
  /// All desired properties in canonical form.
  let desired: Document
  /// All properties as they were observed; empty for a new bucket.
  let observed: Document
  /// Just created, so that S3 may not know the name everywhere yet.
  let isNew: Bool

  /// A call on the bucket that waits until S3 is done with another change of it.
  ///
  /// - Parameter transientCodes: further errors that pass by themselves.
  func call(
    _ operation: String, _ input: [String: Document] = [:], absentCodes: Set<String> = [],
    transientCodes: Set<String> = [], patience: Double = 120
  ) -> Call {
    let codes: Set<String> = isNew ? ["OperationAborted", "NoSuchBucket"] : ["OperationAborted"]
    return Call(
      "s3", operation, .object(input.merging(["Bucket": .string(bucket)]) { _, name in name }),
      absentCodes: absentCodes, transientCodes: codes.union(transientCodes), patience: patience)
  }
}

extension BucketAspect {
  /// All aspects, in the order in which they are written: what keeps the public out comes first,
  /// versioning before Object Lock and replication, which need it. Taking away goes backwards.
  static let all: [BucketAspect] = [
    .publicAccessBlock, .ownershipControls, .accessControl, .versioning, .encryption,
    .objectLockEnabled, .objectLock, .lifecycle, .cors, .website, .logging, .notifications,
    .acceleration, .analytics, .intelligentTiering, .inventory, .metrics, .replication,
    .metadataTable, .metadata, .abac,
  ]
}
