import Foundation
import XCTest

/// A client's whole network: it converges, is kept, costs few calls, and goes in an order that AWS takes.
final class NetworkTests: EndToEndTestCase {
  private func network(_ clients: [String: String]) throws -> Workspace {
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.remove("desired-state/clients")
    for (index, client) in clients.sorted(by: { $0.key < $1.key }).enumerated() {
      let parameters =
        "\"VpcCidr\": \"10.\(index + 50).0.0/16\""
        + (client.value.isEmpty ? "" : ", \(client.value)")
      try workspace.write(
        "desired-state/clients/\(client.key)-prod.jsonc",
        Fixtures.manifest(client.key, blueprint: "network", parameters: parameters))
    }
    try workspace.commit("Networks")
    return workspace
  }

  func testEachFormOfTheNetworkConverges() throws {
    let workspace = try network([
      "acme": "", "bolt": "\"Zones\": 3, \"NatGateways\": \"per-zone\"",
      "nova": "\"NatGateways\": \"none\", \"FlowLogs\": \"no\"",
      "zeta": "\"Zones\": 3, \"InterfaceEndpoints\": \"yes\"",
    ])
    try converge(workspace)
    try workspace.remove(".trueup")
    try assertInSync(workspace)
    let gateways = try endpoint.aws("ec2", "describe_nat_gateways")["NatGateways"].array
    XCTAssertEqual(gateways.count, 5, "one, three, none and one")
  }

  /// As public templates have it: subnets take their IPv6 ranges from the one that Amazon gives to the
  /// VPC after it is made.
  func testSubnetsTakeTheirRangesOfOneThatTheVPCGetsLater() throws {
    let vpc = """
      "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
      """
    func subnet(_ ipv6: String) -> String {
      """
      "Subnet": { "Type": "AWS::EC2::Subnet", \(ipv6.isEmpty ? "" : "\"DependsOn\": \"Range\",")
        "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.1.0/24" \(ipv6) } }
      """
    }
    let range = """
      "Range": { "Type": "AWS::EC2::VPCCidrBlock",
        "Properties": { "VpcId": { "Ref": "Vpc" }, "AmazonProvidedIpv6CidrBlock": true } },
      "Gateway": { "Type": "AWS::EC2::EgressOnlyInternetGateway",
        "Properties": { "VpcId": { "Ref": "Vpc" } } },
      "Table": { "Type": "AWS::EC2::RouteTable", "Properties": { "VpcId": { "Ref": "Vpc" } } },
      "Out": { "Type": "AWS::EC2::Route",
        "Properties": { "RouteTableId": { "Ref": "Table" }, "DestinationIpv6CidrBlock": "::/0",
          "EgressOnlyInternetGatewayId": { "Ref": "Gateway" } } }
      """
    let taken = """
      , "Ipv6CidrBlock": { "Fn::Select": [0, { "Fn::Cidr": [
          { "Fn::Select": [0, { "Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"] }] }, 2, 64] }] }
      """
    let workspace = try Workspace(try endpoint)
    for isThere in [false, true] {
      let client = isThere ? "bolt" : "acme"
      let blueprint = "desired-state/blueprints/\(client).jsonc"
      try workspace.write(
        "desired-state/clients/\(client)-prod.jsonc",
        Fixtures.manifest(client, blueprint: client))
      if isThere {
        try workspace.write(
          blueprint, Fixtures.blueprint([vpc, subnet("")].joined(separator: ",")))
        try workspace.commit("IPv4 alone")
        try converge(workspace)
      }
      try workspace.write(
        blueprint, Fixtures.blueprint([vpc, range, subnet(taken)].joined(separator: ",")))
      try workspace.commit("IPv6 as well")
      let planned = try report(workspace, "plan", exits: 2)
      XCTAssertEqual(planned.change("Subnet")?.action, isThere ? "update" : "create")
      try converge(workspace)
      let id = try physicalID("Subnet", stack: "cosyworld/\(client)-prod")
      let subnets = try endpoint.aws("ec2", "describe_subnets", ["SubnetIds": [id]])["Subnets"]
      let ranges = subnets.array.first?["Ipv6CidrBlockAssociationSet"].array ?? []
      XCTAssertEqual(
        ranges.compactMap { $0["Ipv6CidrBlock"].string }.filter { $0.hasSuffix("::/64") }.count, 1,
        "\(ranges)")
      try workspace.remove(".trueup")
      try assertInSync(workspace)
    }
  }

