import Foundation
import XCTest

/// What is scheduled for deletion and can be kept is kept; never is another one made in its place.
final class KeptFaultTests: FaultTestCase {
  private let keyed = """
    "Key": { "Type": "AWS::KMS::Key", "Properties": { "KeyPolicy": {
      "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "kms:*",
        "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Resource": "*" } ] } } },
    "Alias": { "Type": "AWS::KMS::Alias", "Properties": {
      "AliasName": "alias/main", "TargetKeyId": { "Ref": "Key" } } }
    """

  private func state(_ key: String) throws -> String? {
    try endpoint.aws("kms", "describe_key", ["KeyId": key])["KeyMetadata"]["KeyState"].string
  }

  private func keyCount() throws -> Int {
    try endpoint.aws("kms", "list_keys")["Keys"].array.count
  }

  func testAKeyThatIsScheduledForDeletionByHandIsKept() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(keyed)
      try converge(workspace)
      let key = try physicalID("Key")
      try endpoint.aws("kms", "schedule_key_deletion", ["KeyId": key])
      if !hasJournal { try forgetJournal(workspace) }
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.actions, ["update acme-prod/Key"], "journal: \(hasJournal)")
      XCTAssertEqual(planned.change("Key")?.cause, "drift", "\(planned.json)")
      try converge(workspace)
      XCTAssertEqual(try state(key), "Enabled")
      XCTAssertEqual(try keyCount(), 1)
    }
  }

  func testAKeyOfADestroyedClientIsNotTheNextOnes() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(keyed)
      try converge(workspace)
      let key = try physicalID("Key")
      try manifest(workspace, #""destroy": { "data": "delete" }"#)
      XCTAssertEqual(try workspace.trueup("apply", "--yes").code, 0)
      XCTAssertEqual(try state(key), "PendingDeletion")
      if !hasJournal { try forgetJournal(workspace) }
      try manifest(workspace, "")
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.change("Key")?.action, "blocked", "\(planned.json)")
      try endpoint.forgetCalls()
      _ = try workspace.trueup("apply", "--yes")
      XCTAssertEqual(try mutations("CreateKey"), [])
      XCTAssertEqual(try mutations("CancelKeyDeletion"), [])
      XCTAssertEqual(try state(key), "PendingDeletion")
      // The one way out; the other is to wait until KMS has deleted it.
      XCTAssertEqual(try workspace.trueup("adopt", "acme-prod/Key", key).code, 0)
      try workspace.commit("Keep the key")
      try converge(workspace)
      XCTAssertEqual(try state(key), "Enabled")
      XCTAssertEqual(try keyCount(), 1)
      try assertSettled(workspace)
    }
  }

  func testAKeyWhoseMaterialIsImportedIsNotKeptAndNoneIsMade() throws {
    let external = keyed.replacingOccurrences(
      of: #""KeyPolicy": {"#, with: #""Origin": "EXTERNAL", "Enabled": false, "KeyPolicy": {"#)
    let workspace = try roomy(external)
    try report(workspace, "apply", "--yes", exits: 0)
    let key = try physicalID("Key")
    try endpoint.aws("kms", "schedule_key_deletion", ["KeyId": key])
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.change("Key")?.action, "blocked", "\(planned.json)")
    try endpoint.forgetCalls()
    _ = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(try mutations(), [])
  }

  func testAGeneratedSecretThatWasDeletedByHandKeepsItsValue() throws {
    for hasJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try roomy(
        """
        "Secret": { "Type": "AWS::SecretsManager::Secret",
          "Properties": { "GenerateSecretString": { "PasswordLength": 20 } } }
        """)
      try converge(workspace)
      let secrets = try endpoint.aws("secretsmanager", "list_secrets")["SecretList"].array
      let id = try XCTUnwrap(secrets.first?["ARN"].string)
      func value() throws -> String? {
        try endpoint.aws("secretsmanager", "get_secret_value", ["SecretId": id])["SecretString"]
          .string
      }
      let before = try value()
      try endpoint.aws("secretsmanager", "delete_secret", ["SecretId": id])
      if !hasJournal { try forgetJournal(workspace) }
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.change("Secret")?.cause, "drift", "\(planned.json)")
      try converge(workspace)
      XCTAssertEqual(try value(), before)
    }
  }

  /// The same id as the one that somebody restored.
  func testAGeneratedSecretThatWasRestoredByHandIsInSync() throws {
    let workspace = try roomy(
      """
      "Secret": { "Type": "AWS::SecretsManager::Secret",
        "Properties": { "GenerateSecretString": { "PasswordLength": 20 } } }
      """)
    try converge(workspace)
    let secrets = try endpoint.aws("secretsmanager", "list_secrets")["SecretList"].array
    let id = try XCTUnwrap(secrets.first?["ARN"].string)
    try endpoint.aws("secretsmanager", "delete_secret", ["SecretId": id])
    try endpoint.aws("secretsmanager", "restore_secret", ["SecretId": id])
    try assertSettled(workspace)
  }
}
