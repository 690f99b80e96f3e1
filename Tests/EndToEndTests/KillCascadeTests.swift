import Foundation
import XCTest

/// Replacements that take others along, old ones that go first, and destroys: killed at writes all
/// over, with the journal and without it.
final class KillCascadeTests: FaultTestCase {
  private func network(_ range: Int) -> String {
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.\(range).0.0/16" } },
    "Subnet": { "Type": "AWS::EC2::Subnet", "Properties": {
      "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.\(range).1.0/24" } },
    "Table": { "Type": "AWS::EC2::RouteTable", "Properties": { "VpcId": { "Ref": "Vpc" } } },
    "Association": { "Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": {
      "SubnetId": { "Ref": "Subnet" }, "RouteTableId": { "Ref": "Table" } } },
    "Address": { "Type": "AWS::EC2::EIP", "Properties": { "Domain": "vpc" } },
    "Nat": { "Type": "AWS::EC2::NatGateway", "Properties": {
      "SubnetId": { "Ref": "Subnet" }, "ConnectivityType": "private" } },
    "Route": { "Type": "AWS::EC2::Route", "Properties": {
      "RouteTableId": { "Ref": "Table" }, "DestinationCidrBlock": "0.0.0.0/0",
      "NatGatewayId": { "Ref": "Nat" } } },
    "Group": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
      "GroupDescription": "A group", "VpcId": { "Ref": "Vpc" } } }
    """
  }

  private func flow(_ interval: Int) -> String {
    """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Group": { "Type": "AWS::Logs::LogGroup" }, \(role("Role")),
    "Flow": { "Type": "AWS::EC2::FlowLog", "Properties": {
      "ResourceId": { "Ref": "Vpc" }, "ResourceType": "VPC", "TrafficType": "ALL",
      "LogGroupName": { "Ref": "Group" }, "MaxAggregationInterval": \(interval),
      "DeliverLogsPermissionArn": { "Fn::GetAtt": ["Role", "Arn"] } } }
    """
  }

  /// Live resources of ours by their kind.
  private func owned() throws -> [String: Int] {
    let ours: [[String: Any]] = [["Name": "tag-key", "Values": ["trueup:stack"]]]
    func count(_ operation: String, _ list: String, _ members: [String: Any]) throws -> Int {
      try endpoint.aws("ec2", operation, members)[list].array.filter {
        !["deleted", "deleting"].contains($0["State"].string ?? "")
      }.count
    }
    return [
      "vpcs": try count("describe_vpcs", "Vpcs", ["Filters": ours]),
      "subnets": try count("describe_subnets", "Subnets", ["Filters": ours]),
      "tables": try count("describe_route_tables", "RouteTables", ["Filters": ours]),
      "groups": try count("describe_security_groups", "SecurityGroups", ["Filters": ours]),
      "gateways": try count("describe_nat_gateways", "NatGateways", ["Filter": ours]),
      "addresses": try count("describe_addresses", "Addresses", ["Filters": ours]),
      "flow logs": try count("describe_flow_logs", "FlowLogs", [:]),
    ]
  }

  private func killed(
    _ before: String, _ after: String?, at skips: [Int], journals: [Bool] = [true, false],
    command: [String] = ["apply", "--yes"], expected: [String: Int]
  ) throws {
    for keepsJournal in journals {
      for (turn, skipped) in skips.enumerated() {
        let mode = turn % 2 == 0 ? "delay-reply:1500" : "hang:1500"
        let told = "killed at \(skipped), \(mode), journal: \(keepsJournal)"
        try endpoint.control("POST reset")
        try endpoint.configure(["verify": true])
        let workspace = try roomy(before)
        try report(workspace, "apply", "--yes", exits: 0)
        if let after { try rewrite(workspace, after) }
        try endpoint.configure(["fail": [["mutating": true, "skip": skipped, "mode": mode]]])
        let running = try workspace.start(command + ["--parallelism", "1"])
        try waitUntilACallHangs()
        running.kill9()
        _ = try running.finish()
        try endpoint.configure(["fail": [[String: Any]]()])
        if !keepsJournal { try forgetJournal(workspace) }
        let again = try workspace.start(command).finish()
        XCTAssertEqual(again.code, 0, "\(told): \(again.everything)")
        if after != nil { try assertInSync(workspace) }
        let left = try owned().filter { $0.value != expected[$0.key] ?? 0 }
        XCTAssert(left.isEmpty, "\(told): \(left): \(again.everything)")
      }
    }
  }

  private let one = [
    "vpcs": 1, "subnets": 1, "tables": 1, "groups": 1, "gateways": 1, "addresses": 1,
  ]

  func testACascadeKilledAtAWriteEndsClean() throws {
    try killed(network(1), network(2), at: [1, 4, 6, 7, 8, 9, 12], expected: one)
  }

  func testAFlowLogThatGoesFirstEndsClean() throws {
    try killed(flow(600), flow(60), at: [0, 1], expected: ["vpcs": 1, "flow logs": 1])
  }

  func testADestroyKilledAtAWriteEndsClean() throws {
    try killed(
      network(1), nil, at: [0, 2, 4, 6],
      command: ["destroy", "acme-prod", "--yes", "--allow-deletes", "20"], expected: [:])
  }
}
