import Document
import TrueupCore

/// How the buckets of a scope are observed: one list for all, one sweep for the tags of ours, and one
/// read per declared aspect of those that concern us. S3 has no bulk read of settings.
struct BucketObservation {
  let context: ReadContext
  let replies: Replies

  /// All reads that are wanted by now.
  var reads: [Read] {
    [list, TagSweep.read]
      + names.flatMap { name -> [Read] in
        let tagReads = asksForTags(name) ? [tagging(name)] : []
        return tagReads + aspects(of: name).map { $0.read(name) }
      }
  }

  /// The buckets of the scope, ours and others'.
  func buckets(ofType type: String) -> [Observed] {
    listed.map { bucket in
      let name = bucket["Name"]?.string ?? ""
      var observed = Observed(
        type: type, id: name, scope: context.scope,
        properties: BucketAttributes.of(name, region: context.region),
        tags: sweptTags[name] ?? [:], createdAt: bucket["CreationDate"]?.double)
      if asksForTags(name) {
        switch replies.finding(tagging(name)) {
        case .found(let output): observed.tags = Tags.read(output["TagSet"])
        case .nothing: observed.tags = [:]
        case .unread(let reason): observed.unread["/Tags"] = reason
        }
      } else if sweptTags[name] == nil {
        observed.unread["/Tags"] = notAskedFor
      }
      let wanted = Set(aspects(of: name).map(\.property))
      for aspect in BucketAspect.all {
        guard wanted.contains(aspect.property) else {
          observed.unread[PropertyPath([aspect.property])] = notAskedFor
          continue
        }
        observed.add(aspect.property, replies.finding(aspect.read(name)), aspect.value)
      }
      return observed
    }
  }

  // MARK: Which buckets

  private var list: Read { Self.list(in: context.region) }

  private var listed: [Document] { Self.listed(in: context.region, replies[list]?.output) }

  /// All buckets of a region, shared by all kinds of S3.
  static func list(in region: String) -> Read {
    Read(
      Call("s3", "ListBuckets", ["BucketRegion": .string(region)]), pageSize: 10_000,
      isEssential: true)
  }

  /// The listed buckets of a region. S3 names the region in paged replies alone; one without is taken
  /// to be where we asked.
  static func listed(in region: String, _ output: Document?) -> [Document] {
    (output?["Buckets"]?.list ?? []).filter { bucket in
      bucket["Name"]?.string != nil
        && (bucket["BucketRegion"] ?? .string(region)) == .string(region)
    }
  }

  /// The names of the buckets that concern us: known to the desired state or the base, or ours by
  /// their tags. None until it is known whose the buckets are.
  private var names: [String] {
    guard replies[list] != nil, replies[TagSweep.read] != nil else { return [] }
    return listed.compactMap { $0["Name"]?.string }.filter { name in
      context.candidates[name] != nil || isSweptAsOurs(name)
    }
  }

  // MARK: Tags

  private var sweptTags: [String: [String: String]] {
    let prefix = BucketAttributes.arn(of: "", region: context.region)
    return Dictionary(
      TagSweep(context, replies).swept.compactMap { arn, tags in
        arn.hasPrefix(prefix) ? (String(arn.dropFirst(prefix.count)), tags) : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  private func isSweptAsOurs(_ name: String) -> Bool {
    sweptTags[name].map(context.owns) ?? false
  }

  /// The sweep lags by minutes and may be refused: what it does not show as ours is asked itself.
  private func asksForTags(_ name: String) -> Bool {
    context.candidates[name] != nil && !isSweptAsOurs(name)
  }

  private func tagging(_ bucket: String) -> Read {
    Read(
      Call(
        "s3", "GetBucketTagging", ["Bucket": .string(bucket)], absentCodes: ["NoSuchTagSet"]))
  }

  // MARK: Aspects

  /// The aspects worth a read: those declared for the bucket, or for any where it is ours by its tags
  /// alone.
  private func aspects(of name: String) -> [BucketAspect] {
    let declared =
      context.candidates[name] ?? (isSweptAsOurs(name) ? context.properties : [])
    return BucketAspect.all.filter { declared.contains($0.property) }
  }
}
