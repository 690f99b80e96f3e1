import XCTest

/// Certificates of several stacks for one domain, and the record that validates all of them.
final class ValidationRecordTests: EndToEndTestCase {
  private static let zone = """
    "Zone": { "Type": "AWS::Route53::HostedZone", "Properties": { "Name": "example.com" } }
    """

  private static let certificate = """
    "Certificate": {
      "Type": "AWS::CertificateManager::Certificate",
      "Properties": {
        "DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"],
        "ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1",
        "DomainValidationOptions": [
          { "DomainName": "example.com", "HostedZoneId": { "Fn::ImportValue": "Zone" } },
          { "DomainName": "*.example.com", "HostedZoneId": { "Fn::ImportValue": "Zone" } }
        ]
      }
    }
    """

  /// The zone in a stack of its own, and two stacks with a certificate each.
  private func workspace() throws -> Workspace {
    let workspace = try workspace(Self.certificate)
    try workspace.write(
      "desired-state/blueprints/zone.jsonc",
      Fixtures.blueprint(Self.zone).replacingOccurrences(
        of: "\"Resources\":",
        with:
          "\"Outputs\": { \"Zone\": { \"Value\": { \"Ref\": \"Zone\" }, \"Export\": { \"Name\": \"Zone\" } } },\n\"Resources\":"
      ))
    try workspace.write(
      "desired-state/clients/dns-prod.jsonc", Fixtures.manifest("dns", blueprint: "zone"))
    try workspace.write("desired-state/clients/zeta-prod.jsonc", Fixtures.manifest("zeta"))
    try workspace.commit("Two of one domain")
    return workspace
  }

  private func records(_ account: String = "123456789012") throws -> [String] {
    let zones = try endpoint.aws("route53", "list_hosted_zones", account: account)["HostedZones"]
      .array
    return try zones.compactMap { $0["Id"].string }.flatMap { zone in
      try endpoint.aws(
        "route53", "list_resource_record_sets", ["HostedZoneId": zone], account: account)[
          "ResourceRecordSets"
        ].array.filter { $0["Type"].string == "CNAME" }.compactMap { $0["Name"].string }
    }
  }

  func testTheRecordGoesWithTheLastInEitherOrder() throws {
    for order in [["acme-prod", "zeta-prod"], ["zeta-prod", "acme-prod"]] {
      try endpoint.control("POST reset")
      try endpoint.configure(["verify": true, "certificateSeconds": 1])
      let workspace = try workspace()
      try converge(workspace)
      XCTAssertEqual(try records().count, 1, "the wildcard and its domain have one")
      try report(workspace, "destroy", order[0], "--yes", exits: 0)
      XCTAssertEqual(try records().count, 1, "\(order[1]) needs it")
      try report(workspace, "destroy", order[1], "--yes", exits: 0)
      XCTAssertEqual(try records(), [])
    }
  }

  func testTheZoneMayBeInAnotherAccount() throws {
    let other = "333333333333"
    let workspace = try workspace()
    try workspace.write(
      "desired-state/fleet.jsonc",
      """
      {
        "project": "cosyworld",
        "accounts": {
          "main": { "id": "123456789012", "region": "us-east-1" },
          "dns": { "id": "\(other)", "region": "us-east-1", "role": "arn:aws:iam::\(other):role/Trueup" },
        },
      }
      """)
    try workspace.edit("desired-state/clients/dns-prod.jsonc", "\"main\"", "\"dns\"")
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(
        Self.certificate.replacingOccurrences(
          of: "{ \"Fn::ImportValue\": \"Zone\" }",
          with:
            "{ \"Fn::GetStackOutput\": { \"StackName\": \"dns-prod\", \"OutputName\": \"Zone\" } }"
        ).replacingOccurrences(
          of: "\"Properties\":",
          with: "\"Metadata\": { \"Trueup\": { \"ValidationAccount\": \"dns\" } }, \"Properties\":")
      ))
    try workspace.commit("The zone elsewhere")
    try converge(workspace)
    XCTAssertEqual(try records(other).count, 1)
    XCTAssertEqual(try records(), [])
    try workspace.remove(".trueup")
    try assertInSync(workspace)
    try report(workspace, "destroy", "acme-prod", "--yes", exits: 0)
    XCTAssertEqual(try records(other).count, 1, "zeta-prod needs it")
    try report(workspace, "destroy", "zeta-prod", "--yes", exits: 0)
    XCTAssertEqual(try records(other), [])
  }

  func testBothGoTogetherWithTheirZone() throws {
    let workspace = try workspace()
    try converge(workspace)
    try report(workspace, "destroy", "acme-prod", "zeta-prod", "dns-prod", "--yes", exits: 0)
    XCTAssertEqual(
      try endpoint.aws("route53", "list_hosted_zones")["HostedZones"].array.count, 0,
      "a zone is deleted only when nothing is left in it")
  }

  func testARecordThatSomebodyTookAwayIsDriftAndWrittenAgain() throws {
    let workspace = try workspace()
    try converge(workspace)
    let zone = try physicalID("Zone", stack: "cosyworld/dns-prod")
    let sets = try endpoint.aws("route53", "list_resource_record_sets", ["HostedZoneId": zone])[
      "ResourceRecordSets"
    ].array
    let record = try XCTUnwrap(sets.first { $0["Type"].string == "CNAME" }?.value)
    try endpoint.aws(
      "route53", "change_resource_record_sets",
      [
        "HostedZoneId": zone,
        "ChangeBatch": ["Changes": [["Action": "DELETE", "ResourceRecordSet": record]]],
      ])
    let drift = try report(workspace, "drift", exits: 2)
    XCTAssertEqual(drift.changes.map(\.resource), ["Certificate", "Certificate"])
    XCTAssertEqual(Set(drift.changes.map(\.cause)), ["drift"])
    try converge(workspace)
    XCTAssertEqual(try records().count, 1)
  }

  func testARunThatDoesNotWaitWritesTheRecordAllTheSame() throws {
    try endpoint.configure(["verify": true, "certificateSeconds": 600])
    let workspace = try workspace()
    let begun = try report(workspace, "apply", "--yes", "--no-wait", exits: 0)
    XCTAssertEqual(
      begun.changes.filter { $0.resource == "Certificate" }.map { $0.json["outcome"].string },
      ["progressing", "progressing"])
    XCTAssertEqual(try records().count, 1)
  }

  func testACertificateThatWasRefusedIsReplacedByTheNextRun() throws {
    let workspace = try workspace(
      """
      "Certificate": {
        "Type": "AWS::CertificateManager::Certificate",
        "Properties": { "DomainName": "acme.invalid", "ValidationMethod": "DNS" }
      }
      """)
    let failed = try report(workspace, "apply", "--yes", exits: 1)
    let error = failed.change("Certificate")?.json["error"].string ?? ""
    XCTAssert(error.hasSuffix("is FAILED: INVALID_PUBLIC_DOMAIN"), "\(failed.json)")
    let planned = try report(workspace, "plan", exits: 2)
    XCTAssertEqual(planned.change("Certificate")?.action, "replace")
  }
}
