extension EveryPropertyTests {
  func testPolicies() throws {
    try assertConverges(try EveryProperty.policiesWithHolders(self))
  }

  func testBucketPolicy() throws { try assertConverges(EveryProperty.bucketPolicy) }

  func testKeys() throws { try assertConverges(EveryProperty.keys) }

  func testSecrets() throws { try assertConverges(EveryProperty.secrets) }
}

extension EveryPropertyResetTests {
  /// Without the roles of the managed policy: they too tell that they lose it.
  func testPolicies() throws {
    let policies = try EveryProperty.policiesWithHolders(self)
    try assertReset(
      policies.replacingOccurrences(
        of: #""Roles": [{ "Ref": "First" }, { "Ref": "Second" }],"#, with: ""),
      ["Managed", "Provider"])
  }

  func testKeys() throws { try assertReset(EveryProperty.keys, ["Key"]) }

  func testSecrets() throws { try assertReset(EveryProperty.secrets, ["Secret"]) }
}
