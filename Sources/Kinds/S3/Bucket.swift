import Document
import TrueupCore

/// `AWS::S3::Bucket`: a name, and a long list of settings of which each has operations of its own. S3 has no
/// bulk read of them, so each is read where it is declared.
public struct Bucket: ComposedKind {
  public init() {}

  public let type = "AWS::S3::Bucket"

  /// All settings, in the order in which they are written; taking away goes backwards.
  static let aspects: [BucketAspect] = [
    // What keeps the public out comes first. Grants need an ownership that allows them.
    .publicAccessBlock, .ownershipControls, .accessControl,
    // Object Lock and replication need it.
    .versioning,
    .encryption, .objectLockEnabled, .objectLock, .lifecycle, .cors, .website, .logging,
    .notifications, .acceleration, .analytics, .intelligentTiering, .inventory, .metrics,
    .replication, .metadataTable, .metadata,
    // From then on, tags are written in another way.
    .abac,
  ]

  public let facts = TypeFacts(
    Identity(
      ref: "BucketName", name: NameRule(property: "BucketName", maximumLength: 63, lowercase: true),
      arn: "s3", foretold: ["Arn": { Bucket.arn(of: $0.name, $0.partition) }]),
    lifecycle: Lifecycle(holdsData: true),
    properties: PropertyTable(
      aspects.reduce(into: [
        "/BucketNamePrefix": .unsupported(
          """
          CloudFormation makes the name of it; declare the whole BucketName with Fn::Sub, for \
          instance ${Prefix}-${AWS::AccountId}-${AWS::Region}-an for the account-regional namespace
          """),
        "/BucketNamespace": .notReadable("S3 takes the namespace on creation and does not show it"),
      ]) { all, aspect in all.merge(aspect.allFacts) { $1 } }),
    canonical: { Bucket.canonical($0) },
    replaces: { path, desired, observed in
      path == "/ObjectLockEnabled" && desired == false && observed == true
    })

  /// The properties with each aspect in its one form.
  static func canonical(_ properties: Document) -> Document {
    aspects.reduce(properties) { $0.changing(PropertyPath([$1.property]), $1.canonical) }
  }

  // MARK: Observing

  let listing = Listing(
    Bucket.list(in: "us-east-1"), "Buckets", id: "Name", created: "CreationDate")
  let details = aspects.map { aspect in
    Detail([aspect.property]) { _, bucket in
      aspect.read(bucket)
    } values: {
      [aspect.property: aspect.value(in: $0)]
    }
  }
  let tagging = SweptTags(
    BucketTags.writing, in: "TagSet"
  ) { bucket, context in
    Bucket.arn(of: bucket["Name"]?.string ?? "", context.partition)
  } own: { bucket, _ in
    Read(
      Call(
        "s3", "GetBucketTagging", ["Bucket": .string(bucket)], absentCodes: ["NoSuchTagSet"]))
  }

  /// Of a bucket that is named, what is declared of it is read; of one that is ours by its tags alone, what is
  /// declared of any.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    var named = context
    named.properties = []
    for bucket in listed(context, replies)
    where context.candidates[bucket.id] == nil && context.owns(bucket.tags.known) {
      named.candidates[bucket.id] = context.properties
    }
    return listedReads(named, replies)
  }

  func lists(_ context: ReadContext) -> [Read] { [Self.list(in: context.region)] }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    Self.listed(in: context.region, replies)
  }

  func properties(of bucket: Document, _ context: ReadContext) -> [String: Document?] {
    Self.attributes(of: bucket["Name"]?.string ?? "", in: context.region)
  }

  /// All buckets of a region, shared by all kinds of S3.
  static func list(in region: String) -> Read {
    Read(
      Call("s3", "ListBuckets", ["BucketRegion": .string(region)]), pageSize: 10_000,
      isEssential: true)
  }

  /// The listed buckets of a region. S3 names the region in paged replies alone; one without is taken
  /// to be where we asked.
  static func listed(in region: String, _ replies: Replies) -> [Document] {
    replies[list(in: region)]?.output.elements("Buckets").filter { bucket in
      (bucket["BucketRegion"] ?? .string(region)) == .string(region)
    } ?? []
  }

  /// What `Fn::GetAtt` returns: all of it follows from name and region.
  static func attributes(of name: String, in region: String) -> [String: Document?] {
    let suffix = Partition.urlSuffix(ofRegion: region)
    // The oldest regions have a dash where the others have a dot.
    // Source: AWS General Reference, "Amazon S3 endpoints and quotas", website endpoints.
    let withDash: Set<String> = [
      "us-east-1", "us-west-1", "us-west-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
      "eu-west-1", "sa-east-1", "us-gov-west-1",
    ]
    let website = "s3-website\(withDash.contains(region) ? "-" : ".")\(region)"
    return [
      "Arn": .string(arn(of: name, Partition.name(ofRegion: region))),
      "DomainName": .string("\(name).s3.\(suffix)"),
      "RegionalDomainName": .string("\(name).s3.\(region).\(suffix)"),
      "DualStackDomainName": .string("\(name).s3.dualstack.\(region).\(suffix)"),
      "WebsiteURL": .string("http://\(name).\(website).\(suffix)"),
    ]
  }

  static func arn(of name: String, _ partition: String) -> String {
    "arn:\(partition):s3:::\(name)"
  }

  // MARK: Changing

  let creation = Creation(
    Call(
      "s3", "CreateBucket", [:], absentCodes: ["BucketAlreadyOwnedByYou"],
      transientCodes: ["OperationAborted"], patience: 120))
  let deletion = Deletion(
    Call(
      "s3", "DeleteBucket", [:], absentCodes: ["NoSuchBucket", "BucketNotEmpty"],
      transientCodes: ["OperationAborted"], patience: 120), "Bucket")
}
