import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::KMS::Key` and `AWS::KMS::Alias`.
final class KMSKeyTests: XCTestCase {
  private let key = Key()
  private let alias = Alias()
  private static let policy: Document = [
    "Statement": [["Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": "*"]]
  ]
  private static let everything: Document = [
    "Description": "Data", "Enabled": true, "EnableKeyRotation": true,
    "RotationPeriodInDays": 180, "PendingWindowInDays": 7, "KeySpec": "SYMMETRIC_DEFAULT",
    "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": false, "Origin": "AWS_KMS", "KeyPolicy": policy,
  ]

  // MARK: Observing

  func testReadsOnlyWhatIsOursByTheSweepOrKnownToTheBase() {
    let observation = ObservationRehearsal(
      key, .rehearsal(candidates: ["known": ["Description"]], properties: ["Description"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeKey {"KeyId":"known"}"#, #"ListResourceTags {"KeyId":"known"}"#,
        #"DescribeKey {"KeyId":"swept"}"#,
      ], "neither policy nor rotation is declared, and a foreign key is left alone")
  }

  func testDecodesAKeyInRegistryTerms() throws {
    let observation = ObservationRehearsal(
      key, .rehearsal(properties: ["KeyPolicy", "RotationPeriodInDays"]), answer: Self.answer)
    let observed = try XCTUnwrap(observation["swept"])
    XCTAssertEqual(
      observed.properties,
      Self.everything.with(["KeyId": "swept", "Arn": .string(Self.arn("swept"))]))
    XCTAssertEqual(observed.unread, [:])
    XCTAssertEqual(try uncovered(key, shown: [observed]), [])
  }

  func testWhatMayNotBeReadIsUnreadAndWhatIsBeingDeletedIsInTransition() {
    let refused = ObservationRehearsal(
      key, .rehearsal(properties: ["KeyPolicy", "EnableKeyRotation"])
    ) { $0.operation.hasPrefix("GetKey") ? denied($0) : Self.answer($0) }
    XCTAssertEqual(refused["swept"]?.unread["/KeyPolicy"], "GetKeyPolicy is not allowed")
    XCTAssertEqual(
      refused["swept"]?.unread["/EnableKeyRotation"], "GetKeyRotationStatus is not allowed")
    for (state, transition) in [
      ("PendingDeletion", "deleting"), ("PendingReplicaDeletion", "deleting"), ("Disabled", nil),
    ] {
      let observation = ObservationRehearsal(key, .rehearsal()) { call in
        call.operation == "DescribeKey"
          ? .success(["KeyMetadata": ["KeyId": "swept", "KeyState": .string(state)]])
          : Self.answer(call)
      }
      XCTAssertNotNil(observation["swept"], state)
      XCTAssertEqual(observation["swept"]?.transition, transition, state)
    }
  }

  private static func arn(_ id: String) -> String {
    "arn:aws:kms:eu-west-1:111122223333:key/\(id)"
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "GetResources":
      let window: Document = ["Key": "trueup:pending-window", "Value": "7"]
      return .success([
        "ResourceTagMappingList": [
          [
            "ResourceARN": .string(arn("swept")),
            "Tags": .list((Document.ourTagList.list ?? []) + [window]),
          ],
          [
            "ResourceARN": .string(arn("foreign")),
            "Tags": [["Key": "trueup:stack", "Value": "other/acme-prod"]],
          ],
        ]
      ])
    case "DescribeKey":
      return .success([
        "KeyMetadata": [
          "KeyId": call.input["KeyId"] ?? "", "Arn": .string(arn("swept")), "Enabled": true,
          "Description": "Data", "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT",
          "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": false, "Origin": "AWS_KMS",
        ]
      ])
    case "GetKeyPolicy": return .success(["Policy": .string(policy.json())])
    case "GetKeyRotationStatus":
      return .success(["KeyRotationEnabled": true, "RotationPeriodInDays": 180])
    default: return .success([:])
    }
  }

  // MARK: Changing

  func testCreatesWithTagsThenRotatesThenDisables() throws {
    let rehearsal = Rehearsal(key, .creating(Self.everything.with(["Enabled": false]))) { call in
      call.operation == "CreateKey"
        ? .success(["KeyMetadata": ["KeyId": "k", "Arn": "arn:k"]]) : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["CreateKey", "EnableKeyRotation", "DisableKey"])
    XCTAssertEqual(
      rehearsal.calls[0].input["Tags"]?.list?.first,
      ["TagKey": "trueup:pending-window", "TagValue": "7"],
      "KMS is told only on deletion how long to wait: until then it stands in a tag")
    XCTAssertEqual(rehearsal.calls[1].input, ["KeyId": "k", "RotationPeriodInDays": 180])
    XCTAssertEqual(rehearsal.attributes?["Arn"], "arn:k")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testChangesTheRotationOfEnabledKeysAlone() throws {
    let rotated: Document = ["EnableKeyRotation": true, "RotationPeriodInDays": 90]
    let cases: [(from: Document, to: Document, changed: Set<String>, operations: [String])] = [
      (
        ["Enabled": false], rotated, ["EnableKeyRotation"],
        ["EnableKey", "EnableKeyRotation", "DisableKey"]
      ),
      (
        ["Enabled": false], rotated.with(["Enabled": true]), ["Enabled", "EnableKeyRotation"],
        ["EnableKey", "EnableKeyRotation"]
      ),
      (
        ["Enabled": true], rotated.with(["Enabled": false]), ["Enabled", "EnableKeyRotation"],
        ["EnableKeyRotation", "DisableKey"]
      ),
      (
        ["Enabled": true, "EnableKeyRotation": true], [:], ["EnableKeyRotation"],
        ["DisableKeyRotation"]
      ),
      (["Enabled": false], [:], ["Enabled"], ["EnableKey"]),
    ]
    for (from, to, changed, operations) in cases {
      let rehearsal = Rehearsal(key, .updating("k", from: from, to: to, changed: changed))
      XCTAssertEqual(
        rehearsal.calls.map(\.operation), operations, "from \(from.json()) to \(to.json())")
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testResetsToWhatANewKeyHas() throws {
    let rehearsal = Rehearsal(
      key,
      .updating(
        "k", from: Self.everything, changed: ["KeyPolicy", "Description", "PendingWindowInDays"]))
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["PutKeyPolicy", "UpdateKeyDescription", "UntagResource"])
    XCTAssertTrue(
      rehearsal.calls[0].input["Policy"]?.string?.contains("arn:aws:iam::111122223333:root")
        == true, "KMS's own default policy leaves the key to the account")
    XCTAssertEqual(rehearsal.calls[1].input["Description"], "")
    XCTAssertEqual(rehearsal.calls[2].input["TagKeys"], ["trueup:pending-window"])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testKeepsAKeyThatIsScheduledForDeletion() throws {
    let going: Document = ["Enabled": false, "Origin": "AWS_KMS"]
    let cases: [(to: Document, changed: Set<String>, operations: [String])] = [
      ([:], [], ["CancelKeyDeletion", "EnableKey"]),
      (["Enabled": true], ["Enabled"], ["CancelKeyDeletion", "EnableKey"]),
      (["Enabled": false], [], ["CancelKeyDeletion"]),
      (
        ["Enabled": false, "EnableKeyRotation": true], ["EnableKeyRotation"],
        ["CancelKeyDeletion", "EnableKey", "EnableKeyRotation", "DisableKey"]
      ),
      (
        ["Description": "x"], ["Description"],
        ["CancelKeyDeletion", "UpdateKeyDescription", "EnableKey"]
      ),
    ]
    for (to, changed, operations) in cases {
      var step = Step.updating("k", from: going, to: to, changed: changed)
      step.observed?.transition = "deleting"
      let rehearsal = Rehearsal(key, step)
      XCTAssertEqual(rehearsal.calls.map(\.operation), operations, to.json())
      XCTAssertEqual(rehearsal.calls.first?.absentCodes, ["KMSInvalidStateException"])
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
    var imported = Step.updating("k", from: ["Origin": "EXTERNAL"], changed: [])
    imported.observed?.transition = "deleting"
    let refused = Rehearsal(key, imported)
    XCTAssertEqual(refused.calls, [], "whether its material is still there, only its owner knows")
    XCTAssertEqual(refused.failure?.hasPrefix("k is scheduled for deletion"), true)
  }

  func testDeletionWaitsAsLongAsItsTagSays() throws {
    for (properties, input) in [
      (["PendingWindowInDays": 7], ["KeyId": "k", "PendingWindowInDays": 7]),
      ([:], ["KeyId": "k"]),
    ] as [(Document, Document)] {
      var step = Step.deleting("k")
      step.observed = Observed(
        type: key.type, id: "k", scope: .rehearsal, properties: properties)
      let rehearsal = Rehearsal(key, step)
      XCTAssertEqual(rehearsal.calls.map(\.operation), ["ScheduleKeyDeletion"])
      XCTAssertEqual(rehearsal.calls.first?.input, input)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  // MARK: Aliases

  func testShowsAliasesButNotAWSsOwn() throws {
    let observation = ObservationRehearsal(alias, .rehearsal()) { _ in
      .success([
        "Aliases": [
          ["AliasName": "alias/aws/s3"], ["AliasName": "alias/acme", "TargetKeyId": "k"],
        ]
      ])
    }
    XCTAssertEqual(observation.observed.map(\.id), ["alias/acme"])
    XCTAssertEqual(try uncovered(alias, shown: observation.observed), [])
    XCTAssertEqual(
      alias.facts.canonical(["TargetKeyId": .string(Self.arn("k"))]),
      ["TargetKeyId": "k"], "a key's ARN is its id")
  }

  func testPointsAnAliasElsewhereInPlace() throws {
    let desired: Document = ["AliasName": "alias/acme", "TargetKeyId": "new"]
    let created = Rehearsal(alias, .creating(desired, tags: [:]))
    let updated = Rehearsal(
      alias, .updating("alias/acme", to: desired, changed: ["TargetKeyId"]))
    let deleted = Rehearsal(alias, .deleting("alias/acme"))
    XCTAssertEqual(
      (created.calls + updated.calls + deleted.calls).map(\.operation),
      ["CreateAlias", "UpdateAlias", "DeleteAlias"])
    XCTAssertEqual(updated.calls.first?.input, desired)
    XCTAssertEqual(created.id, "alias/acme")
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
