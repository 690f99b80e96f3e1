import Document
import Kinds
import TrueupCore
import XCTest

final class S3BucketTests: XCTestCase {
  private let bucket = Bucket()

  // MARK: Observing

  func testReadsTheListAndTheSweepFirstAndThenWhatIsDeclared() {
    var standIn = StandInBucket()
    standIn.tags = Step.ourTags
    let observation = ObservationRehearsal(
      bucket, .rehearsal(properties: ["VersioningConfiguration", "BucketName"])
    ) { standIn.answer($0) }
    XCTAssertEqual(
      observation.lines,
      [
        #"ListBuckets {"BucketRegion":"eu-west-1"}"#,
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"GetBucketVersioning {"Bucket":"acme-assets"}"#,
      ], "the sweep shows our tags, so that they need no read of their own")
    XCTAssertEqual(observation.reads.map(\.pageSize), [10_000, 100, nil])
    XCTAssertEqual(observation.reads.map(\.isEssential), [true, false, false])
  }

  func testAsksACandidateForItsTagsWhereTheSweepDoesNotShowOurs() {
    var standIn = StandInBucket()
    standIn.tags = ["team": "web"]
    let observation = ObservationRehearsal(
      bucket, .rehearsal(candidates: ["acme-assets": ["CorsConfiguration"]])
    ) { standIn.answer($0) }
    XCTAssertEqual(
      observation.lines.dropFirst(2),
      [
        #"GetBucketTagging {"Bucket":"acme-assets"}"#, #"GetBucketCors {"Bucket":"acme-assets"}"#,
      ])
    XCTAssertEqual(observation["acme-assets"]?.tags, ["team": "web"])
    XCTAssertNil(observation["acme-assets"]?.unread["/Tags"])
  }

  func testAsksForTagsWhereTheSweepIsDenied() {
    var standIn = StandInBucket()
    standIn.tags = Step.ourTags
    let observation = ObservationRehearsal(bucket, .rehearsal(candidates: ["acme-assets": []])) {
      $0.operation == "GetResources" ? denied($0) : standIn.answer($0)
    }
    XCTAssertEqual(observation["acme-assets"]?.tags, Step.ourTags)
  }

  func testTagsThatMayNotBeReadAreUnreadAndNotNone() {
    var standIn = StandInBucket()
    let observation = ObservationRehearsal(bucket, .rehearsal(candidates: ["acme-assets": []])) {
      $0.operation == "GetBucketTagging" ? denied($0) : standIn.answer($0)
    }
    XCTAssertEqual(
      observation["acme-assets"]?.unread["/Tags"], "GetBucketTagging is not allowed")
  }

  func testASettingThatMayNotBeReadIsUnreadAndNotAbsent() {
    var standIn = StandInBucket()
    let observation = ObservationRehearsal(
      bucket, .rehearsal(candidates: ["acme-assets": ["CorsConfiguration", "AbacStatus"]])
    ) {
      $0.operation == "GetBucketCors" ? denied($0) : standIn.answer($0)
    }
    let unread = observation["acme-assets"]?.unread ?? [:]
    XCTAssertEqual(unread["/CorsConfiguration"], "GetBucketCors is not allowed")
    XCTAssertNil(unread["/AbacStatus"], "was read")
    XCTAssertNotNil(unread["/BucketEncryption"], "nobody declares it, so nobody asked")
  }

  func testShowsOthersBucketsWithoutASingleReadForThem() {
    var standIn = StandInBucket()
    let observation = ObservationRehearsal(bucket, .rehearsal(properties: ["CorsConfiguration"])) {
      standIn.answer($0)
    }
    XCTAssertEqual(observation.reads.count, 2)
    XCTAssertNotNil(observation["acme-assets"]?.unread["/Tags"])
    XCTAssertEqual(observation["acme-assets"]?.createdAt, 1_700_000_000)
  }

