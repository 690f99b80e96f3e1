import AWSClient
import Document
import TrueupCore
import XCTest

@testable import Engine

/// What parameters name must be there.
final class IdentifierTests: XCTestCase {
  /// Knows some ids, and counts what it is asked.
  private actor Directory: Cloud {
    let ids: [String: [String]]
    let denied: Set<String>
    private(set) var asked: [String] = []

    init(_ ids: [String: [String]], denied: Set<String> = []) {
      self.ids = ids
      self.denied = denied
    }

    func perform(_ call: Call, in target: CallTarget, gate: any CallGate) -> Reply {
      asked.append("\(call.operation) \(target.region)")
      if denied.contains(call.operation) {
        return .failure(
          CallFailure(
            reason: .denied, service: call.service, operation: call.operation,
            message: "\(call.operation): denied"))
      }
      let names = ids["\(call.operation) \(target.region)"] ?? []
      switch call.operation {
      case "DescribeSubnets":
        return .success(["Subnets": .list(names.map { ["SubnetId": .string($0)] })])
      case "DescribeImages":
        return .success(["Images": .list(names.map { ["ImageId": .string($0)] })])
      case "ListHostedZones":
        return .success(["HostedZones": .list(names.map { ["Id": .string("/hostedzone/\($0)")] })])
      default:
        return .success([:])
      }
    }

    func read(_ read: Read, in target: CallTarget) -> Reply {
      perform(read.call, in: target, gate: OpenGate())
    }
    func accountID(for target: CallTarget) -> Result<String, CallFailure> {
      .success(target.account)
    }
    nonisolated func callCount() -> CallCount { CallCount(byService: [:]) }
  }

  private func stack(_ client: String, _ given: [(String, String, Value)]) -> DesiredStack {
    var stack = ToyFleet.stack(client, [])
    stack.givenIdentifiers = given.map {
      GivenIdentifier(parameter: $0.0, type: $0.1, value: $0.2, location: ToyFleet.location)
    }
    return stack
  }

  func testAnIDThatAWSDoesNotShowIsAnErrorOfItsStack() async {
    let image = Fact.parameter(
      name: "/ami", isList: false, account: ToyFleet.account, region: "us-east-1")
    let cloud = Directory([
      "DescribeSubnets us-east-1": ["subnet-1", "subnet-2"], "ListHostedZones us-east-1": ["Z1"],
    ])
    let subnets = "AWS::EC2::Subnet::Id"
    let findings = await IdentifierReader(cloud: cloud, facts: [image: "ami-9"]).findings([
      stack("acme", [("Subnets", subnets, .known(["subnet-1", "subnet-2"]))]),
      stack("beta", [("Subnets", subnets, .known(["subnet-1", "subnet-7"]))]),
      stack("gamma", [("Zone", "AWS::Route53::HostedZone::Id", .string("Z1"))]),
      stack("zeta", [("Ami", "AWS::EC2::Image::Id", .fact(image))]),
    ])
    XCTAssertEqual(
      findings.errors,
      [
        "beta-prod":
          "clients/toys.jsonc:1:1: Subnets is \"subnet-7\", and 111111111111 us-east-1 has no such "
          + "AWS::EC2::Subnet::Id",
        "zeta-prod":
          "clients/toys.jsonc:1:1: Ami is \"ami-9\", and 111111111111 us-east-1 has no such "
          + "AWS::EC2::Image::Id",
      ])
    let asked = await cloud.asked.sorted()
    XCTAssertEqual(
      asked,
      ["DescribeImages us-east-1", "DescribeSubnets us-east-1", "ListHostedZones us-east-1"],
      "one read for each type that is used")
  }

  func testWhatMayNotBeAskedIsSaidAndHoldsNothingUp() async {
    let cloud = Directory([:], denied: ["DescribeSubnets"])
    let findings = await IdentifierReader(cloud: cloud, facts: [:]).findings([
      stack("acme", [("Subnet", "AWS::EC2::Subnet::Id", .string("subnet-1"))])
    ])
    XCTAssertEqual(findings.errors, [:])
    XCTAssertEqual(
      findings.notes,
      [
        "parameters of type AWS::EC2::Subnet::Id are not checked in 111111111111 us-east-1: "
          + "DescribeSubnets: denied"
      ])
  }

  func testReadsFitTheirModels() throws {
    for (type, identifier) in IdentifierType.all {
      XCTAssertEqual(identifier.reads((1...50).map(String.init)).count, 1, type)
    }
    let many = (1...201).map(String.init)
    XCTAssertEqual(IdentifierType.all["AWS::EC2::VPC::Id"]?.reads(many).count, 2)
    XCTAssertEqual(IdentifierType.all["AWS::SSM::Parameter::Name"]?.reads(many).count, 5)
  }

  func testAnUnknownIDFailsItsStackAndOthersGoOn() async throws {
    let bench = try Bench()
    var acme = ToyFleet.stack("acme", [ToyFleet.net("Net")])
    acme.givenIdentifiers = [
      GivenIdentifier(
        parameter: "Vpc", type: "AWS::EC2::VPC::Id", value: .string("vpc-1"),
        location: ToyFleet.location)
    ]
    let report = try await bench.apply(
      ToyFleet.desired(acme, ToyFleet.stack("beta", [ToyFleet.net("Net")])))
    XCTAssertEqual(report.lines, ["create beta-prod/Net new succeeded"])
    XCTAssertEqual(
      report.plan.stacks[0].error,
      "clients/toys.jsonc:1:1: Vpc is \"vpc-1\", and 111111111111 us-east-1 has no such "
        + "AWS::EC2::VPC::Id")
  }
}
