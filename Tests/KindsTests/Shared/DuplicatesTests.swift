import Document
import Kinds
import TrueupCore
import XCTest

/// What is declared more than once and is one to AWS.
final class DuplicatesTests: XCTestCase {
  private typealias Properties = [String: Value]

  private func resource(
    _ name: String, _ type: String, _ properties: Properties, in stack: String = "acme-prod"
  ) -> DesiredResource {
    DesiredResource(
      address: Address(stack: stack, resource: name), type: type, scope: .rehearsal,
      properties: .object(of: properties),
      location: SourceLocation(file: "b.jsonc", position: Position(line: 1, column: 1)))
  }

  private func settled(
    _ resources: [DesiredResource], outputs: [DesiredOutput] = []
  ) -> (resources: [DesiredResource], outputs: [DesiredOutput], messages: [String]) {
    let stacks = Dictionary(grouping: resources, by: \.address.stack).sorted { $0.key < $1.key }
      .map { name, resources in
        DesiredStack(
          id: StackID(
            project: "cosyworld", client: String(name.dropLast(5)), environment: "prod"),
          account: Scope.rehearsal.account, region: "eu-west-1", resources: resources,
          outputs: outputs,
          manifest: SourceLocation(file: "m.jsonc", position: Position(line: 1, column: 1)))
      }
    var duplicates = Duplicates(catalog: .standard)
    let result = duplicates.removed(from: stacks)
    return (
      result.flatMap(\.resources), result.first?.outputs ?? [],
      duplicates.findings.map(\.message)
    )
  }

  private func reference(_ name: String, _ attribute: String? = nil) -> Value {
    .reference(Reference(Address(stack: "acme-prod", resource: name), attribute: attribute))
  }

  private func rule(_ cidr: Document, _ protocolName: Document = "tcp") -> Properties {
    [
      "IpProtocol": .known(protocolName), "FromPort": .known(80), "ToPort": .known(80),
      "CidrIp": .known(cidr),
    ]
  }

  func testTheSameRuleTwiceInAGroupIsOne() {
    let group = resource(
      "Group", "AWS::EC2::SecurityGroup",
      [
        "VpcId": reference("Vpc"),
        "SecurityGroupIngress": .list([
          .object(of: rule("10.0.0.0/24")), .object(of: rule("10.0.0.5/24", 6)),
          .object(of: rule("10.1.0.0/24")),
        ]),
      ])
    let (resources, _, messages) = settled([group])
    XCTAssertEqual(
      resources[0].properties["SecurityGroupIngress"]?.elements?.map { $0["CidrIp"]?.document },
      ["10.0.0.0/24", "10.1.0.0/24"])
    XCTAssertEqual(
      messages,
      [
        "elements 1 and 2 of /SecurityGroupIngress are the same to AWS: they count as one"
      ])
  }

  func testTheSameRuleTwiceOnItsOwnIsOne() {
    func ingress(_ name: String, _ group: Value, _ rule: Properties, in stack: String = "acme-prod")
      -> DesiredResource
    {
      resource(
        name, "AWS::EC2::SecurityGroupIngress", rule.merging(["GroupId": group]) { $1 }, in: stack)
    }
    let group = resource("Group", "AWS::EC2::SecurityGroup", [:])
    let output = DesiredOutput(name: "Rule", value: reference("B"))
    let (resources, outputs, messages) = settled(
      [
        group, ingress("A", reference("Group", "GroupId"), rule("10.0.0.0/24")),
        ingress("B", reference("Group"), rule("10.0.0.5/24", 6)),
        ingress("C", reference("Group"), rule("10.1.0.0/24")),
        ingress("D", reference("Group"), rule("10.0.0.0/24"), in: "bolt-prod"),
      ], outputs: [output])
    XCTAssertEqual(resources.map(\.address.resource), ["Group", "A", "C"])
    XCTAssertEqual(outputs.first?.value, reference("A"), "what refers to it refers to the one")
    XCTAssertEqual(
      messages,
      [
        "B and A are one AWS::EC2::SecurityGroupIngress to AWS: it is created once, as A",
        "bolt-prod/D and acme-prod/A are one AWS::EC2::SecurityGroupIngress to AWS: it is created "
          + "once, as acme-prod/A",
      ])
  }

  func testARuleInTheGroupAndOnItsOwnCountsOnItsOwn() {
    let group = resource(
      "Group", "AWS::EC2::SecurityGroup",
      [
        "SecurityGroupIngress": .list([
          .object(of: rule("10.0.0.0/24")),
          .object(of: rule("10.1.0.0/24")),
        ])
      ])
    let own = resource(
      "Rule", "AWS::EC2::SecurityGroupIngress",
      rule("10.0.0.9/24", 6).merging(["GroupId": reference("Group")]) { $1 })
    let (resources, _, messages) = settled([group, own])
    XCTAssertEqual(resources.map(\.address.resource), ["Group", "Rule"])
    XCTAssertEqual(
      resources[0].properties["SecurityGroupIngress"]?.elements?.map { $0["CidrIp"]?.document },
      ["10.1.0.0/24"])
    XCTAssertNil(resources[0].properties["SecurityGroupEgress"], "nothing lets traffic out")
    XCTAssertEqual(
      messages,
      [
        "/SecurityGroupIngress of Group declares what is Rule as well: it counts once, as Rule"
      ])
  }