  func testBucketsOfOtherRegionsAreNotInTheScope() {
    let observation = ObservationRehearsal(bucket, .rehearsal()) { call in
      call.operation == "ListBuckets"
        ? .success([
          "Buckets": [
            ["Name": "here", "BucketRegion": "eu-west-1"],
            ["Name": "there", "BucketRegion": "us-east-1"], ["Name": "unsaid"],
          ]
        ]) : .success([:])
    }
    XCTAssertEqual(observation.observed.map(\.id), ["here", "unsaid"])
  }

  func testAttributesFollowFromNameAndRegion() {
    let attributes = Rehearsal(bucket, .creating(["BucketName": "b"])).attributes
    let expected: [String: Document] = [
      "Arn": "arn:aws:s3:::b", "DomainName": "b.s3.amazonaws.com",
      "RegionalDomainName": "b.s3.eu-west-1.amazonaws.com",
      "DualStackDomainName": "b.s3.dualstack.eu-west-1.amazonaws.com",
      "WebsiteURL": "http://b.s3-website-eu-west-1.amazonaws.com",
    ]
    for (name, value) in expected {
      XCTAssertEqual(attributes?[name], value, "attribute \(name)")
    }
    let websites = ["eu-central-1", "cn-north-1"].map { region in
      var step = Step.creating(["BucketName": "b"])
      step.region = region
      return Rehearsal(bucket, step).attributes?["WebsiteURL"]
    }
    XCTAssertEqual(
      websites,
      [
        "http://b.s3-website.eu-central-1.amazonaws.com",
        "http://b.s3-website.cn-north-1.amazonaws.com.cn",
      ])
  }

  // MARK: Creating

