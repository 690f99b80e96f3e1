import XCTest

/// A secret's value is never read: the id of its version shows whether it is as desired, and a label
/// who moved.
final class StoredSecretTests: EndToEndTestCase {
  private static let blueprint = """
    {
      "Parameters": { "Token": { "Type": "String", "NoEcho": true } },
      "Resources": {
        "Secret": {
          "Type": "AWS::SecretsManager::Secret",
          "Properties": { "SecretString": { "Ref": "Token" } }
        }
      }
    }
    """

  func testWhoMovedIsToldWithAndWithoutAJournal() throws {
    for keepsJournal in [true, false] {
      try endpoint.control("POST reset")
      let workspace = try applied("first")
      let told = keepsJournal ? "with a journal" : "without a journal"
      var first = true
      func cause() throws -> String? {
        // A plan makes none.
        if !keepsJournal, first { try workspace.remove(".trueup") }
        defer { first = false }
        return try report(workspace, "plan", exits: 2).change("Secret")?.cause
      }
      workspace.environment["TOKEN"] = "second"
      XCTAssertEqual(try cause(), "pending", "the source moved, \(told)")
      workspace.environment["TOKEN"] = "first"
      try put("by hand")
      XCTAssertEqual(try cause(), "drift", "somebody wrote another version, \(told)")
      workspace.environment["TOKEN"] = "second"
      XCTAssertEqual(try cause(), "conflict", "both moved, \(told)")
      try converge(workspace)
      first = true
      XCTAssertEqual(try value(), "second", told)

      let labels = try versions()
      let (current, previous) = (
        try XCTUnwrap(labels["AWSCURRENT"]), try XCTUnwrap(labels["AWSPREVIOUS"])
      )
      try endpoint.aws(
        "secretsmanager", "update_secret_version_stage",
        [
          "SecretId": try secretID(), "VersionStage": "AWSCURRENT",
          "MoveToVersionId": previous, "RemoveFromVersionId": current,
        ])
      XCTAssertEqual(try cause(), "drift", "somebody went back to an earlier version, \(told)")
      try converge(workspace)
      XCTAssertEqual(try value(), "second", told)
      XCTAssertEqual(try versions()["AWSCURRENT"], current, "the same version again, \(told)")
    }
  }

  func testItIsInSyncWithoutBeingRead() throws {
    let workspace = try applied("first")
    try endpoint.forgetCalls()
    try report(workspace, "plan", exits: 0)
    try report(workspace, "drift", exits: 0)
    let operations = Set(try endpoint.calls().compactMap { $0["operation"].string })
    XCTAssert(operations.contains("ListSecrets"), "\(operations)")
    XCTAssertEqual(
      operations.intersection(["GetSecretValue", "BatchGetSecretValue", "DescribeSecret"]), [],
      "nothing is decrypted, and the list tells all")
    let id = try XCTUnwrap(try versions()["AWSCURRENT"])
    XCTAssertEqual(id.count, 64)
    XCTAssertEqual(try versions()["trueup"], id, "the label is on what we wrote")
  }

  func testGoingBackToAnEarlierValueMovesTheLabelToItsVersion() throws {
    let workspace = try applied("first")
    let first = try XCTUnwrap(try versions()["AWSCURRENT"])
    workspace.environment["TOKEN"] = "second"
    try converge(workspace)
    let second = try XCTUnwrap(try versions()["AWSCURRENT"])
    XCTAssertNotEqual(first, second)
    workspace.environment["TOKEN"] = "first"
    XCTAssertEqual(try report(workspace, "plan", exits: 2).change("Secret")?.cause, "pending")
    try converge(workspace)
    XCTAssertEqual(
      try versions(), ["AWSCURRENT": first, "AWSPREVIOUS": second, "trueup": first],
      "no third version was made")
    XCTAssertEqual(try value(), "first")
  }

