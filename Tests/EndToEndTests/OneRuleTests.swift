import XCTest

/// What is declared more than once and is one to EC2, and what a group has of itself.
final class OneRuleTests: EndToEndTestCase {
  private static let vpc = """
    "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
    """

  private func group(_ properties: String = "") -> String {
    """
    "Group": { "Type": "AWS::EC2::SecurityGroup", "Properties": {
      "GroupDescription": "web", "VpcId": { "Ref": "Vpc" } \(properties) } }
    """
  }

  private func rule(_ cidr: String, _ protocolName: String = "\"tcp\"") -> String {
    #""IpProtocol": \#(protocolName), "FromPort": 443, "ToPort": 443, "CidrIp": "\#(cidr)""#
  }

  private func own(_ name: String, _ direction: String, _ rule: String) -> String {
    """
    "\(name)": { "Type": "AWS::EC2::SecurityGroup\(direction)", "Properties": {
      "GroupId": { "Fn::GetAtt": ["Group", "GroupId"] }, \(rule) } }
    """
  }

  private func write(_ workspace: Workspace, _ resources: String...) throws {
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(([Self.vpc] + resources).joined(separator: ",\n")))
    try workspace.commit("Rules")
  }

  /// The ranges that may come in, or go out.
  private func ranges(_ direction: String = "IpPermissions") throws -> [String] {
    let id = try physicalID("Group")
    let group = try endpoint.aws("ec2", "describe_security_groups", ["GroupIds": [id]])
    return group["SecurityGroups"][0][direction].array.flatMap { permission in
      permission["IpRanges"].array.compactMap { $0["CidrIp"].string }
    }.sorted()
  }

  private func assertInSyncEitherWay(_ workspace: Workspace) throws {
    try assertInSync(workspace)
    try workspace.remove(".trueup")
    try assertInSync(workspace)
  }

  func testTheSameRuleInTwoFormsIsOneRule() throws {
    let workspace = try workspace("")
    try write(
      workspace,
      group(
        #", "SecurityGroupIngress": [{ \#(rule("10.0.0.0/24")) }, { \#(rule("10.0.0.5/24", "6")) }]"#
      ), own("A", "Ingress", rule("10.2.0.0/24")), own("B", "Ingress", rule("10.2.0.9/24", "6")))
    let validated = try workspace.trueup("validate")
    XCTAssertEqual(validated.code, 0, validated.everything)
    for text in [
      "elements 1 and 2 of /SecurityGroupIngress are the same to AWS: they count as one",
      "B and A are one AWS::EC2::SecurityGroupIngress to AWS: it is created once, as A",
    ] {
      XCTAssert(validated.everything.contains(text), validated.everything)
    }
    try converge(workspace)
    XCTAssertEqual(try ranges(), ["10.0.0.0/24", "10.2.0.0/24"])
    try assertInSyncEitherWay(workspace)
    // The one of which there is a rule goes from the blueprint, and the rule stays.
    try write(
      workspace, group(#", "SecurityGroupIngress": [{ \#(rule("10.0.0.0/24")) }]"#),
      own("B", "Ingress", rule("10.2.0.9/24", "6")))
    try endpoint.forgetCalls()
    try converge(workspace)
    XCTAssertEqual(
      try endpoint.calls().count { $0["operation"].string == "RevokeSecurityGroupIngress" }, 0,
      "B takes over the rule of A")
    XCTAssertEqual(try ranges(), ["10.0.0.0/24", "10.2.0.0/24"])
  }

  func testARuleInTheGroupAndOnItsOwnIsOneRuleWhicheverGoes() throws {
    let inline = group(#", "SecurityGroupIngress": [{ \#(rule("10.0.0.0/24")) }]"#)
    let alone = own("Rule", "Ingress", rule("10.0.0.9/24", "6"))
    for (before, after) in [
      ([inline], [group(), alone]), ([group(), alone], [inline]), ([inline, alone], [inline]),
      ([inline, alone], [group(), alone]), ([inline], [inline, alone]),
    ] {
      try endpoint.control("POST reset")
      let workspace = try workspace("")
      try write(workspace, before.joined(separator: ","))
      try converge(workspace)
      XCTAssertEqual(try ranges(), ["10.0.0.0/24"])
      try write(workspace, after.joined(separator: ","))
      try endpoint.forgetCalls()
      try converge(workspace)
      XCTAssertEqual(try ranges(), ["10.0.0.0/24"])
      let revoked = try endpoint.calls().filter {
        $0["operation"].string == "RevokeSecurityGroupIngress"
      }
      XCTAssertEqual(revoked.count, 0, "no traffic is cut off in between")
      try assertInSyncEitherWay(workspace)
    }
  }

  func testTheDefaultEgressGoesWhereEgressIsDeclaredOnItsOwn() throws {
    let all = own("Out", "Egress", #""IpProtocol": "-1", "CidrIp": "0.0.0.0/0""#)
    let some = own("Out", "Egress", rule("10.9.0.0/16"))
    for isThere in [false, true] {
      for (rule, range) in [(all, "0.0.0.0/0"), (some, "10.9.0.0/16")] {
        try endpoint.control("POST reset")
        let workspace = try workspace("")
        if isThere {
          try write(workspace, group())
          try converge(workspace)
        }
        try write(workspace, group(), rule)
        let planned = try report(workspace, "plan", exits: 2)
        if isThere {
          let change = planned.change("Group")
          let isKept = range == "0.0.0.0/0"
          XCTAssertEqual(change?.paths ?? [], isKept ? [] : ["/SecurityGroupEgress"])
          XCTAssertEqual(change?.cause, isKept ? nil : "pending")
        }
        try converge(workspace)
        XCTAssertEqual(try ranges("IpPermissionsEgress"), [range])
        try assertInSyncEitherWay(workspace)
      }
    }
  }

  func testMoreRulesThanFitTogetherAreExchanged() throws {
    func rules(_ network: Int) -> String {
      let all = (0..<60).map { "{ \(rule("10.\(network).\($0).0/24")) }" }
      return #", "SecurityGroupIngress": [\#(all.joined(separator: ", "))]"#
    }
    let workspace = try workspace("")
    try write(workspace, group(rules(1)))
    try converge(workspace)
    try write(workspace, group(rules(2)))
    try converge(workspace)
    XCTAssertEqual(try ranges().count { $0.hasPrefix("10.2.") }, 60)
    XCTAssertEqual(try ranges().count, 60)
  }

  func testARuleThatIsWrittenInAnotherWayIsRevoked() throws {
    let workspace = try workspace("")
    try write(workspace, group())
    try converge(workspace)
    let id = try physicalID("Group")
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": id,
        "IpPermissions": [
          ["IpProtocol": "50", "IpRanges": [["CidrIp": "10.0.0.0/8"]]],
          [
            "IpProtocol": "icmp", "FromPort": 3, "ToPort": 4,
            "IpRanges": [["CidrIp": "10.0.0.0/8"]],
          ],
        ],
      ])
    try converge(workspace)
    XCTAssertEqual(try ranges(), [])
  }

  func testARangeThatIsTheVPCsOwnIsOneRange() throws {
    let workspace = try workspace("")
    try write(
      workspace,
      """
      "Range": { "Type": "AWS::EC2::VPCCidrBlock", "Properties": {
        "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.0.0/16" } }
      """)
    try converge(workspace)
    try assertInSyncEitherWay(workspace)
    try write(workspace)
    try converge(workspace)
    try assertInSyncEitherWay(workspace)
  }

  func testASubnetMayBeGivenTheDefaultNetworkACL() throws {
    func association(_ acl: String) -> String {
      """
      "Subnet": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" },
        "CidrBlock": "10.1.1.0/24" } },
      "Acl": { "Type": "AWS::EC2::NetworkAcl", "Properties": { "VpcId": { "Ref": "Vpc" } } }
      """
        + (acl.isEmpty
          ? ""
          : """
          , "Association": { "Type": "AWS::EC2::SubnetNetworkAclAssociation",
            "Properties": { "SubnetId": { "Ref": "Subnet" }, "NetworkAclId": \(acl) } }
          """)
    }
    let workspace = try workspace("")
    for acl in [
      #"{ "Fn::GetAtt": ["Vpc", "DefaultNetworkAcl"] }"#, #"{ "Ref": "Acl" }"#,
      #"{ "Fn::GetAtt": ["Vpc", "DefaultNetworkAcl"] }"#, "",
    ] {
      try write(workspace, association(acl))
      try converge(workspace)
      try assertInSyncEitherWay(workspace)
      let isCustom = acl.contains(#""Ref""#)
      let filters = [["Name": "association.subnet-id", "Values": [try physicalID("Subnet")]]]
      let shown = try endpoint.aws("ec2", "describe_network_acls", ["Filters": filters])
      XCTAssertEqual(shown["NetworkAcls"][0]["IsDefault"].bool, !isCustom, acl)
    }
  }
}
