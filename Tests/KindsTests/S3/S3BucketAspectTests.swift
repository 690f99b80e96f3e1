import Document
import Kinds
import XCTest

@testable import TrueupCore

/// What holds for each setting of a bucket alike.
final class S3BucketAspectTests: XCTestCase {
  private let bucket = Bucket()

  func testEveryDeclarationIsInSyncOnceItIsWritten() {
    for (property, examples) in BucketExamples.all {
      for example in examples {
        var standIn = StandInBucket()
        let desired: Document = [property: example]
        _ = Rehearsal(
          bucket, .updating("acme-assets", to: desired, changed: [property])
        ) { standIn.answer($0) }
        let observed = observe(standIn, [property])
        XCTAssertEqual(
          findings(desired, observed), [], "\(property) shows as it was declared: \(example.json())"
        )
      }
      XCTAssertNotEqual(
        findings([property: examples[0]], [:]), [], "\(property) differs from a bucket without")
    }
  }

  func testEverySettingGoesBackToWhatANewBucketHas() {
    for (property, examples) in BucketExamples.all where property != "ObjectLockEnabled" {
      guard let example = examples.first else { continue }
      var standIn = StandInBucket()
      _ = Rehearsal(
        bucket, .updating("acme-assets", to: [property: example], changed: [property])
      ) { standIn.answer($0) }
      let observed = observe(standIn, [property])
      _ = Rehearsal(
        bucket, .updating("acme-assets", from: observed, changed: [property])
      ) { standIn.answer($0) }
      XCTAssertEqual(
        observe(standIn, [property])[property], Self.afterReset[property],
        "\(property) after its declaration is gone")
    }
  }

