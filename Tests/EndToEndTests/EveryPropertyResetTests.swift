import Foundation
import XCTest

/// Every property that is taken out of the blueprint is reset, or said to be left as it is.
final class EveryPropertyResetTests: EndToEndTestCase {
  /// What is set as AWS has it without: taking it out changes nothing. (A bucket without ownership
  /// controls leaves objects to who wrote them; how long addresses drain is kept nowhere, nor is that
  /// a key's policy was not checked, nor how a repository is to be deleted.)
  private static let defaults: Set = [
    "Vpc/EnableDnsSupport", "Gateway/MaxDrainDurationSeconds", "Key/BypassPolicyLockoutSafetyCheck",
    "Public/OwnershipControls", "Public/PublicAccessBlockConfiguration",
    "Repository/EmptyOnDelete",
  ]

  func testVPC() throws { try assertReset(EveryProperty.vpc, ["Vpc"]) }

  func testSubnet() throws {
    let workspace = try self.workspace(
      """
      "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
      """)
    let prefix = try IPv6Range.given(to: workspace, self)
    try assertReset(
      EveryProperty.subnet.replacingOccurrences(of: EveryProperty.ipv6Prefix, with: prefix),
      ["Subnet"], in: workspace)
  }

  func testSecurityGroup() throws { try assertReset(EveryProperty.securityGroup, ["Group"]) }

  func testNAT() throws { try assertReset(EveryProperty.nat, ["Address", "Gateway"]) }

  func testPerimeter() throws {
    try assertReset(EveryProperty.perimeter, ["FromRange", "ToRange"])
  }

  func testEndpoints() throws {
    try assertReset(EveryProperty.endpoints, ["Gateway", "Interface"])
  }

  func testRole() throws { try assertReset(EveryProperty.role, ["Role"]) }

  func testLogGroup() throws { try assertReset(EveryProperty.logGroup, ["Logs"]) }

  func testBucketSafety() throws {
    try assertReset(EveryProperty.bucketSafety, ["Bucket", "Public"])
  }

  func testBucketReports() throws {
    try assertReset(
      EveryProperty.bucketReports, ["Bucket", "Catalogued", "CataloguedBefore"])
  }

  /// Applies the resources, then takes out of those named what can be changed and is not required, by
  /// the registry or by AWS itself (`essential`).
  func assertReset(
    _ resources: String, _ names: [String], essential: Set<String> = [], in given: Workspace? = nil
  ) throws {
    continueAfterFailure = true
    let workspace = try given ?? Workspace(try endpoint)
    try workspace.write("desired-state/blueprints/base.jsonc", Fixtures.blueprint(resources))
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("Everything")
    try converge(workspace)
    let registry = try Registry()
    let kinds = try JSON(parsing: workspace.trueup("kinds", "--format", "json").output)["kinds"]
    var bare = try JSON(parsing: "{\(resources)}").value as? [String: Any] ?? [:]
    var taken: [String: Set<String>] = [:]
    for name in names {
      var resource = try XCTUnwrap(bare[name] as? [String: Any])
      let type = try XCTUnwrap(resource["Type"] as? String)
      let kind = try XCTUnwrap(kinds.array.first { $0["type"].string == type })
      let fixed = kind["replacedBy"].array.compactMap(\.string)
      let properties = try XCTUnwrap(resource["Properties"] as? [String: Any])
      let kept = properties.filter { fixed.contains("/" + $0.key) }
        .merging(properties.filter { registry.required(type).contains($0.key) }) { $1 }
        .merging(properties.filter { essential.contains($0.key) }) { $1 }
      taken[name] = Set(properties.keys).subtracting(kept.keys)
      resource["Properties"] = kept
      bare[name] = resource
    }
    let text = JSON(bare).description
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(String(text.dropFirst().dropLast())))
    try workspace.commit("Bare")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.changes.map(\.resource).sorted(), names.sorted(), "\(planned.json)")
    for name in names {
      let change = planned.change(name)
      XCTAssertEqual(change?.action, "update", "\(planned.json)")
      XCTAssertEqual(change?.cause, "pending", "\(planned.json)")
      let left = planned.json["stacks"][0]["notChecked"].array
        .filter { $0["address"].string == "acme-prod/" + name }.compactMap { $0["path"].string }
      let told = Set(((change?.paths ?? []) + left).compactMap { $0.split(separator: "/").first })
        .flatMap { $0 == "Tags" ? ["Tags", "HostedZoneTags"] : [$0] }
      let expected = (taken[name] ?? []).filter { !Self.defaults.contains("\(name)/\($0)") }
      XCTAssertEqual(
        expected.subtracting(told.map(String.init)).sorted(), [],
        "\(name): taken out and not told: \(planned.json)")
    }
    let applied = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertInSync(workspace)
  }
}
