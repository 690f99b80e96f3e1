import Document
import Foundation
import Kinds
import TrueupCore
import XCTest

/// `AWS::IAM::Policy` and `AWS::IAM::RolePolicy`.
final class IAMInlinePolicyTests: XCTestCase {
  private let policy = Policy()
  private let rolePolicy = RolePolicy()

  private static func document(_ action: String) -> Document {
    ["Statement": [["Effect": "Allow", "Action": .string(action), "Resource": "*"]]]
  }

  private static func holder(
    _ sort: String, _ name: String, _ policies: [String: String], owner: String? = nil
  ) -> Document {
    [
      sort + "Name": .string(name),
      sort + "PolicyList": .list(
        policies.map {
          [
            "PolicyName": .string($0.key),
            "PolicyDocument": .string(
              document($0.value).json()
                .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""),
          ]
        }),
      "Tags": owner.map { [["Key": "trueup:stack", "Value": .string("cosyworld/" + $0)]] } ?? [],
    ]
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.input["Filter"]?[0]?.string {
    case "Role":
      .success([
        "RoleDetailList": [
          holder("Role", "acme-a", ["logs": "logs:*", "own": "s3:*"], owner: "acme-prod"),
          holder("Role", "acme-b", ["logs": "logs:*"], owner: "acme-prod"),
          holder("Role", "globex", ["logs": "logs:*"], owner: "globex-prod"),
        ]
      ])
    case "User": .success(["UserDetailList": [holder("User", "alice", ["logs": "logs:*"])]])
    default: .success([:])
    }
  }

  // MARK: Policies of several

  func testShowsTheHoldersOfTheSameStackTogether() throws {
    let observation = ObservationRehearsal(
      policy, .rehearsal(properties: ["Users", "Groups"]), answer: Self.answer)
    let observed = try XCTUnwrap(observation["logs|Role/acme-a"])
    XCTAssertEqual(
      observed.properties,
      [
        "Id": "logs|Role/acme-a", "Anchor": "Role/acme-a", "PolicyName": "logs",
        "PolicyDocument": Self.document("logs:*"), "Roles": ["acme-a", "acme-b"],
        "Users": ["alice"], "Groups": [],
      ])
    XCTAssertEqual(
      observation["logs|Role/globex"]?.properties["Roles"], ["globex"],
      "another stack's policy of that name is its own")
    XCTAssertEqual(observation["own|Role/acme-a"]?.properties["Roles"], ["acme-a"])
    XCTAssertEqual(try uncovered(policy, shown: [observed]), [])
  }

  func testAPolicyThatTheBaseKnowsStandsForItsHoldersAlone() {
    let observation = ObservationRehearsal(
      policy, .rehearsal(candidates: ["logs|Role/acme-b": ["Roles"]]), answer: Self.answer)
    XCTAssertNil(observation["logs|Role/acme-a"])
    XCTAssertEqual(
      observation["logs|Role/acme-b"]?.properties["Roles"], ["acme-a", "acme-b"])
  }

  func testUsersAndGroupsAreReadOnlyWhereDeclared() {
    let observation = ObservationRehearsal(policy, .rehearsal(), answer: Self.answer)
    XCTAssertEqual(
      observation.lines, [#"GetAccountAuthorizationDetails {"Filter":["Role"]}"#])
    XCTAssertEqual(
      Set((observation["logs|Role/acme-a"]?.unread ?? [:]).keys), ["/Users", "/Groups"])
  }

  func testLeavesOutTheHoldersForWhichAnotherDescribesIt() throws {
    let observation = ObservationRehearsal(policy, .rehearsal(), answer: Self.answer)
    let observed = try XCTUnwrap(observation["logs|Role/acme-a"])
    func claim(_ name: String, _ role: String) -> Claim {
      Claim(
        type: policy.type, properties: ["PolicyName": .string(name), "Roles": [.string(role)]])
    }
    let cases: [(claims: [Claim], roles: Document)] = [
      ([claim("logs", "acme-b")], ["acme-a"]),
      ([claim("other", "acme-b")], ["acme-a", "acme-b"]),
      ([claim("logs", "acme-a")], ["acme-a", "acme-b"]),
    ]
    for (claims, roles) in cases {
      XCTAssertEqual(
        policy.without(claims, in: observed).properties["Roles"], roles, "\(claims)")
    }
  }

  func testIsPutIntoAllAndTakenFromThoseNoLongerDesired() throws {
    let desired: Document = [
      "PolicyName": "logs", "PolicyDocument": Self.document("logs:*"), "Roles": ["b", "a"],
      "Users": ["bob"], "Groups": ["operators"],
    ]
    let created = Rehearsal(policy, .creating(desired, tags: [:]))
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["PutRolePolicy", "PutRolePolicy", "PutUserPolicy", "PutGroupPolicy"])
    XCTAssertEqual(created.id, "logs|Role/a", "it is called after its first holder")
    let shown = desired.with(["Roles": ["a", "c"], "Users": ["alice"]])
    let updated = Rehearsal(
      policy, .updating("logs|Role/a", from: shown, to: desired, changed: ["Roles", "Users"]))
    XCTAssertEqual(
      updated.lines.suffix(2),
      [
        #"DeleteRolePolicy {"PolicyName":"logs","RoleName":"c"}"#,
        #"DeleteUserPolicy {"PolicyName":"logs","UserName":"alice"}"#,
      ])
    let renamed = Rehearsal(
      policy,
      .updating(
        "logs|Role/a", from: shown.with(["PolicyName": "old"]), to: desired,
        changed: ["PolicyName"]))
    XCTAssertEqual(
      renamed.lines.filter { $0.contains("Delete") }.count, 4, "the old name goes everywhere")
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + renamed.calls), [])
  }

  // MARK: Policies of one role

  func testARolePolicyIsToldByItsRoleAndName() throws {
    let observation = ObservationRehearsal(rolePolicy, .rehearsal(), answer: Self.answer)
    let observed = try XCTUnwrap(observation["own|acme-a"])
    XCTAssertEqual(
      observed.properties,
      [
        "Id": "own|acme-a", "RoleName": "acme-a", "PolicyName": "own",
        "PolicyDocument": Self.document("s3:*"),
      ])
    XCTAssertEqual(try uncovered(rolePolicy, shown: [observed]), [])
  }

  func testARolePolicyIsPutAndDeleted() throws {
    let desired: Document = [
      "RoleName": "a", "PolicyName": "own", "PolicyDocument": Self.document("s3:*"),
    ]
    let created = Rehearsal(rolePolicy, .creating(desired, tags: [:]))
    XCTAssertEqual(created.calls.map(\.operation), ["PutRolePolicy"])
    XCTAssertTrue(created.calls[0].transientCodes.contains("NoSuchEntity"))
    XCTAssertEqual(created.id, "own|a")
    var step = Step.deleting("own|a")
    step.observed = Observed(
      type: rolePolicy.type, id: "own|a", scope: .rehearsal, properties: desired)
    let deleted = Rehearsal(rolePolicy, step)
    XCTAssertEqual(deleted.lines, [#"DeleteRolePolicy {"PolicyName":"own","RoleName":"a"}"#])
    XCTAssertEqual(try modelProblems(created.calls + deleted.calls), [])
  }
}
