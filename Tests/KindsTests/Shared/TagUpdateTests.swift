import Document
import Kinds
import TrueupCore
import XCTest

/// Updates of which only tags are the cause, by the operations that each service has for them.
final class TagUpdateTests: XCTestCase {
  private static let provider = "arn:aws:iam::111122223333:oidc-provider/token.example.com"
  private static let policy = "arn:aws:iam::111122223333:policy/logs"
  private static let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"

  private func lines(_ kind: any Kind, _ id: String) throws -> [String] {
    let rehearsal = Rehearsal(
      kind,
      .updating(id, changed: [], tags: ["Name": "new"], removedTags: ["Old"], changesTags: true))
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    XCTAssertEqual(rehearsal.id, id)
    return rehearsal.changes
  }

  func testAManagedPolicyIsTagged() throws {
    XCTAssertEqual(
      try lines(ManagedPolicy(), Self.policy),
      [
        #"UntagPolicy {"PolicyArn":"\#(Self.policy)","TagKeys":["Old"]}"#,
        #"TagPolicy {"PolicyArn":"\#(Self.policy)","Tags":[{"Key":"Name","Value":"new"}]}"#,
      ])
  }

  func testAnIdentityProviderIsTagged() throws {
    XCTAssertEqual(
      try lines(OIDCProvider(), Self.provider),
      [
        #"UntagOpenIDConnectProvider {"OpenIDConnectProviderArn":"\#(Self.provider)","#
          + #""TagKeys":["Old"]}"#,
        #"TagOpenIDConnectProvider {"OpenIDConnectProviderArn":"\#(Self.provider)","#
          + #""Tags":[{"Key":"Name","Value":"new"}]}"#,
      ])
  }

  func testAKeyIsTagged() throws {
    XCTAssertEqual(
      try lines(Key(), "1234"),
      [
        #"UntagResource {"KeyId":"1234","TagKeys":["Old"]}"#,
        #"TagResource {"KeyId":"1234","Tags":[{"TagKey":"Name","TagValue":"new"}]}"#,
      ])
  }

  func testASecretIsTagged() throws {
    XCTAssertEqual(
      try lines(Secret(), Self.secret),
      [
        #"UntagResource {"SecretId":"\#(Self.secret)","TagKeys":["Old"]}"#,
        #"TagResource {"SecretId":"\#(Self.secret)","Tags":[{"Key":"Name","Value":"new"}]}"#,
      ])
  }
}