  func testCreatesWithTagsOwnershipAndLockInTheCallItself() {
    let rehearsal = Rehearsal(
      bucket,
      .creating([
        "BucketName": "acme-assets", "ObjectLockEnabled": true,
        "OwnershipControls": ["Rules": [["ObjectOwnership": "ObjectWriter"]]],
      ])
    ) { Self.tagsTaken($0) }
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"CreateBucket {"Bucket":"acme-assets","CreateBucketConfiguration":{"LocationConstraint":"eu-west-1","Tags":[{"Key":"trueup:resource","Value":"Thing"},{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]},"ObjectLockEnabledForBucket":true,"ObjectOwnership":"ObjectWriter"}"#,
        #"GetBucketTagging {"Bucket":"acme-assets"}"#,
      ])
    XCTAssertEqual(rehearsal.id, "acme-assets")
  }

  /// An endpoint that takes the tags along with the creation, as AWS does.
  private static func tagsTaken(_ call: Call) -> Reply {
    .success(call.operation == "GetBucketTagging" ? ["TagSet": .ourTagList] : [:])
  }

  func testTagsABucketWhoseCreationLeftTheTagsOut() {
    let rehearsal = Rehearsal(bucket, .creating(["BucketName": "acme-assets"])) { call in
      call.operation == "GetBucketTagging" ? .absent : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["CreateBucket", "GetBucketTagging", "PutBucketTagging"])
    XCTAssertEqual(
      Set(rehearsal.calls.last?.input["Tagging"]?["TagSet"]?.list ?? []),
      Set(Document.ourTagList.list ?? []))
  }

  func testNamesNoLocationInTheFirstRegion() {
    var step = Step.creating(["BucketName": "acme-assets"])
    step.region = "us-east-1"
    XCTAssertNil(
      Rehearsal(bucket, step).calls[0].input["CreateBucketConfiguration"]?["LocationConstraint"])
  }

  func testWritesWhatKeepsThePublicOutFirstAndReplicationAfterVersioning() {
    var standIn = StandInBucket()
    let rehearsal = Rehearsal(bucket, .creating(BucketExamples.everything)) { standIn.answer($0) }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "CreateBucket", "GetBucketTagging", "PutPublicAccessBlock", "PutBucketAcl",
        "PutBucketVersioning",
        "PutBucketEncryption", "PutObjectLockConfiguration", "PutBucketLifecycleConfiguration",
        "PutBucketCors", "PutBucketWebsite", "PutBucketLogging",
        "PutBucketNotificationConfiguration", "PutBucketAccelerateConfiguration",
        "PutBucketAnalyticsConfiguration", "PutBucketAnalyticsConfiguration",
        "PutBucketIntelligentTieringConfiguration", "PutBucketInventoryConfiguration",
        "PutBucketMetricsConfiguration", "PutBucketMetricsConfiguration",
        "PutBucketMetricsConfiguration", "PutBucketReplication",
        "CreateBucketMetadataConfiguration", "PutBucketAbac",
      ])
    XCTAssertTrue(
      rehearsal.calls.dropFirst().allSatisfy { $0.transientCodes.contains("NoSuchBucket") },
      "S3 may not know the new name everywhere yet")
  }

  func testTakesABucketThatAnEarlierTryMade() {
    let rehearsal = Rehearsal(
      bucket, .creating(["BucketName": "acme-assets", "AbacStatus": "Enabled"])
    ) { call in
      switch call.operation {
      case "CreateBucket": .absent
      case "GetBucketTagging": .success(["TagSet": .ourTagList])
      default: .success([:])
      }
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["CreateBucket", "GetBucketTagging", "PutBucketAbac"])
    XCTAssertEqual(rehearsal.id, "acme-assets")
  }

  func testDoesNotTakeABucketThatIsNotOurs() {
    let shown: [Reply] = [
      .absent, .success(["TagSet": [["Key": "trueup:stack", "Value": "x/y"]]]),
    ]
    for reply in shown {
      let rehearsal = Rehearsal(bucket, .creating(["BucketName": "acme-assets"])) { call in
        call.operation == "CreateBucket" ? .absent : reply
      }
      XCTAssertTrue(rehearsal.failure?.contains("does not carry the tags") ?? false)
      XCTAssertEqual(rehearsal.changes.count, 1, "nothing is changed on it")
    }
  }

  func testAsksForTheNamesOfMetadataTablesThatSomethingRefersTo() {
    var standIn = StandInBucket()
    let attribute = "MetadataConfiguration.JournalTableConfiguration.TableName"
    let rehearsal = Rehearsal(
      bucket, .creating(BucketExamples.everything, needed: [attribute])
    ) { standIn.answer($0) }
    XCTAssertEqual(rehearsal.calls.last?.operation, "GetBucketMetadataConfiguration")
    XCTAssertEqual(
      rehearsal.attributes?["MetadataConfiguration"]?["JournalTableConfiguration"]?["TableName"],
      "journal")
  }

  // MARK: Updating

  func testResetsBackwardsBeforeItWrites() {
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets",
        from: BucketExamples.everything,
        to: [
          "VersioningConfiguration": ["Status": "Suspended"], "AccessControl": "Private",
          "OwnershipControls": ["Rules": [["ObjectOwnership": "BucketOwnerEnforced"]]],
        ],
        changed: [
          "VersioningConfiguration", "ReplicationConfiguration", "AccessControl",
          "OwnershipControls",
        ]))
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "DeleteBucketReplication", "PutBucketAcl", "PutBucketOwnershipControls",
        "PutBucketVersioning",
      ], "S3 refuses to suspend under replication and to forbid grants that are there")
  }

  func testAllowsGrantsBeforeItMakesThem() {
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets", to: BucketExamples.everything,
        changed: ["AccessControl", "OwnershipControls", "PublicAccessBlockConfiguration"]))
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["PutPublicAccessBlock", "PutBucketOwnershipControls", "PutBucketAcl"])
  }

  func testWritesOnlyTheListedConfigurationsThatDifferAndDeletesTheOthers() {
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets",
        from: [
          "MetricsConfigurations": [
            ["Id": "same", "Prefix": "", "TagFilters": []], ["Id": "gone"],
            ["Id": "other", "Prefix": "a/"],
          ]
        ],
        to: ["MetricsConfigurations": [["Id": "other", "Prefix": "b/"], ["Id": "same"]]],
        changed: ["MetricsConfigurations"]))
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"DeleteBucketMetricsConfiguration {"Bucket":"acme-assets","Id":"gone"}"#,
        #"PutBucketMetricsConfiguration {"Bucket":"acme-assets","Id":"other","MetricsConfiguration":{"Filter":{"Prefix":"b/"},"Id":"other"}}"#,
      ])
  }

  func testKeepsBlockedEncryptionTypesThatNobodyDeclares() {
    let aes: Document = ["ServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"]]
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets",
        from: [
          "BucketEncryption": [
            "ServerSideEncryptionConfiguration": [
              ["BlockedEncryptionTypes": ["EncryptionType": ["SSE-C"]]]
            ]
          ]
        ],
        to: ["BucketEncryption": ["ServerSideEncryptionConfiguration": [aes]]],
        changed: ["BucketEncryption"]))
    XCTAssertEqual(
      rehearsal.calls.first?.input["ServerSideEncryptionConfiguration"]?["Rules"]?[0]?[
        "BlockedEncryptionTypes"], ["EncryptionType": ["SSE-C"]])
  }

  func testUpdatesMetadataTablesWithoutMakingThemAnew() {
    let tables = BucketExamples.everything["MetadataConfiguration"] ?? [:]
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets", from: ["MetadataConfiguration": tables],
        to: [
          "MetadataConfiguration": tables.with([
            "JournalTableConfiguration": ["RecordExpiration": ["Expiration": "DISABLED"]],
            "InventoryTableConfiguration": ["ConfigurationState": "DISABLED"],
          ])
        ], changed: ["MetadataConfiguration"]))
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "UpdateBucketMetadataJournalTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
      ])
  }

  func testTurnsObjectLockOnLaterAndReplacesTheBucketToTurnItOff() {
    XCTAssertEqual(
      Rehearsal(
        bucket,
        .updating("acme-assets", to: ["ObjectLockEnabled": true], changed: ["ObjectLockEnabled"])
      ).lines,
      [
        #"PutObjectLockConfiguration {"Bucket":"acme-assets","ObjectLockConfiguration":{"ObjectLockEnabled":"Enabled"}}"#
      ])
    XCTAssertTrue(bucket.facts.replaces("/ObjectLockEnabled", false, true))
    XCTAssertFalse(bucket.facts.replaces("/ObjectLockEnabled", true, false))
  }

  // MARK: Tags

  func testPutsOthersTagsAgainAndLeavesThoseOfAWSAlone() {
    let ofAWS = ["aws:cloudformation:stack-name": "x"]
    var step = Step.updating(
      "acme-assets", changed: [], tags: ofAWS.merging(["team": "web"]) { $1 },
      removedTags: ["old"], changesTags: true)
    step.observed?.tags = ofAWS.merging(["team": "api", "old": "2"]) { $1 }
    let rehearsal = Rehearsal(bucket, step) { call in
      call.operation == "GetBucketTagging"
        ? .success([
          "TagSet": StandInBucket.list([
            "aws:cloudformation:stack-name": "x", "theirs": "1", "old": "2", "team": "api",
          ])
        ]) : .success([:])
    }
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"PutBucketTagging {"Bucket":"acme-assets","Tagging":{"TagSet":[{"Key":"team","Value":"web"},{"Key":"theirs","Value":"1"}]}}"#
      ])
  }

  func testTakesTheLastTagOffByDeletingThemAll() throws {
    let step = Step.updating(
      "acme-assets", changed: [], tags: [:], removedTags: ["old"], changesTags: true)
    let rehearsal = Rehearsal(bucket, step) { call in
      call.operation == "GetBucketTagging"
        ? .success(["TagSet": StandInBucket.list(["old": "2"])]) : .success([:])
    }
    XCTAssertEqual(rehearsal.changes, [#"DeleteBucketTagging {"Bucket":"acme-assets"}"#])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testWritesTagsThroughS3ControlWhereTheyGrantAccess() {
    let rehearsal = Rehearsal(
      bucket,
      .updating(
        "acme-assets", from: ["AbacStatus": "Enabled"], changed: [], tags: ["team": "web"],
        removedTags: ["old"], changesTags: true))
    XCTAssertEqual(
      rehearsal.calls.map { "\($0.service) \($0.operation) \($0.input.json())" },
      [
        #"s3control UntagResource {"AccountId":"111122223333","ResourceArn":"arn:aws:s3:::acme-assets","TagKeys":["old"]}"#,
        #"s3control TagResource {"AccountId":"111122223333","ResourceArn":"arn:aws:s3:::acme-assets","Tags":[{"Key":"team","Value":"web"}]}"#,
      ])
  }

  func testUnreadableTagsAreNeverReplaced() {
    // A failure ends the step before the kind is asked again, so only the read may come first.
    let step = Step.updating("acme-assets", changed: [], changesTags: true)
    guard case .call(let first) = bucket.next(step, []) else {
      return XCTFail("a change of tags begins with a call")
    }
    XCTAssertEqual(first.operation, "GetBucketTagging")
    XCTAssertEqual(first.absentCodes, ["NoSuchTagSet"])
  }

  // MARK: Deleting

  func testDeletesTheBucketAndNothingInIt() {
    let rehearsal = Rehearsal(bucket, .deleting("acme-assets"))
    XCTAssertEqual(rehearsal.lines, [#"DeleteBucket {"Bucket":"acme-assets"}"#])
    XCTAssertEqual(rehearsal.id, "acme-assets")
  }

  func testABucketThatIsGoneIsDeleted() {
    let rehearsal = Rehearsal(bucket, .deleting("acme-assets")) { _ in .absent }
    XCTAssertEqual(rehearsal.calls.map(\.operation), ["DeleteBucket", "GetBucketVersioning"])
    XCTAssertEqual(rehearsal.id, "acme-assets")
  }

  func testABucketThatHoldsObjectsStaysAndSaysWhatToDo() {
    let rehearsal = Rehearsal(bucket, .deleting("acme-assets")) { call in
      call.operation == "DeleteBucket" ? .absent : .success([:])
    }
    XCTAssertEqual(
      rehearsal.failure,
      """
      bucket acme-assets still holds objects, versions or unfinished uploads, which Trueup never \
      deletes; empty it and try again, or declare "DeletionPolicy": "Retain" to leave it
      """)
  }

  func testEveryCallFitsTheAPIModel() throws {
    // The model's pattern asks for a region, which no bucket's ARN has; S3 Control takes it as it is
    // (S3 User Guide, "Using tags with S3 general purpose buckets").
    let known = "/ResourceArn: 'arn:aws:s3:::acme-assets' does not match the pattern"
    let problems = try modelProblems(Self.allCalls())
    XCTAssertEqual(problems.filter { !$0.contains(known) }, [])
  }

  /// Every call that the kind can make: each example is written, observed, taken away again.
  static func allCalls() -> [Call] {
    let bucket = Bucket()
    var calls: [Call] = []
    for (property, examples) in BucketExamples.all.sorted(by: { $0.key < $1.key }) {
      for example in examples {
        var standIn = StandInBucket()
        func play(_ step: Step) {
          calls +=
            Rehearsal(bucket, step) { call in
              let reply = standIn.answer(call)
              return call.operation == "CreateBucket" ? .absent : reply
            }.calls
        }
        play(
          .creating(
            ["BucketName": "acme-assets", "BucketNamespace": "global", property: example],
            needed: ["\(property).Something"]))
        play(
          .updating(
            "acme-assets", to: [property: example], changed: [property], changesTags: true))
        let observation = ObservationRehearsal(
          bucket, .rehearsal(candidates: ["acme-assets": [property]])
        ) { standIn.answer($0) }
        calls += observation.reads.map(\.call)
        let observed = observation["acme-assets"]?.properties ?? [:]
        play(
          .updating(
            "acme-assets", from: observed, to: [property: example], changed: [property],
            removedTags: ["old"], changesTags: true))
        play(.updating("acme-assets", from: observed, changed: [property]))
        standIn.tags = [:]
        play(.updating("acme-assets", changed: [], tags: [:], changesTags: true))
        play(.deleting("acme-assets"))
      }
    }
    return calls
  }
}
