import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::IAM::OIDCProvider` and `AWS::IAM::InstanceProfile`.
final class IAMProviderTests: XCTestCase {
  private let provider = OIDCProvider()
  private let profile = InstanceProfile()
  private static let arn =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  private static let url = "https://token.actions.githubusercontent.com"

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListOpenIDConnectProviders":
      .success([
        "OpenIDConnectProviderList": [
          ["Arn": .string(arn)],
          ["Arn": "arn:aws:iam::111122223333:oidc-provider/example.com/other"],
        ]
      ])
    case "GetOpenIDConnectProvider":
      .success([
        "Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"],
        "ThumbprintList": ["aa"], "Tags": .ourTagList,
      ])
    case "ListInstanceProfiles":
      .success([
        "InstanceProfiles": [
          [
            "InstanceProfileName": "acme", "Path": "/", "Arn": "arn:profile",
            "Roles": [["RoleName": "task"]],
          ]
        ]
      ])
    case "ListInstanceProfileTags": .success(["Tags": .ourTagList])
    default: .success([:])
    }
  }

  func testReadsOnlyTheProvidersThatConcernUs() throws {
    var context = ReadContext.rehearsal()
    context.values["Url"] = [Self.url]
    let observation = ObservationRehearsal(provider, context, answer: Self.answer)
    XCTAssertEqual(
      observation.lines.filter { $0.hasPrefix("GetOpen") },
      [#"GetOpenIDConnectProvider {"OpenIDConnectProviderArn":"\#(Self.arn)"}"#])
    let observed = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(
      observed.properties,
      [
        "Arn": .string(Self.arn), "Url": .string(Self.url),
        "ClientIdList": ["sts.amazonaws.com"], "ThumbprintList": ["aa"],
      ])
    XCTAssertEqual(observed.tags, Step.ourTags)
    let other = try XCTUnwrap(observation.observed.first { $0.id != Self.arn })
    XCTAssertEqual(other.properties["Url"], "https://example.com/other")
    XCTAssertNotNil(other.unread["/ClientIdList"], "nobody asked for it")
    XCTAssertEqual(try uncovered(provider, shown: [observed]), [])
  }

  func testAProviderThatMayNotBeReadIsThereAllTheSame() {
    let observation = ObservationRehearsal(
      provider, .rehearsal(candidates: [Self.arn: ["ClientIdList"]])
    ) { $0.operation == "GetOpenIDConnectProvider" ? denied($0) : Self.answer($0) }
    XCTAssertEqual(
      observation[Self.arn]?.unread["/ClientIdList"], "GetOpenIDConnectProvider is not allowed")
    XCTAssertNotNil(observation[Self.arn]?.unread["/Tags"])
  }

  func testCreatesChangesAndDeletesAProvider() throws {
    let desired: Document = [
      "Url": .string(Self.url), "ClientIdList": ["kept", "new"],
      "ThumbprintList": [.string(String(repeating: "a", count: 40))],
    ]
    let created = Rehearsal(provider, .creating(desired)) { _ in
      .success(["OpenIDConnectProviderArn": .string(Self.arn)])
    }
    XCTAssertEqual(created.calls.map(\.operation), ["CreateOpenIDConnectProvider"])
    XCTAssertEqual(created.attributes?["Arn"], .string(Self.arn))
    let updated = Rehearsal(
      provider,
      .updating(
        Self.arn, from: ["ClientIdList": ["kept", "old"]], to: desired,
        changed: ["ClientIdList", "ThumbprintList"], changesTags: true))
    XCTAssertEqual(
      updated.calls.map(\.operation),
      [
        "AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider",
        "UpdateOpenIDConnectProviderThumbprint", "TagOpenIDConnectProvider",
      ])
    XCTAssertEqual(updated.calls[1].input["ClientID"], "old")
    let deleted = Rehearsal(provider, .deleting(Self.arn))
    XCTAssertEqual(deleted.calls.map(\.operation), ["DeleteOpenIDConnectProvider"])
    XCTAssertEqual(try modelProblems(updated.calls + deleted.calls), [])
  }

  func testShowsAProfileWithItsRoleAndTags() throws {
    let observation = ObservationRehearsal(
      profile, .rehearsal(candidates: ["acme": ["Roles"]]), answer: Self.answer)
    let observed = try XCTUnwrap(observation["acme"])
    XCTAssertEqual(
      observed.properties,
      ["InstanceProfileName": "acme", "Path": "/", "Arn": "arn:profile", "Roles": ["task"]])
    XCTAssertEqual(observed.tags, Step.ourTags)
    XCTAssertEqual(try uncovered(profile, shown: [observed]), [])
  }

  func testAProfilesOldRoleGoesBeforeTheNewOneComes() throws {
    let desired: Document = ["InstanceProfileName": "acme", "Roles": ["new"]]
    let created = Rehearsal(profile, .creating(desired))
    XCTAssertEqual(
      created.calls.map(\.operation), ["CreateInstanceProfile", "AddRoleToInstanceProfile"])
    let updated = Rehearsal(
      profile, .updating("acme", from: ["Roles": ["old"]], to: desired, changed: ["Roles"]))
    XCTAssertEqual(
      updated.calls.map(\.operation),
      ["RemoveRoleFromInstanceProfile", "AddRoleToInstanceProfile"])
    var step = Step.deleting("acme")
    step.observed = Observed(
      type: profile.type, id: "acme", scope: .rehearsal, properties: desired)
    let deleted = Rehearsal(profile, step)
    XCTAssertEqual(
      deleted.calls.map(\.operation), ["RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"])
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }

  func testATagThatIsNoLongerDeclaredIsTakenOffAProfile() throws {
    let updated = Rehearsal(
      profile,
      .updating("acme", changed: [], tags: [:], removedTags: ["Team"], changesTags: true))
    XCTAssertEqual(
      updated.changes,
      [#"UntagInstanceProfile {"InstanceProfileName":"acme","TagKeys":["Team"]}"#])
    XCTAssertEqual(try modelProblems(updated.calls), [])
  }
}
