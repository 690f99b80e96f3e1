import Document
import Foundation
import Kinds
import TrueupCore
import XCTest

final class IAMRoleTests: XCTestCase {
  private let role = Role()

  private static let trust: Document = [
    "Version": "2012-10-17",
    "Statement": [
      [
        "Effect": "Allow", "Principal": ["Service": "ecs-tasks.amazonaws.com"],
        "Action": "sts:AssumeRole",
      ]
    ],
  ]
  private static let readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  private static let everything: Document = [
    "RoleName": "acme-task", "Path": "/trueup/", "Description": "Runs tasks",
    "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": trust,
    "PermissionsBoundary": "arn:aws:iam::111122223333:policy/Boundary",
    "ManagedPolicyArns": [.string(readOnly)],
    "Policies": [["PolicyName": "logs", "PolicyDocument": policy("logs:PutLogEvents")]],
  ]

  private static func policy(_ action: String) -> Document {
    ["Statement": [["Effect": "Allow", "Action": .string(action), "Resource": "*"]]]
  }

  // MARK: Observing

  func testReadsAllRolesInOneCallAndASecondWhereItsMembersAreDeclared() {
    let cases: [(declared: Set<String>, operations: [String])] = [
      (["Policies"], ["GetAccountAuthorizationDetails"]),
      (["Description"], ["GetAccountAuthorizationDetails", "ListRoles"]),
      (["MaxSessionDuration"], ["GetAccountAuthorizationDetails", "ListRoles"]),
    ]
    for (declared, operations) in cases {
      for context in [
        ReadContext.rehearsal(properties: declared),
        .rehearsal(candidates: ["acme-task": declared]),
      ] {
        let reads = role.reads(context, Replies())
        XCTAssertEqual(reads.map(\.call.operation), operations, "declared: \(declared)")
        XCTAssertEqual(reads.map(\.pageSize), operations.map { _ in 1000 })
      }
    }
    let first = role.reads(.rehearsal(), Replies()).first
    XCTAssertEqual(first?.call.input, ["Filter": ["Role"]])
    XCTAssertEqual(first?.isEssential, true)
  }

  func testDecodesARoleInRegistryTerms() {
    let observation = ObservationRehearsal(
      role, .rehearsal(properties: ["Description"]), answer: Self.answer)
    let observed = observation["acme-task"]
    XCTAssertEqual(
      observed?.properties,
      Self.everything.with([
        "Arn": "arn:aws:iam::111122223333:role/trueup/acme-task", "RoleId": "AROA1",
      ]))
    XCTAssertEqual(observed?.tags[OwnershipTags.resource], "Thing")
    XCTAssertEqual(observed?.unread, [:])
    XCTAssertEqual(observed?.createdAt, 1_700_000_000)
  }

