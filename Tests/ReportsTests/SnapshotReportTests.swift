import Document
import TrueupCore
import XCTest

@testable import Reports

final class SnapshotReportTests: XCTestCase {
  private func stack(_ client: String, _ resources: [StackSnapshot.Resource]) -> StackSnapshot {
    StackSnapshot(
      id: StackID(project: "fleet", client: client, environment: "prod"),
      account: "123456789012", region: "us-east-1", resources: resources,
      facts: [.availabilityZones(account: "123456789012", region: "us-east-1"): ["a"]])
  }

  private func resource(
    _ name: String, _ type: String, _ id: String, _ properties: [String: Document]
  ) -> StackSnapshot.Resource {
    StackSnapshot.Resource(
      logicalID: name, type: type, id: id,
      scope: Scope(account: "123456789012", region: "us-east-1"), properties: properties,
      tags: ["Client": "acme"])
  }

  private var old: [StackSnapshot] {
    [
      stack(
        "acme",
        [
          resource(
            "Vpc", "AWS::EC2::VPC", "vpc-1",
            ["EnableDnsHostnames": true, "EnableDnsSupport": .null]),
          resource(
            "Front", "AWS::EC2::SecurityGroup", "sg-1",
            [
              "SecurityGroupIngress": [
                ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"]
              ]
            ]),
          resource("Logs", "AWS::Logs::LogGroup", "/logs", ["RetentionInDays": 14]),
          resource("Same", "AWS::Logs::LogGroup", "/same", [:]),
        ]), stack("beta", []), stack("zeta", []),
    ]
  }

  private var new: [StackSnapshot] {
    var acme = stack(
      "acme",
      [
        resource(
          "Vpc", "AWS::EC2::VPC", "vpc-1",
          ["EnableDnsHostnames": false, "EnableDnsSupport": true, "InstanceTenancy": "default"]),
        resource(
          "Front", "AWS::EC2::SecurityGroup", "sg-1",
          [
            "SecurityGroupIngress": [
              ["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"]
            ]
          ]),
        resource("Logs", "AWS::Logs::LogGroup", "/logs-2", ["RetentionInDays": 14]),
        resource("Same", "AWS::Logs::LogGroup", "/same", [:]),
      ])
    acme.facts = [.availabilityZones(account: "123456789012", region: "us-east-1"): ["a", "b"]]
    return [acme, stack("beta", []), stack("nova", [resource("Logs", "T", "/n", [:])])]
  }

  func testADifferenceIsToldPropertyByProperty() throws {
    let diff = SnapshotDiff(from: old, to: new)
    try assertGolden(diff.text(), "snapshot-diff.txt")
    try assertGolden(diff.json.json(indent: 2) + "\n", "snapshot-diff.json")
  }

  func testEqualSnapshotsAreTheSame() {
    XCTAssertEqual(
      SnapshotDiff(from: old, to: old.reversed()).text(), "The same: 3 stacks, 4 resources\n")
  }

  func testASummaryTellsWhatChanged() throws {
    let summary = SnapshotSummary(
      directory: "snapshots",
      files: [
        .init(stack: "zeta-dev", path: "snapshots/zeta-dev.json", status: .stale),
        .init(
          stack: "acme-prod", path: "snapshots/acme-prod.json", status: .written, resources: 8),
        .init(
          stack: "beta-prod", path: "snapshots/beta-prod.json", status: .unchanged, resources: 1),
        .init(
          stack: "nova-dev", path: "snapshots/nova-dev.json", status: .failed,
          error: "AWS::S3::Bucket could not be observed"),
      ], calls: CallCount(byService: ["ec2": 12]), seconds: 0.6)
    try assertGolden(summary.text(), "snapshot.txt")
    XCTAssertEqual(summary.exitStatus, .error)
  }

  func testOnboardingEndsWithWhatIsLeft() throws {
    let text = OnboardText(
      manifest: "desired-state/clients/acme-prod.jsonc", networks: ["VpcCidr": "10.3.0.0/16"],
      secrets: [("BotToken", "ACME_PROD_BOT_TOKEN")], toFill: ["Domain"],
      checklist: ["create the chat bot and note its token"],
      next: [
        "git add desired-state/clients/acme-prod.jsonc", "git commit -m \"Onboard acme-prod\"",
        "trueup plan --client acme --environment prod",
      ])
    try assertGolden(text.text(), "onboard.txt")
  }

  func testOffboardingSaysWhatGoesAndWhatStays() throws {
    let text = OffboardText(
      manifest: "desired-state/clients/acme-prod.jsonc", isWritten: true,
      tombstone: "{ \"data\": \"retain\", \"resources\": 1 }", data: .retain,
      resources: [
        .init(name: "Assets", type: "AWS::S3::Bucket", kept: "it holds data"),
        .init(name: "Vpc", type: "AWS::EC2::VPC", kept: nil),
      ], next: ["trueup apply --client acme --environment prod"])
    try assertGolden(text.text(), "offboard.txt")
  }

  func testAPlanFromASnapshotSaysThatAWSWasNotAsked() {
    var report = RunReport(command: .plan, revision: "4f2c91e", plan: Plan(stacks: []))
    report.snapshot = "snapshots (4f2c91e, 2026-11-14 09:00 UTC)"
    XCTAssert(
      PlanText.render(report).contains(
        "from snapshots (4f2c91e, 2026-11-14 09:00 UTC), AWS was not asked"))
    XCTAssertEqual(
      PlanJSON.render(report)["snapshot"], "snapshots (4f2c91e, 2026-11-14 09:00 UTC)")
  }
}