  /// What shows of a setting that was taken away, where it is not nothing.
  private static let afterReset: [String: Document] = [
    "VersioningConfiguration": ["Status": "Suspended"],
    "BucketEncryption": [
      "ServerSideEncryptionConfiguration": [
        ["ServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"], "BucketKeyEnabled": false]
      ]
    ],
    "PublicAccessBlockConfiguration": [
      "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
      "RestrictPublicBuckets": true,
    ],
    "OwnershipControls": ["Rules": [["ObjectOwnership": "BucketOwnerEnforced"]]],
    "AccessControl": "Private",
    "ObjectLockConfiguration": ["ObjectLockEnabled": "Enabled"],
    "AccelerateConfiguration": ["AccelerationStatus": "Suspended"],
    "AbacStatus": "Disabled",
  ]

  func testAnExampleStandsForEveryPropertyOfTheRegistry() throws {
    let schema = try XCTUnwrap(ResourceSchema.embedded(bucket.type))
    let shown = Set(
      BucketExamples.all.flatMap { property, examples in
        examples.flatMap { paths($0, PropertyPath([property])) }
      } + [PropertyPath("/BucketName"), PropertyPath("/BucketNamespace")])
    let missing = leaves(schema.root, PropertyPath(), depth: 0).filter { path in
      !schema.isReadOnly(path) && path.property != schema.tagProperty
        && bucket.facts.properties.covering(path, \.unsupported) == nil
        && !shown.contains(path)
    }
    XCTAssertEqual(missing, [], "properties of the registry that no example declares")
  }

  func testCanonicalFormIsItsOwnCanonicalForm() {
    for (property, examples) in BucketExamples.all {
      for example in examples {
        let once = bucket.facts.canonical([property: example])
        XCTAssertEqual(bucket.facts.canonical(once), once, "\(property), twice")
      }
    }
  }

  func testWhatAPlanDoesNotKnowYetStaysAsItIs() {
    let unknown: Document = .unknown("acme-prod/Key.Arn")
    let declared: Document = [
      "LifecycleConfiguration": [
        "Rules": [unknown], "TransitionDefaultMinimumObjectSize": unknown,
      ],
      "CorsConfiguration": unknown,
      "MetricsConfigurations": [unknown],
      "NotificationConfiguration": [
        "LambdaConfigurations": [["Event": "s3:ObjectCreated:*", "Function": unknown]],
        "QueueConfigurations": unknown, "TopicConfigurations": [],
        "EventBridgeConfiguration": ["EventBridgeEnabled": unknown],
      ],
    ]
    XCTAssertEqual(bucket.facts.canonical(declared), declared)
  }

  func testOlderAndNewerWordsForTheSameAreTheSame() {
    let pairs: [(older: Document, newer: Document)] = [
      (
        lifecycle(["Prefix": "", "Transition": ["StorageClass": "Glacier", "TransitionInDays": 5]]),
        lifecycle(["Transitions": [["StorageClass": "GLACIER", "TransitionInDays": 5]]])
      ),
      (
        lifecycle(["NoncurrentVersionExpirationInDays": 3]),
        lifecycle(["NoncurrentVersionExpiration": ["NoncurrentDays": 3]])
      ),
      (
        lifecycle(["ExpirationDate": "2030-01-01T00:00:00.000Z"]),
        lifecycle(["ExpirationDate": "2030-01-01T00:00:00Z"])
      ),
      (["AccessControl": "BucketOwnerFullControl"], ["AccessControl": "Private"]),
      (
        ["ReplicationConfiguration": ["Rules": [["Filter": ["And": ["Prefix": "a"]]]]]],
        ["ReplicationConfiguration": ["Rules": [["Filter": ["Prefix": "a"]]]]]
      ),
    ]
    for (older, newer) in pairs {
      XCTAssertEqual(
        bucket.facts.canonical(older), bucket.facts.canonical(newer),
        "\(older.json()) says \(newer.json())")
    }
  }

  func testAConditionThatSomebodyAddsToARuleIsSeen() {
    let desired = lifecycle(["Status": "Enabled", "ExpirationInDays": 30])
    let narrowed = lifecycle(["Status": "Enabled", "ExpirationInDays": 30, "Prefix": "logs/"])
    XCTAssertEqual(findings(desired, narrowed).map(\.path), ["/LifecycleConfiguration/Rules"])
  }

  func testGrantsThatNoCannedACLGivesAreCustom() {
    let observation = ObservationRehearsal(
      bucket, .rehearsal(candidates: ["acme-assets": ["AccessControl"]])
    ) { call in
      var standIn = StandInBucket()
      return call.operation == "GetBucketAcl"
        ? .success(StandInBucket.acl([["ID": "stranger"]], ["READ"])) : standIn.answer(call)
    }
    XCTAssertEqual(observation["acme-assets"]?.properties["AccessControl"], "Custom")
  }

  func testSeveralEventsOfOneNotificationAreSeveralEntriesOfTheRegistry() {
    let observation = ObservationRehearsal(
      bucket, .rehearsal(candidates: ["acme-assets": ["NotificationConfiguration"]])
    ) { call in
      var standIn = StandInBucket()
      guard call.operation == "GetBucketNotificationConfiguration" else {
        return standIn.answer(call)
      }
      return .success([
        "QueueConfigurations": [
          [
            "Id": "made-up", "QueueArn": "arn:q", "Filter": ["Key": ["FilterRules": []]],
            "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
          ]
        ]
      ])
    }
    XCTAssertEqual(
      observation["acme-assets"]?.properties["NotificationConfiguration"]?["QueueConfigurations"],
      [
        ["Event": "s3:ObjectCreated:*", "Queue": "arn:q"],
        ["Event": "s3:ObjectRemoved:*", "Queue": "arn:q"],
      ])
  }

  // MARK: Support

  private func lifecycle(_ rule: Document) -> Document {
    ["LifecycleConfiguration": ["Rules": [rule]]]
  }

  private func observe(_ standIn: StandInBucket, _ properties: Set<String>) -> Document {
    var standIn = standIn
    let observation = ObservationRehearsal(
      bucket, .rehearsal(candidates: ["acme-assets": properties])
    ) { standIn.answer($0) }
    return observation["acme-assets"]?.properties ?? [:]
  }

  /// What the planner finds between the two, both brought to their normal form. What S3 never shows
  /// is not compared.
  private func findings(_ desired: Document, _ observed: Document) -> [Comparison.Finding] {
    let facts = bucket.facts
    return Comparison(table: facts.properties)
      .findings(facts.normal(desired), facts.normal(observed))
      .filter { facts.properties.covering($0.path, \.notReadable) == nil }
  }

  private func leaves(_ schema: PropertySchema, _ path: PropertyPath, depth: Int) -> [PropertyPath]
  {
    let alternatives = schema.oneOf + schema.anyOf
    let members = alternatives.reduce(schema.members) { $0.merging($1.members) { own, _ in own } }
    if let items = schema.items { return leaves(items, path.appending("*"), depth: depth + 1) }
    if members.isEmpty || depth > 12 { return [path] }
    return members.sorted { $0.key < $1.key }.flatMap {
      leaves($0.value, path.appending($0.key), depth: depth + 1)
    }
  }

  private func paths(_ value: Document, _ path: PropertyPath) -> [PropertyPath] {
    switch value {
    case .object(let members) where !members.isEmpty:
      members.flatMap { paths($0.value, path.appending($0.key)) }
    case .list(let elements) where !elements.isEmpty:
      elements.flatMap { paths($0, path.appending("*")) }
    default: [path]
    }
  }
}