  func testARoleWithoutPoliciesHasEmptyLists() {
    let observation = ObservationRehearsal(role, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(observation["bare"]?.properties["Policies"], [])
    XCTAssertEqual(observation["bare"]?.properties["ManagedPolicyArns"], [])
  }

  func testWhatTheListWouldShowIsUnreadWhereItWasNotAskedOrDenied() {
    let unasked = ObservationRehearsal(role, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      Set((unasked["acme-task"]?.unread ?? [:]).keys), ["/Description", "/MaxSessionDuration"])
    let refused = ObservationRehearsal(role, .rehearsal(properties: ["Description"])) {
      $0.operation == "ListRoles" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(refused["acme-task"]?.unread["/Description"], "ListRoles is not allowed")
    XCTAssertEqual(
      refused["acme-task"]?.properties["AssumeRolePolicyDocument"], Self.trust,
      "the rest is known all the same")
  }

  /// As IAM answers: documents in percent-encoding.
  private static func answer(_ call: Call) -> Reply {
    let named: Document = ["RoleName": "acme-task"]
    if call.operation == "ListRoles" {
      return .success([
        "Roles": [
          named.with(["Description": "Runs tasks", "MaxSessionDuration": 7200]),
          ["RoleName": "bare", "MaxSessionDuration": 3600],
        ]
      ])
    }
    let boundary: Document = [
      "PermissionsBoundaryType": "Policy",
      "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Boundary",
    ]
    return .success([
      "RoleDetailList": [
        named.with([
          "Path": "/trueup/", "RoleId": "AROA1", "CreateDate": 1_700_000_000,
          "Arn": "arn:aws:iam::111122223333:role/trueup/acme-task",
          "AssumeRolePolicyDocument": encoded(trust), "Tags": .ourTagList,
          "RolePolicyList": [
            ["PolicyName": "logs", "PolicyDocument": encoded(policy("logs:PutLogEvents"))]
          ],
          "AttachedManagedPolicies": [
            ["PolicyName": "ReadOnlyAccess", "PolicyArn": .string(readOnly)]
          ],
          "PermissionsBoundary": boundary,
        ]),
        ["RoleName": "bare", "AssumeRolePolicyDocument": encoded(trust)],
      ]
    ])
  }

  private static func encoded(_ document: Document) -> Document {
    .string(document.json().addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
  }

  // MARK: Creating

  func testCreatesWithTagsAndThenAddsPolicies() {
    let rehearsal = Rehearsal(role, .creating(Self.everything)) { call in
      call.operation == "CreateRole"
        ? .success(["Role": ["Arn": "arn:new", "RoleId": "AROA2", "Path": "/trueup/"]])
        : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["CreateRole", "PutRolePolicy", "AttachRolePolicy"])
    XCTAssertEqual(
      rehearsal.calls.first?.input,
      [
        "RoleName": "acme-task", "Path": "/trueup/", "Description": "Runs tasks",
        "MaxSessionDuration": 7200, "AssumeRolePolicyDocument": .string(Self.trust.json()),
        "PermissionsBoundary": "arn:aws:iam::111122223333:policy/Boundary",
        "Tags": [
          ["Key": "trueup:resource", "Value": "Thing"],
          ["Key": "trueup:stack", "Value": "cosyworld/acme-prod"],
        ],
      ])
    XCTAssertTrue(
      rehearsal.calls.dropFirst().allSatisfy { $0.transientCodes.contains("NoSuchEntity") },
      "IAM may not know the new role everywhere yet")
    XCTAssertEqual(rehearsal.id, "acme-task")
    XCTAssertEqual(rehearsal.attributes?["Arn"], "arn:new")
    XCTAssertEqual(rehearsal.attributes?["RoleId"], "AROA2")
  }

  func testSendsDocumentsCompactWhetherDeclaredAsTextOrAsObject() {
    let text = Self.trust.json(indent: 2)
    for document in [Self.trust, .string(text)] {
      let rehearsal = Rehearsal(
        role, .creating(["RoleName": "r", "AssumeRolePolicyDocument": document]))
      XCTAssertEqual(
        rehearsal.calls.first?.input["AssumeRolePolicyDocument"], .string(Self.trust.json()))
    }
  }

  // MARK: Updating

  func testUpdatesOnlyWhatChanges() {
    let boundary: Document = ["PermissionsBoundary": "arn:b"]
    let cases: [(property: String, desired: Document, calls: [String])] = [
      (
        "AssumeRolePolicyDocument", ["AssumeRolePolicyDocument": [:]],
        [#"UpdateAssumeRolePolicy {"PolicyDocument":"{}","RoleName":"r"}"#]
      ),
      (
        "MaxSessionDuration", ["MaxSessionDuration": 7200],
        [#"UpdateRole {"Description":"as it was","MaxSessionDuration":7200,"RoleName":"r"}"#]
      ),
      (
        "Description", [:],
        [#"UpdateRole {"Description":"","MaxSessionDuration":3600,"RoleName":"r"}"#]
      ),
      (
        "PermissionsBoundary", boundary,
        [#"PutRolePermissionsBoundary {"PermissionsBoundary":"arn:b","RoleName":"r"}"#]
      ),
      ("PermissionsBoundary", [:], [#"DeleteRolePermissionsBoundary {"RoleName":"r"}"#]),
    ]
    for (property, desired, calls) in cases {
      let rehearsal = Rehearsal(
        role,
        .updating("r", from: ["Description": "as it was"], to: desired, changed: [property]))
      XCTAssertEqual(rehearsal.lines, calls, "\(property) becomes \(desired.json())")
    }
  }

  func testPutsThePoliciesThatDifferAndDeletesTheOthers() {
    let kept: Document = ["PolicyName": "kept", "PolicyDocument": Self.policy("a:B")]
    let rehearsal = Rehearsal(
      role,
      .updating(
        "r",
        from: ["Policies": [kept, named("changed", "c:D"), named("gone", "e:F")]],
        to: ["Policies": [kept, named("changed", "c:E"), named("new", "g:H")]],
        changed: ["Policies"]))
    XCTAssertEqual(
      rehearsal.calls.map { "\($0.operation) \($0.input["PolicyName"]?.string ?? "")" },
      ["PutRolePolicy changed", "PutRolePolicy new", "DeleteRolePolicy gone"])
  }

  private func named(_ name: String, _ action: String) -> Document {
    ["PolicyName": .string(name), "PolicyDocument": Self.policy(action)]
  }

  func testAttachesBeforeItDetachesUnlessTheQuotaIsInTheWay() {
    let ten: [Document] = (1...10).map { .string("arn:\($0)") }
    let cases: [(shown: [Document], operations: [String])] = [
      (["arn:old"], ["AttachRolePolicy", "DetachRolePolicy"]),
      (
        ten,
        ["AttachRolePolicy"] + Array(repeating: "DetachRolePolicy", count: 10)
          + ["AttachRolePolicy"]
      ),
    ]
    for (shown, operations) in cases {
      var attached = shown.count
      let rehearsal = Rehearsal(
        role,
        .updating(
          "r", from: ["ManagedPolicyArns": .list(shown)], to: ["ManagedPolicyArns": ["arn:new"]],
          changed: ["ManagedPolicyArns"])
      ) { call in
        let adds = call.operation == "AttachRolePolicy"
        if adds, attached == 10 { return full(call) }
        attached += adds ? 1 : -1
        return .success([:])
      }
      XCTAssertEqual(rehearsal.calls.map(\.operation), operations)
      XCTAssertEqual(rehearsal.id, "r")
    }
  }

  /// IAM's answer where a quota is reached.
  private func full(_ call: Call) -> Reply {
    call.absentCodes.contains("LimitExceeded")
      ? .absent
      : .failure(
        CallFailure(
          reason: .refused, service: "iam", operation: call.operation, code: "LimitExceeded",
          message: "Cannot exceed quota"))
  }

  func testPutsAPolicyBeforeItDeletesAnotherUnlessTheirSizeIsInTheWay() {
    for hasRoom in [true, false] {
      var isFirst = true
      let rehearsal = Rehearsal(
        role,
        .updating(
          "r", from: ["Policies": [named("old", "a:B")]],
          to: ["Policies": [named("new", "a:B")]], changed: ["Policies"])
      ) { call in
        defer { isFirst = false }
        return isFirst && !hasRoom ? full(call) : .success([:])
      }
      XCTAssertEqual(
        rehearsal.calls.map(\.operation),
        hasRoom
          ? ["PutRolePolicy", "DeleteRolePolicy"]
          : ["PutRolePolicy", "DeleteRolePolicy", "PutRolePolicy"],
        "a policy that denies must not lack in between")
    }
  }

  func testTagsAndUntagsWithoutTouchingOthersTags() {
    var step = Step.updating(
      "r", changed: [], tags: ["team": "web", "aws:theirs": "1"], removedTags: ["old"],
      changesTags: true)
    step.observed?.tags = ["aws:theirs": "1", "old": "2"]
    let rehearsal = Rehearsal(role, step)
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"UntagRole {"RoleName":"r","TagKeys":["old"]}"#,
        #"TagRole {"RoleName":"r","Tags":[{"Key":"team","Value":"web"}]}"#,
      ])
  }

  func testTakesOffTheSameKeyInOtherLettersFirst() {
    let cases: [(reason: String, removed: Set<String>)] = [
      ("a key of ours that is spelled anew", ["CostCenter"]),
      ("a key that somebody spelled otherwise", []),
    ]
    for (reason, removed) in cases {
      var step = Step.updating(
        "r", changed: [], tags: ["costcenter": "7"], removedTags: removed, changesTags: true)
      step.observed?.tags = ["CostCenter": "7", "Other": "1"]
      XCTAssertEqual(
        Rehearsal(role, step).lines,
        [
          #"UntagRole {"RoleName":"r","TagKeys":["CostCenter"]}"#,
          #"TagRole {"RoleName":"r","Tags":[{"Key":"costcenter","Value":"7"}]}"#,
        ], reason)
    }
    XCTAssertTrue(role.facts.ownership.tagKeysIgnoreCase)
    let others: [any Kind] = [ManagedPolicy(), InstanceProfile(), OIDCProvider()]
    for other in others {
      XCTAssertFalse(
        other.facts.ownership.tagKeysIgnoreCase, "IAM ignores case for users and roles")
    }
  }

  // MARK: Deleting

  func testTakesEverythingOffARoleBeforeItDeletesIt() {
    var step = Step.deleting("acme-task")
    step.observed = Observed(
      type: role.type, id: "acme-task", scope: step.scope, properties: Self.everything)
    let rehearsal = Rehearsal(role, step) { call in
      switch (call.operation, call.input["Marker"]) {
      case ("ListInstanceProfilesForRole", nil):
        .success([
          "InstanceProfiles": [["InstanceProfileName": "one"]], "IsTruncated": true,
          "Marker": "more",
        ])
      case ("ListInstanceProfilesForRole", _):
        .success(["InstanceProfiles": [["InstanceProfileName": "two"]], "IsTruncated": false])
      default: .success([:])
      }
    }
    XCTAssertEqual(
      rehearsal.changes,
      [
        #"RemoveRoleFromInstanceProfile {"InstanceProfileName":"one","RoleName":"acme-task"}"#,
        #"RemoveRoleFromInstanceProfile {"InstanceProfileName":"two","RoleName":"acme-task"}"#,
        #"DetachRolePolicy {"PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess","RoleName":"acme-task"}"#,
        #"DeleteRolePolicy {"PolicyName":"logs","RoleName":"acme-task"}"#,
        #"DeleteRole {"RoleName":"acme-task"}"#,
      ])
    XCTAssertTrue(rehearsal.calls.last?.transientCodes.contains("DeleteConflict") ?? false)
  }

  func testARoleThatIsGoneIsDeleted() {
    let rehearsal = Rehearsal(role, .deleting("acme-task")) { _ in .absent }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["ListInstanceProfilesForRole", "DeleteRole"])
    XCTAssertEqual(rehearsal.id, "acme-task")
  }

  // MARK: Contracts

  func testShowsEveryPropertyOfTheRegistry() throws {
    let observation = ObservationRehearsal(
      role, .rehearsal(properties: ["Description"]), answer: Self.answer)
    XCTAssertEqual(try uncovered(role, shown: observation.observed), [])
  }

  func testEveryCallFitsTheAPIModel() throws {
    XCTAssertEqual(try modelProblems(Self.allCalls()), [])
  }

  /// Every call that the kind can make.
  static func allCalls() -> [Call] {
    let role = Role()
    let every = Set((everything.object ?? [:]).keys)
    var deletion = Step.deleting("acme-task")
    deletion.observed = Observed(
      type: role.type, id: "acme-task", scope: deletion.scope, properties: everything)
    let steps: [Step] = [
      .creating(everything),
      .updating(
        "acme-task", to: everything, changed: every, removedTags: ["old"], changesTags: true),
      .updating("acme-task", from: everything, changed: every), deletion,
    ]
    let observation = ObservationRehearsal(role, .rehearsal(properties: every), answer: answer)
    return observation.reads.map(\.call)
      + steps.flatMap { step in
        Rehearsal(role, step) { call in
          call.operation == "ListInstanceProfilesForRole"
            ? .success(["InstanceProfiles": [["InstanceProfileName": "one"]]]) : .success([:])
        }.calls
      }
  }
}
