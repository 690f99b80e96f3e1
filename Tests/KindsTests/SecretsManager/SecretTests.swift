import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::SecretsManager::Secret`.
final class SecretTests: XCTestCase {
  private let secret = Secret()
  private static let salt = "0123456789abcdef0123456789abcdef"
  /// Computed by Python's `hashlib.pbkdf2_hmac("sha256", b"s3cret", salt, 10000)`.
  private static let version = "6b4a9577be318d3fabbc17493a2f9e5c294bff9792f19ac951a7bf811e66b787"
  private static let old = "11111111-2222-3333-4444-555555555555"
  private static let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme-AbCdEf"
  private static let settings: Document = ["PasswordLength": 20]

  // MARK: Observing

  func testOneListShowsAllAndIsNotTrustedForWhatWasChangedJustNow() {
    var context = ReadContext.rehearsal(properties: ["SecretString", "Description"])
    let trusted = ObservationRehearsal(secret, context, answer: Self.answer)
    XCTAssertEqual(trusted.lines, [#"ListSecrets {"IncludePlannedDeletion":true}"#])
    XCTAssertEqual(trusted[Self.arn]?.properties["SecretString"], .string(Self.old))
    context.recent = [Self.arn: 1_700_000_030]
    XCTAssertEqual(
      ObservationRehearsal(secret, context, answer: Self.answer).lines,
      [#"ListSecrets {"IncludePlannedDeletion":true}"#],
      "the list shows that change")
    context.recent = [Self.arn: 1_700_000_100]
    let fresh = ObservationRehearsal(secret, context, answer: Self.answer)
    XCTAssertEqual(
      fresh.lines,
      [
        #"ListSecrets {"IncludePlannedDeletion":true}"#,
        #"DescribeSecret {"SecretId":"\#(Self.arn)"}"#,
      ])
    XCTAssertEqual(fresh[Self.arn]?.properties["SecretString"], .string(Self.version))
    XCTAssertEqual(fresh[Self.arn]?.applied["SecretString"], .string(Self.version))
  }

  func testWhatIsDeletedIsInTransitionAndWhatIsAReplicaIsNotShown() {
    func observed(_ member: String, _ value: Document) -> [Observed] {
      ObservationRehearsal(secret, .rehearsal()) { _ in
        .success(["SecretList": [Self.entry.with([member: value])]])
      }.observed
    }
    XCTAssertEqual(observed("PrimaryRegion", "us-east-1"), [])
    let deleted = observed("DeletedDate", 1_700_000_000)
    XCTAssertEqual(deleted.map(\.id), [Self.arn])
    XCTAssertEqual(deleted.map(\.transition), ["deleting"])
  }

  func testRestoresASecretThatIsScheduledForDeletionBeforeItChangesIt() throws {
    for transition in [nil, "deleting"] {
      var step = Step.updating(
        Self.arn, to: ["Description": "new"], changed: ["Description"])
      step.observed?.transition = transition
      let rehearsal = Rehearsal(secret, step)
      XCTAssertEqual(
        rehearsal.calls.map(\.operation),
        (transition == nil ? [] : ["RestoreSecret"]) + ["UpdateSecret"])
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testReplicasAreReadWhereTheyAreDeclared() throws {
    let observation = ObservationRehearsal(
      secret, .rehearsal(properties: ["ReplicaRegions"]), answer: Self.answer)
    let observed = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(observed.properties["ReplicaRegions"], [["Region": "eu-north-1"]])
    XCTAssertEqual(try uncovered(secret, shown: [observed]), [])
    let refused = ObservationRehearsal(secret, .rehearsal(properties: ["ReplicaRegions"])) {
      $0.operation == "DescribeSecret" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      refused[Self.arn]?.unread["/ReplicaRegions"], "DescribeSecret is not allowed")
  }

  func testWithoutOurLabelTheFormOfTheIdsTellsWhatWeWrote() {
    let cases: [(labels: Document, written: Document?)] = [
      ([Self.version: ["AWSCURRENT"], Self.old: ["AWSPREVIOUS"]], .string(Self.version)),
      ([Self.old: ["AWSCURRENT"], Self.version: ["AWSPREVIOUS"]], .string(Self.version)),
      ([Self.old: ["AWSCURRENT", "trueup"], Self.version: ["AWSPREVIOUS"]], .string(Self.old)),
      ([Self.old: ["AWSCURRENT"]], nil),
    ]
    for (labels, written) in cases {
      let observation = ObservationRehearsal(secret, .rehearsal()) { _ in
        .success(["SecretList": [Self.entry.with(["SecretVersionsToStages": labels])]])
      }
      XCTAssertEqual(
        observation[Self.arn]?.applied["SecretString"], written, labels.json())
    }
  }

  func testTheProofOfAValueIsTheIdOfItsVersion() {
    var observed = Observed(
      type: secret.type, id: Self.arn, scope: .rehearsal,
      properties: ["GenerateSecretString": "somebody's"], tags: ["trueup:salt": Self.salt])
    XCTAssertEqual(
      secret.proof(of: "SecretString", "s3cret", in: observed), .string(Self.version))
    XCTAssertNotEqual(
      secret.proof(of: "SecretString", "s3cret ", in: observed), .string(Self.version))
    XCTAssertEqual(
      secret.proof(of: "GenerateSecretString", Self.settings, in: observed), "somebody's",
      "what exists without us is as good as generated")
    observed.tags = [:]
    XCTAssertNil(secret.proof(of: "SecretString", "s3cret", in: observed), "nothing can prove it")
  }

  private static let entry: Document = [
    "ARN": .string(arn), "Name": "acme", "Description": "of acme", "KmsKeyId": "alias/acme",
    "Type": "partner", "CreatedDate": 1_700_000_000, "LastChangedDate": 1_700_000_000,
    "Tags": .ourTagList,
    "SecretVersionsToStages": [old: ["AWSCURRENT", "trueup"]],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListSecrets": .success(["SecretList": [entry]])
    case "DescribeSecret":
      .success(
        entry.with([
          "VersionIdsToStages": [version: ["AWSCURRENT", "trueup"], old: ["AWSPREVIOUS"]],
          "ReplicationStatus": [
            ["Region": "eu-north-1", "Status": "InSync"],
            ["Region": "eu-west-3", "Status": "Failed", "StatusMessage": "the name is taken"],
          ],
        ]))
    case "GetRandomPassword": .success(["RandomPassword": "random"])
    case "CreateSecret": .success(["ARN": .string(arn)])
    default: .success([:])
    }
  }

  // MARK: Changing

  private func creating(_ desired: Document) -> Step {
    var step = Step.creating(desired.with(["Name": "acme"]))
    step.nonce = Self.salt + "fedcba9876543210fedcba9876543210"
    return step
  }

  private func absent(_ call: Call) -> Reply {
    call.operation == "DescribeSecret" ? .absent : Self.answer(call)
  }

  func testCreatesWithTagsAndSaltAndLabelsTheVersion() throws {
    let rehearsal = Rehearsal(
      secret, creating(["SecretString": "s3cret", "Description": "of acme"]), answer: absent)
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["CreateSecret", "UpdateSecretVersionStage"])
    XCTAssertEqual(rehearsal.calls[0].input["ClientRequestToken"], .string(Self.version))
    XCTAssertEqual(
      rehearsal.calls[0].input["Tags"]?.list?.compactMap { $0["Key"]?.string },
      ["trueup:resource", "trueup:salt", "trueup:stack"])
    XCTAssertEqual(
      rehearsal.calls[1].input,
      [
        "SecretId": .string(Self.arn), "VersionStage": "trueup",
        "MoveToVersionId": .string(Self.version),
      ])
    XCTAssertEqual(rehearsal.id, Self.arn)
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testGeneratesAValueInATemplate() throws {
    let settings = Self.settings.with([
      "SecretStringTemplate": #"{"user":"a"}"#, "GenerateStringKey": "password",
    ])
    let rehearsal = Rehearsal(
      secret, creating(["GenerateSecretString": settings]), answer: absent)
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["GetRandomPassword", "CreateSecret", "UpdateSecretVersionStage"])
    XCTAssertEqual(
      rehearsal.calls[1].input["SecretString"], #"{"password":"random","user":"a"}"#)
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    let incomplete = Rehearsal(
      secret, creating(["GenerateSecretString": ["GenerateStringKey": "password"]]),
      answer: absent)
    XCTAssertEqual(incomplete.failure?.hasPrefix("GenerateSecretString needs"), true)
  }

  func testWhatAnInterruptedRunMadeOrSomebodyDeletedIsTakenUpAgain() throws {
    for isDeleted in [true, false] {
      let found = isDeleted ? Self.entry.with(["DeletedDate": 1]) : Self.entry
      let rehearsal = Rehearsal(secret, creating(["SecretString": "s3cret"])) { call in
        switch call.operation {
        case "CreateSecret": .absent
        case "DescribeSecret": .success(found)
        default: Self.answer(call)
        }
      }
      XCTAssertEqual(
        rehearsal.changes.map { $0.prefix { $0 != " " } },
        ["CreateSecret"] + (isDeleted ? ["RestoreSecret"] : []) + [
          "TagResource", "PutSecretValue", "UpdateSecretVersionStage", "UpdateSecretVersionStage",
        ])
      XCTAssertEqual(rehearsal.id, Self.arn)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testANameThatIsHeldForAWhileIsWaitedFor() {
    let rehearsal = Rehearsal(secret, creating(["SecretString": "s3cret"])) { call in
      call.absentCodes.isEmpty ? Self.answer(call) : .absent
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["CreateSecret", "DescribeSecret", "CreateSecret", "UpdateSecretVersionStage"])
    XCTAssertEqual(
      rehearsal.calls[2].transientCodes.contains("ResourceExistsException"), true,
      "after a deletion by force")
    XCTAssertEqual(rehearsal.id, Self.arn)
  }

  func testAnothersSecretIsNeitherRestoredNorChanged() {
    let rehearsal = Rehearsal(secret, creating(["SecretString": "s3cret"])) { call in
      call.isRead ? .success(Self.entry.with(["Tags": [], "DeletedDate": 1])) : .absent
    }
    XCTAssertEqual(rehearsal.calls.map(\.operation), ["CreateSecret", "DescribeSecret"])
    XCTAssertEqual(
      rehearsal.failure,
      "scheduled for deletion, and until then in the way, is a secret acme that is not ours")
  }

  func testAVersionThatIsThereGetsItsLabelsBack() throws {
    var step = Step.updating(
      Self.arn, to: ["SecretString": "s3cret"], changed: ["SecretString"])
    step.observed?.tags = ["trueup:salt": Self.salt]
    let rehearsal = Rehearsal(secret, step) { call in
      call.operation == "DescribeSecret"
        ? .success(["VersionIdsToStages": [Self.old: ["AWSCURRENT", "trueup"]]]) : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage", "UpdateSecretVersionStage",
      ])
    for (call, label) in zip(rehearsal.calls.suffix(2), ["AWSCURRENT", "trueup"]) {
      XCTAssertEqual(
        call.input,
        [
          "SecretId": .string(Self.arn), "VersionStage": .string(label),
          "MoveToVersionId": .string(Self.version), "RemoveFromVersionId": .string(Self.old),
        ])
    }
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testResetsToWhatANewSecretHas() throws {
    let rehearsal = Rehearsal(
      secret,
      .updating(
        Self.arn, from: ["ReplicaRegions": [["Region": "eu-north-1"]]],
        changed: ["Description", "KmsKeyId", "ReplicaRegions"]))
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"UpdateSecret {"Description":"","KmsKeyId":"","SecretId":"\#(Self.arn)"}"#,
        #"RemoveRegionsFromReplication {"RemoveReplicaRegions":["eu-north-1"],"SecretId":"\#(Self.arn)"}"#,
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testAReplicaWithAnotherKeyIsMadeAnewAndWaitedFor() throws {
    let wanted: Document = ["ReplicaRegions": [["Region": "eu-north-1", "KmsKeyId": "alias/new"]]]
    let step = Step.updating(
      Self.arn, from: ["ReplicaRegions": [["Region": "eu-north-1", "KmsKeyId": "alias/old"]]],
      to: wanted, changed: ["ReplicaRegions"])
    var statuses = ["InProgress", "InSync"]
    let rehearsal = Rehearsal(secret, step) { call in
      guard call.operation == "DescribeSecret" else { return .success([:]) }
      return .success([
        "ReplicationStatus": [
          ["Region": "eu-north-1", "Status": .string(statuses.removeFirst())]
        ]
      ])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      [
        "RemoveRegionsFromReplication", "ReplicateSecretToRegions", "DescribeSecret",
        "DescribeSecret",
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    let failing = Rehearsal(secret, step, answer: Self.answer)
    XCTAssertEqual(failing.failure, "the replica in eu-west-3 failed: the name is taken")
  }

  func testDeletesWithTimeToThinkAndItsReplicasFirst() throws {
    let rehearsal = Rehearsal(secret, .deleting(Self.arn), answer: Self.answer)
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["DescribeSecret", "RemoveRegionsFromReplication", "DeleteSecret"])
    XCTAssertEqual(rehearsal.calls.last?.input, ["SecretId": .string(Self.arn)])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    XCTAssertEqual(
      Rehearsal(secret, .deleting(Self.arn)) { _ in .absent }.calls.map(\.operation),
      ["DescribeSecret"], "it is gone")
  }
}
