import XCTest

/// For every kind, with every supported property set to something else than its default: after an
/// apply there is nothing to do, with and without a journal.
final class EveryPropertyTests: EndToEndTestCase {
  func testNoPropertyOfTheRegistryIsLeftOut() throws {
    continueAfterFailure = true
    let kinds = try Workspace(try endpoint).trueup("kinds", "--format", "json")
    let listed = try JSON(parsing: kinds.output)["kinds"].array
    let registry = try Registry()
    XCTAssertEqual(
      Set(listed.compactMap { $0["type"].string }), Set(registry.types),
      "each type of the registry schemas has its kind")
    let covered = try EveryProperty.covered()
    for kind in listed {
      let type = try XCTUnwrap(kind["type"].string)
      let unsupported = kind["unsupported"].array.compactMap { $0["path"].string }
      let known = registry.properties(of: type)
      XCTAssertFalse(known.isEmpty, "\(type) has properties")
      let missing = known.subtracting(covered[type] ?? []).filter { path in
        !unsupported.contains { covers($0, path) }
      }
      XCTAssertEqual(
        missing.sorted(), [], "\(type): neither set by EveryProperty nor listed as not supported")
      XCTAssertEqual(
        unsupported.filter { !known.contains($0) }, [], "\(type): the registry has no such property"
      )
    }
  }

  func testVPC() throws { try assertConverges(EveryProperty.vpc) }

  func testSubnet() throws {
    let vpc = """
      "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
      """
    let workspace = try workspace(vpc)
    let prefix = try IPv6Range.given(to: workspace, self)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(
        EveryProperty.subnet.replacingOccurrences(of: EveryProperty.ipv6Prefix, with: prefix)))
    try workspace.commit("Subnets")
    try converge(workspace)
    try assertInSyncWithoutJournal(workspace)
  }

  func testSecurityGroup() throws { try assertConverges(EveryProperty.securityGroup) }

  func testGateways() throws { try assertConverges(try EveryProperty.withVPNGateway(self)) }

  func testNAT() throws { try assertConverges(EveryProperty.nat) }

  func testRoutes() throws { try assertConverges(EveryProperty.routes) }

  func testPerimeter() throws { try assertConverges(EveryProperty.perimeter) }

  func testEndpoints() throws { try assertConverges(EveryProperty.endpoints) }

  func testRole() throws { try assertConverges(EveryProperty.role) }

  func testLogGroup() throws { try assertConverges(EveryProperty.logGroup) }

  func testBucketSafety() throws { try assertConverges(EveryProperty.bucketSafety) }

  func testBucketReports() throws { try assertConverges(EveryProperty.bucketReports) }

  func assertConverges(_ resources: String) throws {
    let workspace = try workspace(resources)
    let validated = try workspace.trueup("validate")
    XCTAssertEqual(validated.code, 0, validated.everything)
    try converge(workspace)
    try assertInSyncWithoutJournal(workspace)
  }

  private func assertInSyncWithoutJournal(_ workspace: Workspace) throws {
    try workspace.remove(".trueup")
    try assertInSync(workspace)
  }
}
