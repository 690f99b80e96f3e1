import Document
import Kinds
import TrueupCore
import XCTest

final class LogGroupTests: XCTestCase {
  private let kind = LogGroup()

  // MARK: Observing

  private static let sweep =
    #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#

  func testReadsAllGroupsAndOneSweepOfTheirTags() {
    let observation = ObservationRehearsal(
      kind,
      .rehearsal(candidates: ["/app/ours": ["RetentionInDays"]], properties: ["RetentionInDays"]),
      answer: Self.answer)
    XCTAssertEqual(observation.lines, ["DescribeLogGroups {}", Self.sweep])
    XCTAssertEqual(observation.reads.map(\.pageSize), [50, 100])
    XCTAssertEqual(observation.reads.map(\.isEssential), [true, false])
  }

  func testReadsThePoliciesThatAreDeclaredOfOurGroupsAlone() {
    let observation = ObservationRehearsal(
      kind,
      .rehearsal(
        properties: ["DataProtectionPolicy", "FieldIndexPolicies", "ResourcePolicyDocument"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "DescribeLogGroups {}", Self.sweep,
        #"GetDataProtectionPolicy {"logGroupIdentifier":"/app/ours"}"#,
        #"DescribeIndexPolicies {"logGroupIdentifiers":["/app/ours"]}"#,
        #"DescribeResourcePolicies {"policyScope":"RESOURCE","resourceArn":"#
          + #""arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours"}"#,
      ])
    XCTAssertEqual(observation.rounds, 2)
  }

  func testDoesNotAskForADataProtectionPolicyWhereAWSShowsNone() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["/app/theirs": ["DataProtectionPolicy"]]), answer: Self.answer)
    XCTAssertFalse(observation.lines.contains { $0.hasPrefix("GetDataProtectionPolicy") })
    XCTAssertNil(observation["/app/theirs"]?.unread["/DataProtectionPolicy"], "it is known: none")
  }

  func testAsksAGroupForItsTagsThatWeLookForAndTheSweepLacks() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["/app/theirs": []]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines.last,
      #"ListTagsForResource {"resourceArn":"#
        + #""arn:aws:logs:eu-west-1:111122223333:log-group:/app/theirs"}"#,
      "the ARN of the tag calls has no :* at its end")
    XCTAssertEqual(observation["/app/theirs"]?.tags, ["Team": "theirs"])
    XCTAssertNil(observation["/app/theirs"]?.unread["/Tags"])
  }

  func testAsksEachGroupThatWeLookForWhereTheSweepFails() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["/app/ours": []], properties: ["FieldIndexPolicies"])
    ) { $0.operation == "GetResources" ? denied($0) : Self.answer($0) }
    XCTAssertEqual(observation["/app/ours"]?.tags, Step.ourTags)
    XCTAssertTrue(
      observation.lines.contains { $0.hasPrefix("DescribeIndexPolicies") },
      "it is ours by the tags that it told")
    XCTAssertEqual(
      observation["/app/theirs"]?.unread["/Tags"], "GetResources is not allowed",
      "tags that nobody could read are not none")
  }

  func testMarksTagsThatCannotBeReadAtAll() {
    let observation = ObservationRehearsal(kind, .rehearsal(candidates: ["/app/ours": []])) {
      ["GetResources", "ListTagsForResource"].contains($0.operation) ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      observation["/app/ours"]?.unread["/Tags"], "ListTagsForResource is not allowed")
  }

  func testDecodesAGroupInRegistryTerms() {
    let observation = ObservationRehearsal(kind, Self.everything, answer: Self.answer)
    let group = observation["/app/ours"]
    XCTAssertEqual(
      group?.properties,
      [
        "LogGroupName": "/app/ours",
        "Arn": "arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours:*",
        "RetentionInDays": 30, "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "LogGroupClass": "STANDARD", "DeletionProtectionEnabled": true,
        "BearerTokenAuthenticationEnabled": false,
        "DataProtectionPolicy": ["Name": "mask", "Statement": []],
        "FieldIndexPolicies": [["Fields": ["requestId"]]],
        "ResourcePolicyDocument": ["Statement": [["Effect": "Allow"]]],
      ], "a policy of the whole account is not the group's")
    XCTAssertEqual(group?.tags, Step.ourTags)
    XCTAssertEqual(group?.createdAt, 1_700_000_000)
    XCTAssertEqual(group?.unread, [:])
  }

  func testMarksWhatWasNotAskedForOfOthers() {
    let other = ObservationRehearsal(kind, Self.everything, answer: Self.answer)["/app/theirs"]
    XCTAssertEqual(
      Set((other?.unread ?? [:]).keys.map(\.description)),
      ["/FieldIndexPolicies", "/ResourcePolicyDocument", "/Tags"])
    XCTAssertNil(other?.properties["RetentionInDays"], "no retention is never expiring")
  }

  func testShowsOrExplainsEveryPropertyOfTheRegistry() throws {
    let observation = ObservationRehearsal(kind, Self.everything, answer: Self.answer)
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testPlansAnotherClassAsAReplacementAndRetentionAsAnUpdate() {
    let shown = ObservationRehearsal(kind, Self.everything, answer: Self.answer).observed
    let cases: [(reason: String, desired: Document, base: Document?, changes: [String])] = [
      ("defaults are no difference", ["DeletionProtectionEnabled": true], nil, []),
      ("retention is updated", ["RetentionInDays": 7], nil, ["update /RetentionInDays (update)"]),
      (
        "retention that is no longer declared is taken away", [:], ["RetentionInDays": 30],
        ["update /RetentionInDays (update)"]
      ),
      (
        "the class of a log group cannot be changed", ["LogGroupClass": "INFREQUENT_ACCESS"], nil,
        ["blocked /LogGroupClass (replace)"]
      ),
    ]
    for (reason, desired, base, changes) in cases {
      let named = desired.with(["LogGroupName": "/app/ours"])
      XCTAssertEqual(
        plannedChanges(
          kind, named, shown: shown, base: base?.with(["LogGroupName": "/app/ours"])), changes,
        reason)
    }
  }

  // MARK: Creating

  func testCreatesAGroupAndThenSetsEachAspect() {
    let rehearsal = Rehearsal(kind, Self.creation)
    let name = #""logGroupIdentifier":"/app/ours""#
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"CreateLogGroup {"deletionProtectionEnabled":true,"#
          + #""kmsKeyId":"arn:aws:kms:eu-west-1:111122223333:key/1","logGroupClass":"STANDARD","#
          + #""logGroupName":"/app/ours","#
          + #""tags":{"trueup:resource":"Thing","trueup:stack":"cosyworld/acme-prod"}}"#,
        #"PutRetentionPolicy {"logGroupName":"/app/ours","retentionInDays":30}"#,
        "PutDataProtectionPolicy {\(name)" + #","policyDocument":"{\"Name\":\"mask\"}"}"#,
        "PutIndexPolicy {\(name)" + #","policyDocument":"{\"Fields\":[\"requestId\"]}"}"#,
        #"PutResourcePolicy {"policyDocument":"{\"Statement\":[]}","#
          + #""resourceArn":"arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours"}"#,
        #"PutBearerTokenAuthentication {"bearerTokenAuthenticationEnabled":true,\#(name)}"#,
      ])
    XCTAssertEqual(
      rehearsal.calls.map(\.transientCodes),
      Array(repeating: ["OperationAbortedException"], count: 6))
    XCTAssertEqual(rehearsal.id, "/app/ours")
    XCTAssertEqual(
      rehearsal.attributes?["Arn"],
      "arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours:*")
  }

  func testCreatesABareGroupInOneCall() {
    let step = Step.creating(
      ["LogGroupName": "/app/ours", "BearerTokenAuthenticationEnabled": false], tags: [:])
    XCTAssertEqual(
      Rehearsal(kind, step).lines, [#"CreateLogGroup {"logGroupName":"/app/ours"}"#])
  }

  func testRefusesMoreThanOneFieldIndexPolicy() {
    let step = Step.creating([
      "LogGroupName": "/app/ours", "FieldIndexPolicies": [["Fields": ["a"]], ["Fields": ["b"]]],
    ])
    XCTAssertEqual(
      Rehearsal(kind, step).failure,
      "acme-prod/Thing declares 2 field index policies; a log group has one")
  }

  func testReadsBackWhatItCreated() {
    var cloud = FakeLogs()
    let desired = Self.creation.desired
    XCTAssertEqual(Rehearsal(kind, Self.creation) { cloud.answer($0) }.id, "/app/ours")
    let observation = ObservationRehearsal(kind, Self.everything) { cloud.answer($0) }
    XCTAssertEqual(plannedChanges(kind, desired, shown: observation.observed), [], "no false drift")
    let seen = observation["/app/ours"]
    for (property, value) in desired.object ?? [:] {
      XCTAssertEqual(
        seen?.properties[property], property == "DataProtectionPolicy" ? ["Name": "mask"] : value,
        "\(property) does not read back")
    }
    XCTAssertEqual(seen?.tags, Step.ourTags)
  }

  // MARK: Updating and deleting

  func testSetsAndResetsEachProperty() {
    let name = #""logGroupName":"/app/ours""#
    let identifier = #""logGroupIdentifier":"/app/ours""#
    let cases: [(property: String, value: Document, set: String, reset: String)] = [
      (
        "RetentionInDays", 7, "PutRetentionPolicy {\(name),\"retentionInDays\":7}",
        "DeleteRetentionPolicy {\(name)}"
      ),
      (
        "KmsKeyId", "arn:k", #"AssociateKmsKey {"kmsKeyId":"arn:k",\#(name)}"#,
        "DisassociateKmsKey {\(name)}"
      ),
      (
        "DeletionProtectionEnabled", true,
        #"PutLogGroupDeletionProtection {"deletionProtectionEnabled":true,\#(identifier)}"#,
        #"PutLogGroupDeletionProtection {"deletionProtectionEnabled":false,\#(identifier)}"#
      ),
      (
        "BearerTokenAuthenticationEnabled", true,
        #"PutBearerTokenAuthentication {"bearerTokenAuthenticationEnabled":true,\#(identifier)}"#,
        #"PutBearerTokenAuthentication {"bearerTokenAuthenticationEnabled":false,\#(identifier)}"#
      ),
      (
        "DataProtectionPolicy", ["a": 1],
        "PutDataProtectionPolicy {\(identifier)" + #","policyDocument":"{\"a\":1}"}"#,
        "DeleteDataProtectionPolicy {\(identifier)}"
      ),
      (
        "FieldIndexPolicies", [["Fields": ["a"]]],
        "PutIndexPolicy {\(identifier)" + #","policyDocument":"{\"Fields\":[\"a\"]}"}"#,
        "DeleteIndexPolicy {\(identifier)}"
      ),
    ]
    for (property, value, set, reset) in cases {
      XCTAssertEqual(
        Rehearsal(kind, .updating("/app/ours", to: [property: value], changed: [property])).lines,
        [set], "setting \(property)")
      XCTAssertEqual(
        Rehearsal(kind, .updating("/app/ours", changed: [property])).lines, [reset],
        "resetting \(property)")
    }
  }

  func testChangesAResourcePolicyByItsRevision() {
    let arn = #""resourceArn":"arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours""#
    func shows(_ policies: Document) -> (Call) -> Reply {
      { _ in .success(["resourcePolicies": policies]) }
    }
    let one: Document = [["revisionId": "r1", "policyDocument": "{}"]]
    let cases: [(reason: String, shown: Document, desired: Document, change: [String])] = [
      (
        "replaced", one, ["ResourcePolicyDocument": ["a": 1]],
        [#"PutResourcePolicy {"expectedRevisionId":"r1","policyDocument":"{\"a\":1}",\#(arn)}"#]
      ),
      (
        "first", [], ["ResourcePolicyDocument": ["a": 1]],
        [#"PutResourcePolicy {"policyDocument":"{\"a\":1}",\#(arn)}"#]
      ),
      ("taken away", one, [:], [#"DeleteResourcePolicy {"expectedRevisionId":"r1",\#(arn)}"#]),
      ("gone already", [], [:], []),
    ]
    for (reason, shown, desired, change) in cases {
      let step = Step.updating("/app/ours", to: desired, changed: ["ResourcePolicyDocument"])
      XCTAssertEqual(Rehearsal(kind, step, answer: shows(shown)).changes, change, reason)
    }
  }

  func testChangesTagsWithOneCallEach() {
    let step = Step.updating(
      "/app/ours", changed: [], tags: ["a": "1"], removedTags: ["c", "b"], changesTags: true)
    let arn = #""resourceArn":"arn:aws:logs:eu-west-1:111122223333:log-group:/app/ours""#
    XCTAssertEqual(
      Rehearsal(kind, step).lines,
      [
        #"UntagResource {\#(arn),"tagKeys":["b","c"]}"#,
        #"TagResource {\#(arn),"tags":{"a":"1"}}"#,
      ])
  }

  func testDeletes() {
    let rehearsal = Rehearsal(kind, .deleting("/app/ours")) { _ in .absent }
    XCTAssertEqual(rehearsal.lines, [#"DeleteLogGroup {"logGroupName":"/app/ours"}"#])
    XCTAssertEqual(rehearsal.calls.first?.absentCodes, ["ResourceNotFoundException"])
    XCTAssertEqual(rehearsal.id, "/app/ours")
  }

  // MARK: Scenario

  private static let everything = ReadContext.rehearsal(
    properties: ["DataProtectionPolicy", "FieldIndexPolicies", "ResourcePolicyDocument"])

  private static let creation = Step.creating([
    "LogGroupName": "/app/ours", "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1",
    "LogGroupClass": "STANDARD", "DeletionProtectionEnabled": true, "RetentionInDays": 30,
    "DataProtectionPolicy": #"{"Name":"mask"}"#,
    "FieldIndexPolicies": [["Fields": ["requestId"]]],
    "ResourcePolicyDocument": ["Statement": []], "BearerTokenAuthenticationEnabled": true,
  ])

  private static func answer(_ call: Call) -> Reply {
    let arn = "arn:aws:logs:eu-west-1:111122223333:log-group:"
    switch call.operation {
    case "DescribeLogGroups":
      return .success([
        "logGroups": [
          [
            "logGroupName": "/app/ours", "arn": .string(arn + "/app/ours:*"),
            "logGroupArn": .string(arn + "/app/ours"), "creationTime": 1_700_000_000_000,
            "retentionInDays": 30, "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1",
            "metricFilterCount": 0, "storedBytes": 12, "logGroupClass": "STANDARD",
            "dataProtectionStatus": "ACTIVATED", "deletionProtectionEnabled": true,
            "bearerTokenAuthenticationEnabled": false,
          ],
          [
            "logGroupName": "/app/theirs", "arn": .string(arn + "/app/theirs:*"),
            "creationTime": 1_700_000_000_000, "metricFilterCount": 1, "storedBytes": 0,
          ],
        ]
      ])
    case "GetResources":
      return .success([
        "ResourceTagMappingList": [
          ["ResourceARN": .string(arn + "/app/ours"), "Tags": .ourTagList],
          ["ResourceARN": .string(arn + "/app/deleted"), "Tags": .ourTagList],
        ]
      ])
    case "ListTagsForResource":
      let isOurs = call.input["resourceArn"]?.string == arn + "/app/ours"
      return .success([
        "tags": isOurs
          ? .object(Step.ourTags.mapValues(Document.string)) : ["Team": "theirs"]
      ])
    case "GetDataProtectionPolicy":
      return .success(["policyDocument": #"{"Name":"mask","Statement":[]}"#])
    case "DescribeIndexPolicies":
      return .success([
        "indexPolicies": [
          ["source": "ACCOUNT", "policyDocument": #"{"Fields":["all"]}"#],
          ["source": "LOG_GROUP", "policyDocument": #"{"Fields":["requestId"]}"#],
        ]
      ])
    case "DescribeResourcePolicies":
      return .success([
        "resourcePolicies": [
          [
            "policyDocument": #"{"Statement":[{"Effect":"Allow"}]}"#, "revisionId": "r1",
            "policyScope": "RESOURCE",
          ]
        ]
      ])
    default: return .success([:])
    }
  }

  func testEveryCallFitsTheAPIModel() throws {
    XCTAssertEqual(try modelProblems(Self.allCalls()), [])
  }

  /// Every call that the kind can make.
  static func allCalls() -> [Call] {
    let kind = LogGroup()
    let changed = Set((creation.desired.object ?? [:]).keys)
    let steps: [Step] = [
      creation, .updating("/app/ours", to: creation.desired, changed: changed),
      .updating("/app/ours", changed: changed, removedTags: ["b"], changesTags: true),
      .deleting("/app/ours"),
    ]
    let context = ReadContext.rehearsal(
      candidates: ["/app/theirs": []], properties: everything.properties)
    return ObservationRehearsal(kind, context, answer: answer).reads.map(\.call)
      + steps.flatMap { Rehearsal(kind, $0, answer: answer).calls }
  }
}

/// One log group that keeps what it is told.
private struct FakeLogs {
  private var group: [String: Document] = [:]
  private var tags: [String: Document] = [:]
  private var policies: [String: Document] = [:]

  mutating func answer(_ call: Call) -> Reply {
    let input = call.input
    switch call.operation {
    case "CreateLogGroup":
      tags = input["tags"]?.object ?? [:]
      group = input.object ?? [:]
      group["tags"] = nil
      group["arn"] = .string(arn + ":*")
    case "PutRetentionPolicy": group["retentionInDays"] = input["retentionInDays"]
    case "PutBearerTokenAuthentication":
      group["bearerTokenAuthenticationEnabled"] = input["bearerTokenAuthenticationEnabled"]
    case "PutDataProtectionPolicy", "PutIndexPolicy", "PutResourcePolicy":
      policies[call.operation] = input["policyDocument"]
      if call.operation == "PutDataProtectionPolicy" { group["dataProtectionStatus"] = "ACTIVATED" }
    case "DescribeLogGroups": return .success(["logGroups": [.object(group)]])
    case "GetResources":
      let list = tags.map { key, value -> Document in ["Key": .string(key), "Value": value] }
      return .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn), "Tags": .list(list)]]
      ])
    case "GetDataProtectionPolicy":
      return .success(["policyDocument": policies["PutDataProtectionPolicy"] ?? .null])
    case "DescribeIndexPolicies":
      return .success([
        "indexPolicies": [
          ["source": "LOG_GROUP", "policyDocument": policies["PutIndexPolicy"] ?? .null]
        ]
      ])
    case "DescribeResourcePolicies":
      return .success([
        "resourcePolicies": [["policyDocument": policies["PutResourcePolicy"] ?? .null]]
      ])
    default:
      return .failure(
        CallFailure(
          reason: .refused, service: call.service, operation: call.operation,
          message: "\(call.operation) is not known here"))
    }
    return .success([:])
  }

  private var arn: String {
    "arn:aws:logs:eu-west-1:111122223333:log-group:\(group["logGroupName"]?.string ?? "")"
  }
}
