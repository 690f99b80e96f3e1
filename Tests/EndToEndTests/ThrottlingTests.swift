import Foundation
import XCTest

/// Under limits such as AWS has, calls are spaced so that hardly any is refused.
final class ThrottlingTests: EndToEndTestCase {
  private func fleet(of count: Int) throws -> Workspace {
    let workspace = try workspace(Fixtures.network + ",\n" + Fixtures.logs)
    for client in 1..<count {
      try workspace.write(
        "desired-state/clients/c\(client)-dev.jsonc",
        Fixtures.manifest(
          "c\(client)", "dev", parameters: "\"VpcCidr\": \"10.\(client + 10).0.0/16\""))
    }
    try workspace.commit("\(count) clients")
    return workspace
  }

  private func assertHardlyThrottled(_ what: String) throws {
    let calls = try endpoint.calls()
    let refused = calls.filter { call in
      ["RequestLimitExceeded", "Throttling", "ThrottlingException"].contains(call["code"].string)
    }
    XCTAssertFalse(calls.isEmpty)
    XCTAssertLessThan(
      Double(refused.count) / Double(calls.count), 0.05,
      "\(what): \(refused.count) of \(calls.count) calls were throttled")
  }

  func testUnderAWSsLimitsARunSucceedsAndHardlyACallIsThrottled() throws {
    let workspace = try fleet(of: 16)
    try endpoint.configure(["limits": "published"])
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes", timeout: 300)
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertHardlyThrottled("apply")
    try endpoint.forgetCalls()
    try report(workspace, "plan", exits: 0)
    try assertHardlyThrottled("plan")
  }

  func testZonesAndRecordsKeepToRoute53sRate() throws {
    let records = (1...8).map { number in
      """
      "Record\(number)": {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
          "HostedZoneId": { "Ref": "Zone" }, "Type": "A", "TTL": "60",
          "Name": { "Fn::Sub": "r\(number).${AWS::StackName}.example.com" },
          "ResourceRecords": ["192.0.2.\(number)"]
        }
      }
      """
    }
    let zone = """
      "Zone": {
        "Type": "AWS::Route53::HostedZone",
        "Properties": { "Name": { "Fn::Sub": "${AWS::StackName}.example.com" } }
      }
      """
    let workspace = try workspace(([zone] + records).joined(separator: ",\n"))
    for client in 1..<4 {
      try workspace.write(
        "desired-state/clients/c\(client)-dev.jsonc", Fixtures.manifest("c\(client)", "dev"))
    }
    try workspace.commit("Zones")
    try endpoint.configure(["limits": "published"])
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes", timeout: 300)
    XCTAssertEqual(applied.code, 0, applied.everything)
    try assertHardlyThrottled("apply")
    // Of what the run before took, the next one knows nothing.
    Thread.sleep(forTimeInterval: 1.5)
    try endpoint.forgetCalls()
    try report(workspace, "plan", exits: 0)
    try assertHardlyThrottled("plan")
    let calls = try endpoint.calls().count { $0["service"].string == "route53" }
    XCTAssertLessThanOrEqual(calls, 5, "the list of zones, and one of records for each zone")
  }

  func testUnderLowerLimitsThanAreKnownARunLearnsAndSucceeds() throws {
    let workspace = try fleet(of: 8)
    try endpoint.configure(["limits": [["service": "ec2", "rate": 8, "burst": 8]]])
    let applied = try workspace.trueup("apply", "--yes", timeout: 300)
    XCTAssertEqual(applied.code, 0, applied.everything)
  }

  func testATraceHasALineForEachCallAndNoSecret() throws {
    let workspace = try workspace(Fixtures.network)
    try endpoint.configure([
      "fail": [["operation": "DescribeSubnets", "mode": "error:RequestLimitExceeded:503"]]
    ])
    try endpoint.forgetCalls()
    let applied = try workspace.trueup("apply", "--yes", "--trace", "calls.trace")
    XCTAssertEqual(applied.code, 0, applied.everything)
    let text = try workspace.read("calls.trace")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    XCTAssertEqual(lines.count, try endpoint.calls().count, text)
    for line in lines {
      XCTAssertGreaterThanOrEqual(line.count, 8, "\(line)")
      XCTAssertNotNil(Int(line[5].dropLast(2)), "milliseconds: \(line)")
      XCTAssert(line[7].hasPrefix("request=") && line[7] != "request=-", "\(line)")
    }
    let subnets = lines.filter { $0[2] == "DescribeSubnets" }
    XCTAssertEqual(subnets.first?[4], "503")
    XCTAssertEqual(subnets.first?.last, "error=RequestLimitExceeded")
    XCTAssertEqual(subnets.dropFirst().first?[6], "attempt=2")
    XCTAssertFalse(text.contains("test-secret") || text.contains("AKIA"), text)
  }
}
