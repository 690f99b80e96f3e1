import Document
import Foundation
import Kinds
import TrueupCore
import XCTest

final class IAMManagedPolicyTests: XCTestCase {
  private let kind = ManagedPolicy()
  private static let arn = "arn:aws:iam::111122223333:policy/trueup/acme"
  private static let document: Document = [
    "Version": "2012-10-17",
    "Statement": [["Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"]],
  ]
  private static let everything: Document = [
    "ManagedPolicyName": "acme", "Path": "/trueup/", "Description": "Reads",
    "PolicyDocument": document, "Roles": ["task"], "Users": ["alice"], "Groups": ["operators"],
  ]

  // MARK: Observing

  func testReadsHoldersOnlyWhereAttachmentsAreDeclaredAndTagsOnlyOfItsOwn() {
    let bare = ObservationRehearsal(kind, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      bare.lines,
      [
        #"GetAccountAuthorizationDetails {"Filter":["LocalManagedPolicy"]}"#,
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
      ])
    let declared = ObservationRehearsal(
      kind,
      .rehearsal(candidates: ["acme": ["Roles", "Description"]], properties: ["Roles"]),
      answer: Self.answer)
    XCTAssertEqual(
      declared.lines.dropFirst(2),
      [
        #"GetAccountAuthorizationDetails {"Filter":["Role"]}"#,
        #"ListPolicyTags {"PolicyArn":"\#(Self.arn)"}"#,
        #"GetPolicy {"PolicyArn":"\#(Self.arn)"}"#,
      ])
  }

  func testDecodesTheDefaultVersionInRegistryTerms() throws {
    let observation = ObservationRehearsal(
      kind,
      .rehearsal(
        candidates: ["acme": ["Description"]], properties: ["Roles", "Users", "Groups"]),
      answer: Self.answer)
    let observed = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(
      observed.properties,
      Self.everything.with([
        "PolicyArn": .string(Self.arn), "PolicyId": "ANPA1", "DefaultVersionId": "v2",
        "AttachmentCount": 3, "IsAttachable": true, "PermissionsBoundaryUsageCount": 0,
        "CreateDate": "2023-11-14T22:13:20Z", "UpdateDate": "2023-11-14T22:13:21Z",
      ]))
    XCTAssertEqual(observed.tags, Step.ourTags)
    XCTAssertEqual(observed.unread, [:])
    XCTAssertEqual(try uncovered(kind, shown: [observed]), [])
  }

  func testWhatMayNotBeReadIsUnreadAndNotAbsent() {
    let observation = ObservationRehearsal(
      kind, .rehearsal(candidates: ["acme": ["Description"]], properties: ["Users"])
    ) { call in
      call.input["Filter"] == ["LocalManagedPolicy"] ? Self.answer(call) : denied(call)
    }
    let observed = observation[Self.arn]
    XCTAssertEqual(
      observed?.unread["/Users"], "GetAccountAuthorizationDetails is not allowed")
    XCTAssertEqual(observed?.unread["/Tags"], "ListPolicyTags is not allowed")
    XCTAssertEqual(observed?.unread["/Description"], "GetPolicy is not allowed")
    XCTAssertNil(observed?.properties["Users"])
  }

  private static func answer(_ call: Call) -> Reply {
    let attached: Document = [["PolicyName": "acme", "PolicyArn": .string(arn)]]
    switch (call.operation, call.input["Filter"]?[0]?.string) {
    case (_, "LocalManagedPolicy"):
      return .success([
        "Policies": [
          [
            "PolicyName": "acme", "PolicyId": "ANPA1", "Arn": .string(arn), "Path": "/trueup/",
            "DefaultVersionId": "v2", "AttachmentCount": 3, "IsAttachable": true,
            "PermissionsBoundaryUsageCount": 0, "CreateDate": 1_700_000_000,
            "UpdateDate": 1_700_000_001,
            "PolicyVersionList": [
              ["VersionId": "v1", "IsDefaultVersion": false, "Document": "%7B%7D"],
              [
                "VersionId": "v2", "IsDefaultVersion": true,
                "Document": .string(
                  document.json().addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                    ?? ""),
              ],
            ],
          ]
        ]
      ])
    case (_, "Role"):
      return .success([
        "RoleDetailList": [
          ["RoleName": "task", "AttachedManagedPolicies": attached], ["RoleName": "other"],
        ]
      ])
    case (_, "User"):
      return .success([
        "UserDetailList": [["UserName": "alice", "AttachedManagedPolicies": attached]]
      ])
    case (_, "Group"):
      return .success([
        "GroupDetailList": [["GroupName": "operators", "AttachedManagedPolicies": attached]]
      ])
    case ("ListPolicyTags", _): return .success(["Tags": .ourTagList])
    case ("GetPolicy", _): return .success(["Policy": ["Description": "Reads"]])
    default: return .success([:])
    }
  }

  // MARK: Changing

