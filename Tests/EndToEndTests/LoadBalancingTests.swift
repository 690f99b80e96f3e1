import XCTest

/// Load balancers with what others do to them, and changes that go in one order only.
final class LoadBalancingTests: EndToEndTestCase {
  private static let network = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Gateway": { "Type": "AWS::EC2::InternetGateway" },
    "Attachment": { "Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {
      "VpcId": { "Ref": "Vpc" }, "InternetGatewayId": { "Ref": "Gateway" } } },
    "First": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" },
      "CidrBlock": "10.1.1.0/24", "AvailabilityZone": "us-east-1a" } },
    "Second": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" },
      "CidrBlock": "10.1.2.0/24", "AvailabilityZone": "us-east-1b" } }
    """
  private static let type = "AWS::ElasticLoadBalancingV2::"

  /// - Parameter protection: the value of the attribute that keeps it from being deleted.
  private static func balancer(protection: String = "false") -> String {
    """
    "Balancer": { "Type": "\(type)LoadBalancer", "DependsOn": "Attachment", "Properties": {
      "Subnets": [{ "Ref": "First" }, { "Ref": "Second" }],
      "LoadBalancerAttributes": [
        { "Key": "deletion_protection.enabled", "Value": "\(protection)" }] } }
    """
  }

  private static func group(port: Int) -> String {
    """
    "Tasks": { "Type": "\(type)TargetGroup", "Properties": { "TargetType": "ip", "Protocol": "HTTP",
      "Port": \(port), "VpcId": { "Ref": "Vpc" }, "HealthCheckPath": "/health/ready" } }
    """
  }

  private static let listener = """
    "Secure": { "Type": "\(type)Listener", "Properties": { "LoadBalancerArn": { "Ref": "Balancer" },
      "Port": 443, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "Certificates": [{ "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one" }],
      "DefaultActions": [{ "Type": "forward", "TargetGroupArn": { "Ref": "Tasks" } }] } }
    """

  private static func rule(_ name: String, _ priority: Int) -> String {
    """
    "\(name)": { "Type": "\(type)ListenerRule", "Properties": { "ListenerArn": { "Ref": "Secure" },
      "Priority": \(priority),
      "Conditions": [{ "Field": "host-header", "Values": ["\(name).example.com"] }],
      "Actions": [{ "Type": "forward", "TargetGroupArn": { "Ref": "Tasks" } }] } }
    """
  }

  private func write(_ workspace: Workspace, _ resources: String...) throws {
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(resources.joined(separator: ",\n")))
    try workspace.commit("Resources")
  }

  private func mutations(after start: Int) throws -> [String] {
    try endpoint.calls().dropFirst(start).compactMap { $0["operation"].string }.filter {
      !$0.hasPrefix("Describe") && !$0.hasPrefix("Get") && !$0.hasPrefix("List")
    }
  }

  func testAnotherPortMakesAnotherGroupAndMovesListenersAndRulesToIt() throws {
    func resources(port: Int) -> String {
      [
        Self.network, Self.balancer(), Self.group(port: port), Self.listener, Self.rule("a", 10),
      ].joined(separator: ",\n")
    }
    let workspace = try workspace(resources(port: 80))
    try converge(workspace)
    let old = try physicalID("Tasks")
    try write(workspace, resources(port: 8080))
    try converge(workspace)
    let new = try physicalID("Tasks")
    XCTAssertNotEqual(old, new)
    let groups = try endpoint.aws("elbv2", "describe_target_groups")["TargetGroups"].array
    XCTAssertEqual(groups.map { $0["TargetGroupArn"].string }, [new], "the old one is gone")
    let listener = try endpoint.aws(
      "elbv2", "describe_listeners", ["ListenerArns": [try physicalID("Secure")]])
    XCTAssertEqual(listener["Listeners"][0]["DefaultActions"][0]["TargetGroupArn"].string, new)
    try assertInSync(workspace)
  }

  func testRulesTradePlacesInOneCall() throws {
    let base = [Self.network, Self.balancer(), Self.group(port: 80), Self.listener]
      .joined(separator: ",\n")
    let workspace = try workspace(
      [base, Self.rule("a", 10), Self.rule("b", 20)].joined(separator: ","))
    try converge(workspace)
    let before = try endpoint.calls().count
    try write(workspace, base, Self.rule("a", 20), Self.rule("b", 10))
    try converge(workspace)
    let made = try mutations(after: before)
    XCTAssertEqual(made.count { $0 == "SetRulePriorities" }, 1, "\(made)")
    XCTAssertEqual(made.filter { $0.hasSuffix("Rule") }, [], "\(made)")
    // A third one comes to where the first one was.
    try write(workspace, base, Self.rule("a", 30), Self.rule("b", 10), Self.rule("c", 20))
    try converge(workspace)
    try assertInSync(workspace)
  }

  func testTargetsOfOthersStay() throws {
    let group = """
      "Tasks": { "Type": "\(Self.type)TargetGroup", "Properties": { "TargetType": "ip",
        "Protocol": "HTTP", "Port": 80, "VpcId": { "Ref": "Vpc" }, "Targets": [OURS] } }
      """
    func resources(_ targets: String) -> String {
      [Self.network, group.replacingOccurrences(of: "OURS", with: targets)].joined(separator: ",")
    }
    let workspace = try workspace(resources(#"{ "Id": "10.1.1.1" }, { "Id": "10.1.1.2" }"#))
    try converge(workspace)
    let arn = try physicalID("Tasks")
    try endpoint.aws(
      "elbv2", "register_targets", ["TargetGroupArn": arn, "Targets": [["Id": "10.1.1.9"]]])
    try assertInSync(workspace)
    try write(workspace, resources(#"{ "Id": "10.1.1.2" }, { "Id": "10.1.1.3" }"#))
    try converge(workspace)
    let health = try endpoint.aws("elbv2", "describe_target_health", ["TargetGroupArn": arn])
    XCTAssertEqual(
      Set(health["TargetHealthDescriptions"].array.compactMap { $0["Target"]["Id"].string }),
      ["10.1.1.2", "10.1.1.3", "10.1.1.9"])
  }

  func testAProtectedLoadBalancerStaysUntilItsProtectionIsTakenOff() throws {
    let workspace = try workspace(
      [Self.network, Self.balancer(protection: "true")].joined(separator: ","))
    try converge(workspace)
    try write(workspace, Self.network)
    let refused = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(refused.code, 1, refused.everything)
    XCTAssert(refused.everything.contains("is protected from deletion"), refused.everything)
    try write(workspace, Self.network, Self.balancer())
    try converge(workspace)
    try write(workspace, Self.network)
    try converge(workspace)
    XCTAssertEqual(
      try endpoint.aws("elbv2", "describe_load_balancers")["LoadBalancers"].array.count, 0)
  }
}
