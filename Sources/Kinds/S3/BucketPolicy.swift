import Document
import TrueupCore

/// The policy of a bucket, which has at most one.
public struct BucketPolicy: SequencedKind {
  public init() {}

  public let type = "AWS::S3::BucketPolicy"

  public let facts = TypeFacts(
    Identity(ref: "Bucket", unique: [UniqueKey("Bucket")]),
    ownership: .inside([Parent("Bucket", "AWS::S3::Bucket")]),
    properties: ["/PolicyDocument": .normal(.policyDocument).losing(.policy)])

  private static let absentCodes: Set = ["NoSuchBucketPolicy", "NoSuchBucket"]

  // MARK: Observing

  /// S3 has no bulk read of policies: one read per bucket that concerns us.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let list = names(context).isEmpty ? [] : [Bucket.list(in: context.region)]
    return list + buckets(context, replies).map(Self.read)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    buckets(context, replies).compactMap { bucket in
      var observed = Observed(
        type: type, id: bucket, scope: context.scope, properties: ["Bucket": .string(bucket)])
      let finding = replies.finding(Self.read(bucket))
      if case .nothing = finding { return nil }
      observed.add("PolicyDocument", finding) { $0["Policy"]?.parsedJSON }
      return observed
    }
  }

  /// The buckets that are declared or known, and of the names that a bucket may have, those that are
  /// there.
  private func buckets(_ context: ReadContext, _ replies: Replies) -> [String] {
    let listed = Bucket.listed(in: context.region, replies).compactMap { $0["Name"]?.string }
    return Set(context.candidates.keys).union(context.values["Bucket"] ?? [])
      .union(names(context).intersection(listed)).sorted()
  }

  private func names(_ context: ReadContext) -> Set<String> {
    context.names["AWS::S3::Bucket"] ?? []
  }

  private static func read(_ bucket: String) -> Read {
    Read(
      Call("s3", "GetBucketPolicy", ["Bucket": .string(bucket)], absentCodes: absentCodes))
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    guard let bucket = step.desired["Bucket"], let name = bucket.string else {
      throw .failed("\(step.address) has no Bucket")
    }
    let policy = step.desired["PolicyDocument"]?.parsedJSON.jsonText
    try calls.make(
      Call(
        "s3", "PutBucketPolicy", .members(["Bucket": bucket, "Policy": policy]),
        // S3 refuses principals that it does not know yet.
        transientCodes: ["MalformedPolicy", "NoSuchBucket", "OperationAborted"]))
    return .done(id: name, attributes: step.desired)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try create(step, &calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let bucket = try step.existingID()
    try calls.make(
      Call(
        "s3", "DeleteBucketPolicy", ["Bucket": .string(bucket)], absentCodes: Self.absentCodes,
        transientCodes: ["OperationAborted"]))
    return .done(id: bucket, attributes: [:])
  }
}
