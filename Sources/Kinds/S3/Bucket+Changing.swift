import Document
import TrueupCore

/// The calls of a step on a bucket.
extension Bucket {
  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    let isLocked =
      step.desired["ObjectLockEnabled"] == true || step.desired["ObjectLockConfiguration"] != nil
    return [
      "Bucket": .string(try step.name("BucketName")),
      "BucketNamespace": step.desired["BucketNamespace"],
      "CreateBucketConfiguration": Document.members([
        // S3 refuses to be told its first region.
        "LocationConstraint": step.region == "us-east-1" ? nil : .string(step.region),
        "Tags": Tags.list(step.tags).nonEmpty,
      ]).nonEmpty,
      "ObjectOwnership": step.desired["OwnershipControls"]?["Rules"]?[0]?["ObjectOwnership"],
      "ObjectLockEnabledForBucket": isLocked ? true : nil,
    ]
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let bucket = try step.onBucket()
    let isNew = try calls.make(creation.call.with(try created(step))) != .absent
    try ensureOwnership(bucket, isNew: isNew, &calls)
    // Ownership of objects goes along with the creation; an earlier one may have had another.
    for aspect in Self.aspects where !(isNew && aspect.property == "OwnershipControls") {
      try write(aspect, bucket, &calls)
    }
    return try doneWithNeeded(step, &calls)
  }

  /// The tags go along with the creation, but not every endpoint takes them there, and S3's first
  /// region answers a creation that is repeated as if it were new. So a bucket is ours once it shows our
  /// tags; one that was just made and has none gets them, and anything else is not ours to take.
  /// Source: S3 API reference, CreateBucket, "Tags" and "BucketAlreadyOwnedByYou".
  private func ensureOwnership(
    _ step: Step, isNew: Bool, _ calls: inout CallSequence
  ) throws(Pause) {
    let shown = try shownTags(step, &calls)
    let owner = [OwnershipTags.stack, OwnershipTags.resource]
    if owner.allSatisfy({ shown[$0] != nil && shown[$0] == step.tags[$0] }) { return }
    guard isNew, shown.isEmpty else {
      throw .failed(
        """
        the account already has a bucket \(step.id ?? "") that does not carry the tags of \
        \(step.address); choose another BucketName, or adopt the bucket
        """)
    }
    try calls.make(step.s3("PutBucketTagging", ["Tagging": ["TagSet": Tags.list(step.tags)]]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let bucket = try step.onBucket()
    let changed = Self.aspects.filter { step.changes($0.property) }
    let gone = changed.filter { aspect in
      let value = bucket.desired[aspect.property]
      return value == nil || aspect.property == "AccessControl" && value == "Private"
    }
    // Backwards: replication must be gone before versioning is suspended, and public grants before
    // ownership forbids grants.
    for aspect in gone.reversed() { try calls.make(aspect.reset(bucket)) }
    let taken = Set(gone.map(\.property))
    for aspect in changed where !taken.contains(aspect.property) {
      try write(aspect, bucket, &calls)
    }
    // Last, so that the revision in the tags is one that was applied whole.
    if step.changesTags { try writeTags(bucket, &calls) }
    return try doneWithNeeded(step, &calls)
  }

  /// Writes what is desired of an aspect. Some grants are put one by one, with the owner's: S3 tells who it is.
  private func write(
    _ aspect: BucketAspect, _ step: Step, _ calls: inout CallSequence
  ) throws(Pause) {
    guard let value = step.desired[aspect.property] else { return }
    guard aspect.property == "AccessControl", BucketAspect.needsGrants(value) else {
      return try calls.make(aspect.write(aspect, value, step))
    }
    let owner = try calls.make(step.s3("GetBucketAcl")).output?["Owner"]
    guard owner?["ID"] != nil else {
      throw .failed("GetBucketAcl answered without the owner of \(step.id ?? "")")
    }
    try calls.make(step.s3("PutBucketAcl", BucketAspect.grants(value, owner: owner)))
  }

  /// S3 replaces all tags at once, so others' are read first and put again; `aws:` tags stay by
  /// themselves and may not be put. With access by tags on, S3 Control adds and removes single tags
  /// and S3 refuses to.
  private func writeTags(_ step: Step, _ calls: inout CallSequence) throws(Pause) {
    let left = step.changes("AbacStatus") ? nil : step.shown["AbacStatus"]
    if step.desired["AbacStatus"] ?? left == "Enabled" {
      return try calls.make(tagging.calls(step, try step.existingID()))
    }
    let shown = try shownTags(step, &calls).filter { !$0.key.hasPrefix("aws:") }
    let tags = shown.filter { !step.removedTags.contains($0.key) }.merging(step.newTags) { $1 }
    if tags == shown { return }
    try calls.make(
      tags.isEmpty
        ? step.s3("DeleteBucketTagging")
        : step.s3("PutBucketTagging", ["Tagging": ["TagSet": Tags.list(tags)]]))
  }

  private func shownTags(
    _ step: Step, _ calls: inout CallSequence
  ) throws(Pause) -> [String: String] {
    let reply = try calls.make(step.s3("GetBucketTagging", absentCodes: ["NoSuchTagSet"]))
    return Tags.read(reply.output?["TagSet"])
  }

  /// Deletes the bucket, never what is in it.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let bucket = try step.existingID()
    let reply = try calls.make(deletion.call(bucket))
    // Gone, or not empty: only a bucket that is there has a versioning state.
    if reply == .absent,
      try calls.make(step.s3("GetBucketVersioning", absentCodes: ["NoSuchBucket"])) != .absent
    {
      return .failed(
        """
        bucket \(bucket) still holds objects, versions or unfinished uploads, which Trueup never \
        deletes; empty it and try again, or declare "DeletionPolicy": "Retain" to leave it
        """)
    }
    return .done(id: bucket, attributes: [:])
  }

  /// What is known of the bucket now. The names of metadata tables are S3's, so they are asked for
  /// where something refers to them.
  private func doneWithNeeded(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let bucket = try step.name("BucketName")
    var next = done(step, bucket).adding(Self.attributes(of: bucket, in: step.region))
    for aspect in Self.aspects
    where step.neededAttributes.contains(where: { $0.hasPrefix(aspect.property + ".") }) {
      let shown = try calls.make(aspect.read(bucket).call).output.flatMap(aspect.value)
      next = next.adding([aspect.property: shown])
    }
    return next
  }
}