  func testCreatesWithTagsAndAttaches() throws {
    let rehearsal = Rehearsal(kind, .creating(Self.everything)) { call in
      call.operation == "CreatePolicy"
        ? .success(["Policy": ["Arn": .string(Self.arn), "DefaultVersionId": "v1"]])
        : .success([:])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation),
      ["CreatePolicy", "AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy"])
    XCTAssertEqual(rehearsal.calls[0].input["Tags"]?.list?.count, 2)
    XCTAssertEqual(rehearsal.calls[2].input, ["UserName": "alice", "PolicyArn": .string(Self.arn)])
    XCTAssertEqual(rehearsal.id, Self.arn)
    XCTAssertEqual(rehearsal.attributes?["DefaultVersionId"], "v1")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testTheOldestVersionGoesBeforeASixth() throws {
    for (versions, deletes) in [(["v8", "v9", "v10", "v7", "v11"], ["v8"]), (["v7", "v8"], [])] {
      let rehearsal = Rehearsal(
        kind,
        .updating(
          Self.arn, to: ["PolicyDocument": Self.document], changed: ["PolicyDocument"])
      ) { call in
        switch call.operation {
        case "ListPolicyVersions":
          .success([
            "Versions": .list(
              versions.map {
                ["VersionId": .string($0), "IsDefaultVersion": .bool($0 == "v7")]
              })
          ])
        case "CreatePolicyVersion": .success(["PolicyVersion": ["VersionId": "v12"]])
        default: .success([:])
        }
      }
      XCTAssertEqual(
        rehearsal.calls.map(\.operation),
        ["ListPolicyVersions"] + deletes.map { _ in "DeletePolicyVersion" }
          + ["CreatePolicyVersion"], "\(versions)")
      XCTAssertEqual(
        rehearsal.calls.compactMap { $0.input["VersionId"]?.string }, deletes,
        "the oldest that is not in effect goes")
      XCTAssertEqual(rehearsal.calls.last?.input["SetAsDefault"], true)
      XCTAssertEqual(rehearsal.attributes?["DefaultVersionId"], "v12")
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testAttachesBeforeItDetaches() {
    let rehearsal = Rehearsal(
      kind,
      .updating(
        Self.arn, from: ["Roles": ["old", "kept"], "Users": ["alice"]],
        to: ["Roles": ["kept", "new"]], changed: ["Roles", "Users"]))
    XCTAssertEqual(
      rehearsal.lines,
      [
        #"AttachRolePolicy {"PolicyArn":"\#(Self.arn)","RoleName":"new"}"#,
        #"DetachRolePolicy {"PolicyArn":"\#(Self.arn)","RoleName":"old"}"#,
        #"DetachUserPolicy {"PolicyArn":"\#(Self.arn)","UserName":"alice"}"#,
      ])
  }

  func testDeletionTakesItOffEverybodyAndItsVersionsAway() throws {
    let rehearsal = Rehearsal(kind, .deleting(Self.arn)) { call in
      switch (call.operation, call.input["Marker"]) {
      case ("ListEntitiesForPolicy", nil):
        .success([
          "PolicyRoles": [["RoleName": "task"]], "IsTruncated": true, "Marker": "more",
        ])
      case ("ListEntitiesForPolicy", _):
        .success([
          "PolicyUsers": [["UserName": "alice"]], "PolicyGroups": [["GroupName": "operators"]],
        ])
      case ("ListPolicyVersions", _):
        .success([
          "Versions": [
            ["VersionId": "v2", "IsDefaultVersion": true],
            ["VersionId": "v1", "IsDefaultVersion": false],
          ]
        ])
      default: .success([:])
      }
    }
    XCTAssertEqual(
      rehearsal.changes.map { $0.prefix { $0 != " " } },
      [
        "DetachRolePolicy", "DetachUserPolicy", "DetachGroupPolicy", "DeletePolicyVersion",
        "DeletePolicy",
      ])
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    let gone = Rehearsal(kind, .deleting(Self.arn)) { _ in .absent }
    XCTAssertEqual(gone.id, Self.arn, "what is gone already is deleted")
  }

  func testLeavesItAttachedWhereOthersAttachedIt() {
    let shown = [
      Observed(
        type: "AWS::IAM::ManagedPolicy", id: "arn:p", scope: .rehearsal,
        properties: ["PolicyArn": "arn:p", "ManagedPolicyName": "p", "Roles": ["ours", "others"]],
        tags: Step.ourTags)
    ]
    let desired: Document = ["ManagedPolicyName": "p", "Roles": ["ours"]]
    XCTAssertEqual(plannedChanges(ManagedPolicy(), desired, shown: shown), [])
    XCTAssertEqual(
      plannedChanges(
        ManagedPolicy(), desired, shown: shown, base: desired.with(["Roles": ["ours", "others"]])),
      ["update /Roles (update)"], "it was ours")
  }
}
