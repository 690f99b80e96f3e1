import TrueupCore
import XCTest

/// Dynamic references to secrets. Source of the forms: CloudFormation User Guide, "Get a secret or secret
/// value from Secrets Manager".
final class StoredSecretTests: XCTestCase {
  private static let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:MySecret-a1b2c3"

  func testAllFormsOfAReferenceAreRead() throws {
    let cases: [(text: String, id: String, key: String?, stage: String?, version: String?)] = [
      ("secretsmanager:MySecret", "MySecret", nil, nil, nil),
      ("secretsmanager:MySecret:SecretString:user", "MySecret", "user", nil, nil),
      ("secretsmanager:MySecret:SecretString", "MySecret", nil, nil, nil),
      ("secretsmanager:MySecret:::", "MySecret", nil, nil, nil),
      ("secretsmanager:a/b:SecretString:user:AWSPREVIOUS", "a/b", "user", "AWSPREVIOUS", nil),
      ("secretsmanager:MySecret:SecretString:user::V1", "MySecret", "user", nil, "V1"),
      (
        "secretsmanager:\(Self.arn):SecretString:user:AWSCURRENT", Self.arn, "user", "AWSCURRENT",
        nil
      ),
      ("{{resolve:secretsmanager:\(Self.arn)}}", Self.arn, nil, nil, nil),
    ]
    for (text, id, key, stage, version) in cases {
      let secret = try XCTUnwrap(StoredSecret(text), text)
      XCTAssertEqual(secret.id, id, text)
      XCTAssertEqual(secret.key, key, text)
      XCTAssertEqual(secret.stage, stage, text)
      XCTAssertEqual(secret.version, version, text)
    }
  }

  func testWhatIsNoReferenceToASecretIsNotTakenForOne() {
    for text in [
      "secretsmanager", "secretsmanager:", "ssm:name", "secretsmanager:MySecret:SecretBinary",
      "secretsmanager:MySecret:SecretString:user:AWSCURRENT:V1",
      "secretsmanager:MySecret:SecretString:a:b:c:d", "secretsmanager:arn:aws:secretsmanager",
    ] {
      XCTAssertNil(StoredSecret(text), text)
    }
  }

  func testTheValueIsAllOfTheSecretOrOneMember() throws {
    let whole = try XCTUnwrap(StoredSecret("secretsmanager:s"))
    XCTAssertEqual(whole.value(in: "text"), "text")
    let member = try XCTUnwrap(StoredSecret("secretsmanager:s:SecretString:port"))
    XCTAssertEqual(member.value(in: #"{"port": 5432}"#), "5432")
    XCTAssertNil(member.value(in: #"{"user": "a"}"#))
    XCTAssertNil(member.value(in: "text"))
  }

  func testItIsASecretWhoseNameMayBeTold() throws {
    let text = "secretsmanager:s:SecretString:user"
    let value = try Value.calling(.resolve, [.string(text), .string("acme-prod")])
    XCTAssertEqual(value.secrets.compactMap { $0.stored?.id }, ["s"])
    XCTAssertEqual(value.redacted, .secret("{{resolve:secretsmanager:s:SecretString:user}}"))
    let open = Value.reference(Reference(Address(stack: "acme-prod", resource: "Secret")))
    let later = try Value.calling(
      .resolve,
      [
        try .calling(
          .join, [.string(""), .list(of: [.string("secretsmanager:"), open])]),
        .string("acme-prod"),
      ])
    XCTAssertEqual(later.secrets, [], "its name is not known yet")
    let named = try later.evaluated { leaf in
      if case .reference = leaf { .string(Self.arn) } else { nil }
    }
    XCTAssertEqual(named.secrets.compactMap { $0.stored?.id }, [Self.arn])
    XCTAssertThrowsError(
      try later.evaluated { _ in "x:SecretBinary" }, "the whole is checked once it is known")
  }
}
