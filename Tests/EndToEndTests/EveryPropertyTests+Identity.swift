extension EveryPropertyTests {
  func testPolicies() throws {
    try assertConverges(try EveryProperty.policiesWithHolders(self))
  }

  func testBucketPolicy() throws { try assertConverges(EveryProperty.bucketPolicy) }

  func testKeys() throws { try assertConverges(EveryProperty.keys) }
}

extension EveryPropertyResetTests {
  func testPolicies() throws {
    try assertReset(
      try EveryProperty.policiesWithHolders(self),
      ["Managed", "RolePolicy", "Provider"])
  }

  func testKeys() throws { try assertReset(EveryProperty.keys, ["Key"]) }
}
