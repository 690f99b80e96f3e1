import Document
import TrueupCore

/// The calls of one step on a bucket.
struct BucketStep: KindStep {
  private let step: Step
  private let name: String
  private let change: BucketChange

  init(_ step: Step) throws(CallSequence.Pause) {
    self.step = step
    name = try step.name("BucketName")
    change = BucketChange(
      bucket: name, desired: Bucket.canonical(step.desired),
      observed: step.observed.map { Bucket.canonical($0.properties) } ?? [:],
      isNew: step.action == .create)
  }

  // MARK: Create

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(creation)
    try ensureOwnership(isNew: created != .absent, &calls)
    // Ownership goes along with the creation.
    for aspect in BucketAspect.all where aspect.property != "OwnershipControls" {
      if let value = change.desired[aspect.property] { try write(aspect, value, &calls) }
    }
    return try done(&calls)
  }

  private func write(
    _ aspect: BucketAspect, _ value: Document, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    guard aspect.property == BucketAspect.accessControl.property,
      BucketAspect.needsExplicitGrants(value)
    else {
      try calls.make(aspect.write(value, change))
      return
    }
    let owner = try calls.make(change.call("GetBucketAcl")).output?["Owner"]
    guard let grants = BucketAspect.explicitGrants(value, owner: owner) else {
      throw .failed("GetBucketAcl answered without the owner of \(name)")
    }
    try calls.make(change.call("PutBucketAcl", grants))
  }

  private var creation: Call {
    let isLocked =
      change.desired["ObjectLockEnabled"] == true
      || change.desired["ObjectLockConfiguration"] != nil
    return Call(
      "s3", "CreateBucket",
      .members([
        "Bucket": .string(name),
        "BucketNamespace": step.desired["BucketNamespace"],
        "CreateBucketConfiguration": Document.members([
          // S3 refuses to be told its first region.
          "LocationConstraint": step.region == "us-east-1" ? nil : .string(step.region),
          "Tags": Tags.list(step.tags).nonEmpty,
        ]).nonEmpty,
        "ObjectOwnership": change.desired["OwnershipControls"]?["Rules"]?[0]?["ObjectOwnership"],
        "ObjectLockEnabledForBucket": isLocked ? true : nil,
      ]), absentCodes: ["BucketAlreadyOwnedByYou"], transientCodes: ["OperationAborted"],
      patience: 120)
  }

  /// The tags go along with the creation, but not every endpoint takes them there, and S3's first
  /// region answers a creation that is repeated as if it were new. So a bucket is ours once it shows our
  /// tags; one that was just made and has none gets them, and anything else is not ours to take.
  /// Source: S3 API reference, CreateBucket, "Tags" and "BucketAlreadyOwnedByYou".
  private func ensureOwnership(
    isNew: Bool, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    let shown = Tags.read(try calls.make(getTags).output?["TagSet"])
    let owner = [OwnershipTags.stack, OwnershipTags.resource]
    if owner.allSatisfy({ shown[$0] != nil && shown[$0] == step.tags[$0] }) {
      // Ownership of objects is set by the creation; an earlier one may have had another.
      if !isNew, let ownership = change.desired["OwnershipControls"] {
        try calls.make(BucketAspect.ownershipControls.write(ownership, change))
      }
    } else if isNew, shown.isEmpty {
      try calls.make(
        change.call("PutBucketTagging", ["Tagging": ["TagSet": Tags.list(step.tags)]]))
    } else {
      throw .failed(
        """
        the account already has a bucket \(name) that does not carry the tags of \(step.address); \
        choose another BucketName, or adopt the bucket
        """)
    }
  }

  // MARK: Update

  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let changed = BucketAspect.all.filter { step.changed.contains($0.property) }
    // Backwards: replication must be gone before versioning is suspended, and public grants before
    // ownership forbids grants.
    for aspect in changed.reversed() where takesAway(aspect) {
      guard let value = change.desired[aspect.property] else {
        try calls.make(aspect.reset(change))
        continue
      }
      try write(aspect, value, &calls)
    }
    for aspect in changed where !takesAway(aspect) {
      if let value = change.desired[aspect.property] { try write(aspect, value, &calls) }
    }
    // Last, so that the revision in the tags is one that was applied whole.
    if step.changesTags { try writeTags(&calls) }
    return try done(&calls)
  }

  private func takesAway(_ aspect: BucketAspect) -> Bool {
    let value = change.desired[aspect.property]
    return value == nil
      || aspect.property == BucketAspect.accessControl.property && value == "Private"
  }

  // MARK: Tags

  private var getTags: Call {
    change.call("GetBucketTagging", absentCodes: ["NoSuchTagSet"])
  }

  /// S3 replaces all tags at once, so others' are read first and put again; `aws:` tags stay by
  /// themselves and may not be put. With access by tags on, S3 Control adds and removes single tags
  /// and S3 refuses to.
  private func writeTags(_ calls: inout CallSequence) throws(CallSequence.Pause) {
    if hasABAC {
      try calls.make(BucketTags.calls(step, of: name))
      return
    }
    let shown = Tags.read(try calls.make(getTags).output?["TagSet"])
      .filter { !$0.key.hasPrefix("aws:") }
    let tags = shown.filter { !step.removedTags.contains($0.key) }
      .merging(step.newTags) { _, ours in ours }
    if tags == shown { return }
    try calls.make(
      tags.isEmpty
        ? change.call("DeleteBucketTagging")
        : change.call("PutBucketTagging", ["Tagging": ["TagSet": Tags.list(tags)]]))
  }

  /// Whether the bucket grants access by its tags once its aspects are written.
  private var hasABAC: Bool {
    let property = BucketAspect.abac.property
    let isChanged = step.changed.contains(property)
    return (change.desired[property] ?? (isChanged ? nil : change.observed[property])) == "Enabled"
  }

  // MARK: Delete

  /// Deletes the bucket, never what is in it.
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let reply = try calls.make(
      change.call("DeleteBucket", absentCodes: ["NoSuchBucket", "BucketNotEmpty"]))
    // One of the two: only a bucket that is there has a versioning state.
    if reply == .absent,
      try calls.make(change.call("GetBucketVersioning", absentCodes: ["NoSuchBucket"])) != .absent
    {
      return .failed(
        """
        bucket \(name) still holds objects, versions or unfinished uploads, which Trueup never \
        deletes; empty it and try again, or declare "DeletionPolicy": "Retain" to leave it
        """)
    }
    return .done(id: name, attributes: [:])
  }

  // MARK: Done

  /// What is known of the bucket now. The names of metadata tables are S3's, so they are asked for
  /// where something refers to them.
  private func done(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    var attributes = step.unchanged.merging(step.desired)
      .merging(BucketAttributes.of(name, region: step.region))
    for aspect in BucketAspect.all where isNeeded(aspect) {
      let shown = try calls.make(aspect.read(name).call).output.flatMap(aspect.value)
      attributes = attributes.merging(.members([aspect.property: shown]))
    }
    return .done(id: name, attributes: attributes)
  }

  private func isNeeded(_ aspect: BucketAspect) -> Bool {
    step.neededAttributes.contains { $0.hasPrefix(aspect.property + ".") }
  }
}