  func testWhatSomebodyPutsIntoARouteTableIsTakenAway() throws {
    let workspace = try network(["acme": ""])
    try converge(workspace)
    let table = try physicalID("PublicRoutes")
    let gateway = try physicalID("InternetGateway")
    try endpoint.aws(
      "ec2", "create_route",
      ["RouteTableId": table, "DestinationCidrBlock": "192.168.0.0/16", "GatewayId": gateway])
    for hasJournal in [true, false] {
      if !hasJournal { try workspace.remove(".trueup") }
      let drift = try report(workspace, "drift", exits: 2)
      XCTAssertEqual(drift.changes.map(\.action), ["delete"], "journal: \(hasJournal)")
      XCTAssertEqual(drift.changes.map(\.resource), ["\(table)|192.168.0.0/16"])
    }
    try converge(workspace)
  }

  func testANetworkGoesInAnOrderThatAWSTakes() throws {
    let workspace = try network([
      "acme": "\"NatGateways\": \"per-zone\", \"InterfaceEndpoints\": \"yes\""
    ])
    try converge(workspace)
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"client\"",
      "\"destroy\": { \"data\": \"delete\" }, \"client\"")
    try workspace.commit("Let acme go")
    try endpoint.forgetCalls()
    let destroyed = try workspace.trueup(
      "apply", "--yes", "--allow-deletes", "100")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    let calls = try endpoint.calls().compactMap { $0["operation"].string }
    func last(_ operation: String) -> Int { calls.lastIndex(of: operation) ?? Int.max }
    func first(_ operation: String) -> Int { calls.firstIndex(of: operation) ?? -1 }
    for (before, after) in [
      ("DeleteRoute", "DetachInternetGateway"), ("DeleteNatGateway", "ReleaseAddress"),
      ("ReleaseAddress", "DetachInternetGateway"), ("DeleteNatGateway", "DetachInternetGateway"),
      ("DetachInternetGateway", "DeleteInternetGateway"), ("DetachInternetGateway", "DeleteVpc"),
      ("DisassociateRouteTable", "DeleteRouteTable"), ("DeleteSubnet", "DeleteVpc"),
      ("DeleteVpcEndpoints", "DeleteSecurityGroup"), ("DeleteRouteTable", "DeleteVpc"),
      ("DeleteFlowLogs", "DeleteVpc"), ("DeleteFlowLogs", "DeleteRole"),
    ] {
      XCTAssertNotEqual(last(before), Int.max, "\(before) was not called")
      XCTAssertGreaterThan(first(after), -1, "\(after) was not called")
      // Of what there are several, each goes with its own.
      if ["DeleteRoute", "DisassociateRouteTable"].contains(before) || after == "ReleaseAddress" {
        XCTAssertLessThan(first(before), first(after), "\(before) before \(after)")
      } else {
        XCTAssertLessThan(last(before), first(after), "\(before) before \(after)")
      }
    }
    let left = try endpoint.aws("resourcegroupstaggingapi", "get_resources")[
      "ResourceTagMappingList"
    ].array.filter { $0["Tags"].tags["trueup:stack"] != nil }
    // Gateways that are gone are shown for an hour.
    XCTAssertEqual(
      left.compactMap { $0["ResourceARN"].string }.filter { !$0.contains(":natgateway/") }, [],
      "nothing is left")
  }

  func testCallsOfANoOpPlanDoNotGrowWithNetworks() throws {
    var bulk: [Int: Int] = [:]
    for count in [1, 5] {
      try endpoint.control("POST reset")
      let workspace = try network(
        Dictionary(uniqueKeysWithValues: (1...count).map { ("c\($0)", "") }))
      try converge(workspace)
      try endpoint.forgetCalls()
      try report(workspace, "plan", exits: 0)
      let calls = try endpoint.calls()
      let attributes = calls.count { $0["operation"].string == "DescribeVpcAttribute" }
      XCTAssertEqual(attributes, 2 * count, "AWS tells two attributes of a VPC one by one")
      bulk[count] = calls.count - attributes
    }
    XCTAssertEqual(bulk[1], bulk[5], "all lists fit into a page each")
    // Identity, zones, the sweep, roles, log groups, and nine lists of EC2.
    XCTAssertLessThanOrEqual(bulk[1] ?? .max, 14)
  }
}
