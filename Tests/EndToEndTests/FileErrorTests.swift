import XCTest

/// Every mistake in a file is one clear error with its place; nothing is sent to AWS.
final class FileErrorTests: EndToEndTestCase {
  private struct Case: Sendable {
    let reason: String
    let path: String
    let old: String
    let new: String
    /// Words that the error must hold besides the file's place.
    let says: [String]
  }

  private static let base = "desired-state/blueprints/base.jsonc"
  private static let acme = "desired-state/clients/acme-prod.jsonc"

  private static let cases = [
    Case(
      reason: "overlapping ranges", path: "desired-state/clients/zeta-dev.jsonc",
      old: "10.2.0.0/16", new: "10.1.0.0/16", says: ["VpcCidr", "acme-prod"]),
    Case(
      reason: "an unknown property", path: base, old: "\"EnableDnsHostnames\"",
      new: "\"EnableDnsHostname\"", says: ["EnableDnsHostname", "EnableDnsHostnames"]),
    Case(
      reason: "a reference to a wrong type", path: base,
      old: "\"Fn::GetAtt\": [\"FrontSecurityGroup\", \"GroupId\"]", new: "\"Ref\": \"Vpc\"",
      says: ["SourceSecurityGroupId", "AWS::EC2::VPC"]),
    Case(
      reason: "a reference to nothing", path: base,
      old: "\"Fn::GetAtt\": [\"FrontSecurityGroup\", \"GroupId\"]",
      new: "\"Fn::GetAtt\": [\"FrontSecurityGroupp\", \"GroupId\"]",
      says: ["FrontSecurityGroupp", "FrontSecurityGroup"]),
    Case(
      reason: "a missing parameter", path: acme, old: "\"VpcCidr\": \"10.1.0.0/16\",", new: "",
      says: ["VpcCidr"]),
    Case(
      reason: "an unknown parameter", path: acme, old: "\"VpcCidr\"", new: "\"VpcCird\"",
      says: ["VpcCird", "VpcCidr"]),
    Case(
      reason: "a parameter outside of its constraint", path: acme, old: "10.1.0.0/16",
      new: "10.1.0.0/20", says: ["VpcCidr", "10.1.0.0/20"]),
    Case(
      reason: "a broken comment", path: base, old: "// These two are filled",
      new: "/* These two are filled", says: ["comment"]),
    Case(
      reason: "a cycle", path: base, old: "\"GroupDescription\": \"What the world may reach\"",
      new: "\"GroupDescription\": { \"Ref\": \"TaskSecurityGroup\" }",
      says: ["cycle", "FrontSecurityGroup", "TaskSecurityGroup"]),
    Case(
      reason: "a file name that does not match", path: acme, old: "\"client\": \"acme\"",
      new: "\"client\": \"acmee\"", says: ["acmee"]),
    Case(
      reason: "an unknown account", path: acme, old: "\"account\": \"main\"",
      new: "\"account\": \"mian\"", says: ["mian", "main"]),
    Case(
      reason: "a duplicate key", path: acme, old: "\"environment\": \"prod\",",
      new: "\"environment\": \"prod\", \"environment\": \"prod\",", says: ["environment"]),
    Case(
      reason: "an unknown type", path: base, old: "AWS::Logs::LogGroup",
      new: "AWS::Logs::LogGroups", says: ["AWS::Logs::LogGroups", "AWS::Logs::LogGroup"]),
    Case(
      reason: "a value of a wrong type", path: base,
      old: "\"EnableDnsSupport\": true", new: "\"EnableDnsSupport\": \"perhaps\"",
      says: ["EnableDnsSupport"]),
  ]

  func testEachMistakeIsOneErrorWithItsPlace() throws {
    continueAfterFailure = true
    for test in Self.cases {
      let workspace = try Workspace(try endpoint, examples: true)
      try workspace.edit(test.path, test.old, test.new)
      for command in ["validate", "plan"] {
        let finished = try workspace.trueup(command)
        XCTAssertEqual(finished.code, 1, "\(test.reason): \(finished.everything)")
        let place = test.path + ":"
        let line = finished.everything.split(separator: "\n").first {
          $0.contains(place) && test.says.allSatisfy($0.contains)
        }
        XCTAssertNotNil(
          line,
          "\(test.reason) should be told at \(place) with \(test.says):\n"
            + finished.everything)
        let places = finished.everything.split(separator: "\n").filter {
          $0.range(of: #"^\S+\.jsonc:[0-9]+:[0-9]+: "#, options: .regularExpression) != nil
        }
        XCTAssertEqual(places.count, 1, "\(test.reason) is told once:\n\(finished.everything)")
        XCTAssertNotNil(
          line?.range(of: #"\.jsonc:[0-9]+:[0-9]+"#, options: .regularExpression),
          "\(test.reason) has line and column: \(line ?? "")")
      }
      XCTAssertEqual(try endpoint.calls().count, 0, "\(test.reason): no call is made")
    }
  }

  func testRangesThatOverlapWithoutBeingTheSameAreTold() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.edit(Self.base, ##"^[0-9]+\\.[0-9]+\\.0\\.0/16$"##, "^[0-9./]+$")
    try workspace.edit("desired-state/clients/zeta-dev.jsonc", "10.2.0.0/16", "10.1.128.0/17")
    let finished = try workspace.trueup("validate")
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(
      finished.everything.contains("10.1.128.0/17 overlaps 10.1.0.0/16 of acme-prod"),
      finished.everything)
  }

  func testAnUnsupportedPropertyIsAnError() throws {
    let kinds = try Workspace(try endpoint).trueup("kinds", "--format", "json")
    XCTAssertEqual(kinds.code, 0, kinds.everything)
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.edit(
      Self.base, "\"VersioningConfiguration\": {",
      "\"BucketNamePrefix\": \"acme-\", \"VersioningConfiguration\": {")
    let finished = try workspace.trueup("validate")
    XCTAssertEqual(finished.code, 1, finished.everything)
    XCTAssert(finished.everything.contains("BucketNamePrefix"), finished.everything)
    XCTAssertEqual(try endpoint.calls().count, 0)
  }

  func testAllErrorsOfARunAreShown() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.edit(Self.base, "\"EnableDnsHostnames\"", "\"EnableDnsHostname\"")
    try workspace.edit(Self.base, "\"RetentionInDays\": {", "\"RetentionInDay\": {")
    try workspace.edit(Self.acme, "\"account\": \"main\"", "\"account\": \"mian\"")
    let finished = try workspace.trueup("validate")
    XCTAssertEqual(finished.code, 1)
    for word in ["EnableDnsHostname", "RetentionInDay", "mian"] {
      XCTAssert(finished.everything.contains(word), "\(word) is told:\n\(finished.everything)")
    }
  }

  func testAnAbsentOrEmptyDirectoryIsAnErrorAndRemovesNothing() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    let vpcs = try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count
    try workspace.remove("desired-state/clients")
    let empty = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(empty.code, 1, empty.everything)
    try workspace.remove("desired-state")
    let absent = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(absent.code, 1, absent.everything)
    XCTAssertEqual(try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array.count, vpcs)
  }
}
