import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElasticLoadBalancingV2::LoadBalancer`.
final class LoadBalancerTests: XCTestCase {
  private let balancer = LoadBalancer()
  private static let arn = Balancing.balancer
  private static let shown: Document = [
    "LoadBalancerArn": .string(arn), "DNSName": "web-1.eu-west-1.elb.amazonaws.com",
    "CanonicalHostedZoneId": "Z32O12XQLNTSW2", "LoadBalancerName": "web",
    "Scheme": "internet-facing", "VpcId": "vpc-1", "State": ["Code": "active"],
    "Type": "application", "CreatedTime": 1_700_000_000, "IpAddressType": "ipv4",
    "SecurityGroups": ["sg-1"], "IpamPools": ["Ipv4IpamPoolId": "ipam-pool-1"],
    "EnablePrefixForIpv6SourceNat": "off",
    "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "on",
    "AvailabilityZones": [
      [
        "ZoneName": "eu-west-1a", "SubnetId": "subnet-1",
        "LoadBalancerAddresses": [["AllocationId": "eipalloc-1", "IpAddress": "192.0.2.1"]],
      ],
      ["ZoneName": "eu-west-1b", "SubnetId": "subnet-2"],
    ],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeLoadBalancers", "CreateLoadBalancer": .success(["LoadBalancers": [shown]])
    case "GetResources": Balancing.sweep(arn)
    case "DescribeTags": Balancing.tags(call)
    case "DescribeLoadBalancerAttributes":
      .success([
        "Attributes": [
          ["Key": "idle_timeout.timeout_seconds", "Value": "60"],
          ["Key": "routing.http2.enabled", "Value": "true"],
        ]
      ])
    case "DescribeCapacityReservation":
      .success([
        "MinimumLoadBalancerCapacity": ["CapacityUnits": 100],
        "CapacityReservationState": [["State": ["Code": "provisioned"]]],
      ])
    default: .success([:])
    }
  }

  func testShowsEveryPropertyAndItsAttributes() throws {
    let observation = ObservationRehearsal(
      balancer,
      .rehearsal(properties: ["LoadBalancerAttributes", "MinimumLoadBalancerCapacity"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.reads.map(\.call.operation).sorted(),
      [
        "DescribeCapacityReservation", "DescribeLoadBalancerAttributes", "DescribeLoadBalancers",
        "GetResources",
      ])
    let ours = try XCTUnwrap(observation[Self.arn])
    XCTAssertEqual(ours.tags, Step.ourTags)
    XCTAssertEqual(ours.properties["LoadBalancerFullName"], "app/web/50dc6c495c0c9188")
    XCTAssertEqual(ours.properties["CanonicalHostedZoneID"], "Z32O12XQLNTSW2")
    XCTAssertEqual(ours.properties["Subnets"], ["subnet-1", "subnet-2"])
    XCTAssertEqual(
      ours.properties["SubnetMappings"],
      [["SubnetId": "subnet-1", "AllocationId": "eipalloc-1"], ["SubnetId": "subnet-2"]])
    XCTAssertEqual(ours.createdAt, 1_700_000_000)
    XCTAssertEqual(try uncovered(balancer, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
    let denied = ObservationRehearsal(
      balancer, .rehearsal(properties: ["LoadBalancerAttributes"])
    ) {
      $0.operation == "DescribeLoadBalancerAttributes" ? KindsTests.denied($0) : Self.answer($0)
    }
    XCTAssertEqual(
      denied[Self.arn]?.unread["/LoadBalancerAttributes"],
      "DescribeLoadBalancerAttributes is not allowed")
  }

  func testTagsThatTheSweepDoesNotTellAreReadForTwentyAtOnce() throws {
    let arns = (0..<45).map { "\(Self.arn)\($0)" }
    func observation(gone: Set<String> = []) -> ObservationRehearsal {
      ObservationRehearsal(
        balancer, .rehearsal(candidates: Dictionary(uniqueKeysWithValues: arns.map { ($0, []) }))
      ) { call in
        switch call.operation {
        case "DescribeLoadBalancers":
          .success([
            "LoadBalancers": .list(arns.map { Self.shown.with(["LoadBalancerArn": .string($0)]) })
          ])
        case "GetResources": .success([:])
        default:
          gone.isDisjoint(with: call.input.elementsOf("ResourceArns").compactMap(\.string))
            ? Balancing.tags(call) : .absent
        }
      }
    }
    func sizes(_ observation: ObservationRehearsal) -> [Int] {
      observation.reads.filter { $0.call.operation == "DescribeTags" }
        .map { $0.call.input.elementsOf("ResourceArns").count }
    }
    let all = observation()
    XCTAssertEqual(sizes(all), [20, 20, 5])
    XCTAssert(all.observed.allSatisfy { $0.tags == Step.ourTags && $0.unread["/Tags"] == nil })
    let spoilt = observation(gone: [arns[0]])
    XCTAssertEqual(sizes(spoilt).filter { $0 == 1 }.count, 20, "its neighbours are asked alone")
    XCTAssertEqual(spoilt.observed.count { $0.tags == Step.ourTags }, 44)
  }

  func testCreatesSetsAndWaitsUntilItIsActive() throws {
    let step = Step.creating(
      [
        "Name": "web", "Subnets": ["subnet-1", "subnet-2"], "SecurityGroups": ["sg-1"],
        "Ipv4IpamPoolId": "ipam-pool-1",
        "LoadBalancerAttributes": [["Key": "idle_timeout.timeout_seconds", "Value": 120]],
      ])
    var described = 0
    let created = Rehearsal(balancer, step) { call in
      guard call.operation == "DescribeLoadBalancers" else { return Self.answer(call) }
      described += 1
      let state: Document = ["Code": described < 3 ? "provisioning" : "active"]
      return .success(["LoadBalancers": [Self.shown.with(["State": state])]])
    }
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateLoadBalancer", "ModifyLoadBalancerAttributes"]
        + Array(repeating: "DescribeLoadBalancers", count: 3))
    XCTAssertEqual(created.calls[0].input["IpamPools"], ["Ipv4IpamPoolId": "ipam-pool-1"])
    XCTAssertEqual(
      created.calls[1].input["Attributes"],
      [["Key": "idle_timeout.timeout_seconds", "Value": "120"]])
    XCTAssertEqual(created.id, Self.arn)
    XCTAssertEqual(created.attributes?["DNSName"], Self.shown["DNSName"])
    XCTAssertEqual(created.attributes?["CanonicalHostedZoneID"], "Z32O12XQLNTSW2")
    XCTAssertEqual(created.attributes?["SecurityGroups"], ["sg-1"])
    XCTAssertEqual(try modelProblems(created.calls), [])
    let failed = Rehearsal(balancer, step) { call in
      call.operation == "DescribeLoadBalancers"
        ? .success([
          "LoadBalancers": [
            Self.shown.with(["State": ["Code": "failed", "Reason": "no addresses are left"]])
          ]
        ]) : Self.answer(call)
    }
    XCTAssertEqual(failed.failure, "web failed: no addresses are left")
  }

  func testEachChangeHasItsCallAndSetsTheWhole() throws {
    let changed = Rehearsal(
      balancer,
      .updating(
        Self.arn,
        to: [
          "SubnetMappings": [["SubnetId": "subnet-3"]], "SecurityGroups": ["sg-2"],
          "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
          "IpAddressType": "dualstack", "Ipv4IpamPoolId": "ipam-pool-2",
          "MinimumLoadBalancerCapacity": ["CapacityUnits": 200],
          "EnableCapacityReservationProvisionStabilize": true,
        ],
        changed: [
          "Subnets", "SubnetMappings", "SecurityGroups", "IpAddressType", "Ipv4IpamPoolId",
          "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "MinimumLoadBalancerCapacity",
        ]), answer: Self.answer)
    XCTAssertEqual(
      changed.calls.map(\.operation),
      [
        "SetSubnets", "SetIpAddressType", "SetSecurityGroups", "ModifyIpPools",
        "ModifyCapacityReservation", "DescribeCapacityReservation",
      ])
    XCTAssertEqual(try modelProblems(changed.calls), [])
    let reset = Rehearsal(
      balancer,
      .updating(
        Self.arn, from: ["SecurityGroups": ["sg-1"]],
        changed: [
          "Subnets", "IpAddressType", "Ipv4IpamPoolId", "MinimumLoadBalancerCapacity",
          "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
        ]), answer: Self.answer)
    let arn = #""LoadBalancerArn":"\#(Self.arn)""#
    XCTAssertEqual(
      reset.lines,
      [
        #"SetIpAddressType {"IpAddressType":"ipv4",\#(arn)}"#,
        #"SetSecurityGroups {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic":"on","#
          + #"\#(arn),"SecurityGroups":["sg-1"]}"#,
        #"ModifyIpPools {\#(arn),"RemoveIpamPools":["ipv4"]}"#,
        #"ModifyCapacityReservation {\#(arn),"ResetCapacityReservation":true}"#,
      ])
  }

  func testAttributesThatNobodyDeclaresAnyMoreAreAsInANewOneAndOthersStay() {
    func attributes(_ values: [String: Document]) -> Document {
      [
        "LoadBalancerAttributes": .list(
          values.map { ["Key": .string($0.key), "Value": $0.value] })
      ]
    }
    let update = Step.updating(
      Self.arn,
      from: attributes([
        "idle_timeout.timeout_seconds": "120", "routing.http2.enabled": "false",
        "access_logs.s3.bucket": "logs", "waf.fail_open.enabled": "false",
      ]), to: attributes(["waf.fail_open.enabled": false]), changed: ["LoadBalancerAttributes"]
    ).applied(
      attributes(["idle_timeout.timeout_seconds": "120", "access_logs.s3.bucket": "logs"]))
    XCTAssertEqual(
      Rehearsal(balancer, update).calls.map(\.input),
      [
        [
          "LoadBalancerArn": .string(Self.arn),
          "Attributes": [["Key": "idle_timeout.timeout_seconds", "Value": "60"]],
        ]
      ], "a bucket has no default, and what somebody else set is theirs")
    let many = attributes(
      Dictionary(uniqueKeysWithValues: (0..<25).map { ("key\($0)", "value") }))
    let written = Rehearsal(balancer, .creating(many.with(["Name": "web"])), answer: Self.answer)
    XCTAssertEqual(
      written.calls.filter { $0.operation == "ModifyLoadBalancerAttributes" }
        .map { $0.input.elementsOf("Attributes").count }, [20, 5])
  }

  func testOneThatIsProtectedIsNotDeletedAndTheRemedyIsSaid() {
    let refused = Rehearsal(balancer, .deleting(Self.arn)) { call in
      .success(["Attributes": [["Key": "deletion_protection.enabled", "Value": "true"]]])
    }
    XCTAssertEqual(refused.calls.map(\.operation), ["DescribeLoadBalancerAttributes"])
    XCTAssertEqual(refused.failure?.contains("web is protected from deletion"), true)
    XCTAssertEqual(refused.failure?.contains("deletion_protection.enabled"), true)
  }

  func testADeletionWaitsUntilItIsGone() throws {
    var described = 0
    let deleted = Rehearsal(balancer, .deleting(Self.arn)) { call in
      guard call.operation == "DescribeLoadBalancers" else { return Self.answer(call) }
      described += 1
      return described < 3 ? Self.answer(call) : .absent
    }
    XCTAssertEqual(deleted.changes, [#"DeleteLoadBalancer {"LoadBalancerArn":"\#(Self.arn)"}"#])
    XCTAssertEqual(described, 3)
    XCTAssertEqual(deleted.waits, ["web is gone", "web is gone"])
    XCTAssertEqual(deleted.id, Self.arn)
    XCTAssertEqual(try modelProblems(deleted.calls), [])
    XCTAssertEqual(deleted.calls.last?.batch?.limit, 20)
  }
}