  func testWithoutItsSourceItIsNotCheckedAndAnApplyThatHasToWriteItFails() throws {
    let workspace = try applied("first")
    workspace.environment["TOKEN"] = nil
    let planned = try report(workspace, "plan", exits: 0)
    let notChecked = planned.json["stacks"][0]["notChecked"].array
    XCTAssertEqual(notChecked.compactMap { $0["path"].string }, ["/SecretString"])
    XCTAssertEqual(notChecked.compactMap { $0["reason"].string }, ["no source for Token here"])
    try endpoint.aws(
      "secretsmanager", "delete_secret",
      ["SecretId": try secretID(), "ForceDeleteWithoutRecovery": true])
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 1, applied.everything)
    XCTAssert(
      applied.everything.contains("the environment variable TOKEN is not set here"),
      applied.everything)
  }

  func testAGeneratedValueIsMadeOnce() throws {
    let workspace = try workspace(Self.blueprint, source: #"{ "generate": 24 }"#)
    try converge(workspace)
    let made = try value()
    XCTAssertEqual(made?.count, 24)
    try report(workspace, "plan", exits: 0)
    try put("rotated")
    let planned = try report(workspace, "plan", exits: 0)
    XCTAssertEqual(
      planned.json["stacks"][0]["notChecked"].array.count, 0, "it is there, and that is all")
    XCTAssertEqual(try value(), "rotated", "nobody takes a rotated value back")
  }

  func testOtherSettingsOfAGeneratedValueAreAnotherValue() throws {
    func blueprint(_ length: Int) -> String {
      Fixtures.blueprint(
        """
        "Secret": {
          "Type": "AWS::SecretsManager::Secret",
          "Properties": { "GenerateSecretString": { "PasswordLength": \(length) } }
        }
        """)
    }
    let workspace = try workspace(blueprint(20), source: nil)
    try converge(workspace)
    XCTAssertEqual(try value()?.count, 20)
    try put("rotated")
    try report(workspace, "plan", exits: 0)
    try workspace.write("desired-state/blueprints/base.jsonc", blueprint(30))
    try workspace.commit("Longer")
    try workspace.remove(".trueup")
    XCTAssertEqual(try report(workspace, "plan", exits: 2).change("Secret")?.cause, "pending")
    try converge(workspace)
    XCTAssertEqual(try value()?.count, 30)
  }

  func testOthersUseItByADynamicReferenceThatIsReadOnlyWhereItIsWritten() throws {
    func blueprint(_ key: String) -> String {
      Fixtures.blueprint(
        """
        "Secret": {
          "Type": "AWS::SecretsManager::Secret",
          "Properties": {
            "GenerateSecretString": {
              "SecretStringTemplate": "{\\"user\\":\\"admin\\"}", "GenerateStringKey": "password"
            }
          }
        },
        "Parameter": {
          "Type": "AWS::SSM::Parameter",
          "Properties": {
            "Name": "/acme/url", "Type": "String",
            "Value": {
              "Fn::Sub": "db://{{resolve:secretsmanager:${Secret}:SecretString:\(key)}}@host"
            }
          }
        }
        """)
    }
    func stored() throws -> String? {
      try endpoint.aws("ssm", "get_parameter", ["Name": "/acme/url"])["Parameter"]["Value"].string
    }
    let workspace = try workspace(blueprint("password"), source: nil)
    try converge(workspace)
    let secret = try JSON(parsing: try XCTUnwrap(try value()))
    let password = try XCTUnwrap(secret["password"].string)
    XCTAssertEqual(try stored(), "db://\(password)@host")

    try endpoint.forgetCalls()
    let planned = try report(workspace, "plan", exits: 0)
    XCTAssertEqual(
      planned.json["stacks"][0]["notChecked"].array.compactMap { $0["path"].string }, ["/Value"])
    XCTAssertFalse(
      try endpoint.calls().contains { $0["operation"].string == "GetSecretValue" },
      "a plan reads no secret")
    let journal = try Data(contentsOf: workspace.root.appendingPathComponent(".trueup/journal.db"))
    XCTAssertNil(journal.range(of: Data(password.utf8)), "the journal holds it")

    try workspace.write("desired-state/blueprints/base.jsonc", blueprint("user"))
    try workspace.commit("Another key")
    XCTAssertEqual(
      try report(workspace, "plan", exits: 2).change("Parameter")?.cause, "pending")
    try converge(workspace)
    XCTAssertEqual(try stored(), "db://admin@host")

    try workspace.write("desired-state/blueprints/base.jsonc", blueprint("nothing"))
    try workspace.commit("No such key")
    let failed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(failed.code, 1, failed.everything)
    XCTAssert(
      failed.everything.contains("the secret is no JSON object with a member nothing"),
      failed.everything)
    XCTAssertEqual(try stored(), "db://admin@host")
  }

  func testItsValueIsNoAttribute() throws {
    let blueprint = Fixtures.blueprint(
      """
      "Secret": {
        "Type": "AWS::SecretsManager::Secret", "Properties": { "GenerateSecretString": {} }
      },
      "Parameter": {
        "Type": "AWS::SSM::Parameter",
        "Properties": {
          "Type": "String", "Value": { "Fn::GetAtt": ["Secret", "SecretString"] }
        }
      }
      """)
    let validated = try workspace(blueprint, source: nil).trueup("validate")
    XCTAssertEqual(validated.code, 1, validated.everything)
    XCTAssert(
      validated.everything.contains(
        "AWS never shows SecretString of AWS::SecretsManager::Secret; name the secret by "
          + "{{resolve:secretsmanager:…}}"), validated.everything)
  }

  func testASecretThatWasDeletedByHandIsRestored() throws {
    let workspace = try applied("first")
    let id = try secretID()
    try endpoint.aws("secretsmanager", "delete_secret", ["SecretId": id])
    workspace.environment["TOKEN"] = "second"
    XCTAssertEqual(try report(workspace, "plan", exits: 2).actions, ["update acme-prod/Secret"])
    try converge(workspace)
    XCTAssertEqual(try secretID(), id, "it is the same one, with its versions")
    XCTAssertEqual(try value(), "second")
  }

  func testASaltThatWasTakenOffIsMadeAgain() throws {
    let workspace = try applied("first")
    try endpoint.aws(
      "secretsmanager", "untag_resource",
      ["SecretId": try secretID(), "TagKeys": ["trueup:salt"]])
    try report(workspace, "plan", exits: 2)
    try converge(workspace)
    XCTAssertEqual(try value(), "first")
  }

  func testItsDeletionCanBeTakenBack() throws {
    let workspace = try applied("first")
    let id = try secretID()
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", #""blueprint": "base","#,
      #""blueprint": "base", "destroy": { "data": "delete" },"#)
    try workspace.commit("Away with it")
    let destroyed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    let shown = try endpoint.aws("secretsmanager", "describe_secret", ["SecretId": id])
    XCTAssertNotNil(shown["DeletedDate"].value, "it goes in thirty days: \(shown)")
  }

  // MARK: Parts

  private func applied(_ value: String) throws -> Workspace {
    let workspace = try workspace(Self.blueprint, source: #"{ "env": "TOKEN" }"#)
    workspace.environment["TOKEN"] = value
    try converge(workspace)
    XCTAssertEqual(try self.value(), value)
    return workspace
  }

  private func workspace(_ blueprint: String, source: String?) throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.write("desired-state/blueprints/base.jsonc", blueprint)
    let secrets = source.map { #", "secrets": { "Token": \#($0) }"# } ?? ""
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc",
      """
      {
        "client": "acme", "environment": "prod", "blueprint": "base",
        "account": "main", "region": "us-east-1"\(secrets)
      }
      """)
    try workspace.commit("A secret")
    return workspace
  }

  /// The ARN of the only secret, deleted or not.
  private func secretID() throws -> String {
    let list = try endpoint.aws(
      "secretsmanager", "list_secrets", ["IncludePlannedDeletion": true])["SecretList"].array
    XCTAssertEqual(list.count, 1, "one secret")
    return try XCTUnwrap(list.first?["ARN"].string)
  }

  private func put(_ value: String) throws {
    try endpoint.aws(
      "secretsmanager", "put_secret_value",
      ["SecretId": try secretID(), "SecretString": value])
  }

  private func value() throws -> String? {
    try endpoint.aws(
      "secretsmanager", "get_secret_value", ["SecretId": try secretID()])["SecretString"]
      .string
  }

  /// The ids of versions by their labels.
  private func versions() throws -> [String: String] {
    let shown = try endpoint.aws(
      "secretsmanager", "describe_secret", ["SecretId": try secretID()])["VersionIdsToStages"]
    var versions: [String: String] = [:]
    for id in shown.keys {
      for label in shown[id].array.compactMap(\.string) { versions[label] = id }
    }
    return versions
  }
}