  func testAGroupWithEgressOnItsOwnDeclaresNoneItself() {
    func group(_ properties: Properties = [:], rules: [DesiredResource]) -> Value? {
      settled([resource("Group", "AWS::EC2::SecurityGroup", properties)] + rules).resources
        .first { $0.address.resource == "Group" }?.properties["SecurityGroupEgress"]
    }
    func egress(in stack: String) -> DesiredResource {
      resource(
        "Out", "AWS::EC2::SecurityGroupEgress",
        ["GroupId": reference("Group"), "IpProtocol": .known("-1"), "CidrIp": .known("0.0.0.0/0")],
        in: stack)
    }
    XCTAssertNil(group(rules: []))
    XCTAssertEqual(group(rules: [egress(in: "acme-prod")]), .known([]))
    XCTAssertEqual(group(rules: [egress(in: "bolt-prod")]), .known([]), "whoever declares it")
    let own: Value = .known([["IpProtocol": "-1", "CidrIpv6": "::/0"]])
    XCTAssertEqual(
      group(["SecurityGroupEgress": own], rules: [egress(in: "acme-prod")]), own)
  }

  func testPartsOfRolesAndTopicsCountOnTheirOwnAsWell() {
    let role = resource(
      "Role", "AWS::IAM::Role",
      [
        "RoleName": .known("web"),
        "Policies": .known([["PolicyName": "p"], ["PolicyName": "q"]]),
        "ManagedPolicyArns": .known(["arn:a", "arn:b", "arn:a"]),
      ])
    let policy = resource(
      "Policy", "AWS::IAM::RolePolicy",
      ["RoleName": .known("web"), "PolicyName": .known("p")])
    let topic = resource(
      "Topic", "AWS::SNS::Topic",
      ["Subscription": .known([["Protocol": "email", "Endpoint": "a@example.com"]])])
    let subscription = resource(
      "Subscription", "AWS::SNS::Subscription",
      [
        "TopicArn": reference("Topic"), "Protocol": .known("email"),
        "Endpoint": .known("a@example.com"),
      ])
    let (resources, _, messages) = settled([role, policy, topic, subscription])
    XCTAssertEqual(resources[0].properties["Policies"]?.document, [["PolicyName": "q"]])
    XCTAssertEqual(resources[0].properties["ManagedPolicyArns"]?.document, ["arn:a", "arn:b"])
    XCTAssertEqual(resources[2].properties["Subscription"]?.document, [])
    XCTAssertEqual(messages.count, 3)
  }

  func testEqualRoutesAreOneAndOthersAreNot() {
    func route(_ name: String, _ cidr: Document, to gateway: String) -> DesiredResource {
      resource(
        name, "AWS::EC2::Route",
        [
          "RouteTableId": reference("Table"), "DestinationCidrBlock": .known(cidr),
          "GatewayId": reference(gateway),
        ])
    }
    let (resources, _, messages) = settled([
      route("A", "10.0.0.0/24", to: "X"), route("B", "10.0.0.7/24", to: "X"),
      route("C", "10.0.0.0/24", to: "Y"),
    ])
    XCTAssertEqual(resources.map(\.address.resource), ["A", "C"], "two targets are a collision")
    XCTAssertEqual(messages, ["B and A are one AWS::EC2::Route to AWS: it is created once, as A"])
  }

  func testARangeThatIsTheVPCsOwnIsOne() {
    let vpc = resource("Vpc", "AWS::EC2::VPC", ["CidrBlock": .known("10.0.0.0/16")])
    let range = resource(
      "Range", "AWS::EC2::VPCCidrBlock",
      ["VpcId": reference("Vpc"), "CidrBlock": reference("Vpc", "CidrBlock")])
    let (resources, _, messages) = settled([vpc, range])
    XCTAssertEqual(resources, [vpc, range])
    XCTAssertEqual(
      messages, ["/CidrBlock of Vpc declares what is Range as well: it counts once"])
  }

  func testNothingIsChangedWhereNothingIsDeclaredTwice() {
    let all = [
      resource(
        "Policy", "AWS::IAM::Policy",
        ["PolicyName": .known("p"), "Roles": .list([reference("A"), reference("B")])]),
      resource("A", "AWS::IAM::Role", [:]), resource("B", "AWS::IAM::Role", [:]),
      resource(
        "Record", "AWS::Route53::RecordSet",
        ["Type": .known("A"), "ResourceRecords": .known(["1.2.3.4", "1.2.3.5"])]),
      resource(
        "Twin", "AWS::Route53::RecordSet",
        ["Type": .known("TXT"), "ResourceRecords": .known([#""a""#, #""A""#])]),
    ]
    let (resources, _, messages) = settled(all)
    XCTAssertEqual(resources, all)
    XCTAssertEqual(messages, [])
  }
}
