import Document
import XCTest

@testable import AWSClient

/// Waiters as botocore's models describe them.
final class WaiterTests: XCTestCase {
  private func waiter(_ service: String, _ name: String) throws -> Waiter {
    try Waiter(name, of: ServiceModel.embedded(service))
  }

  private func failure(_ code: String, status: Int = 400) -> Result<Document, AWSError> {
    .failure(
      .service(
        ServiceError(
          service: "ec2", operation: "Describe", code: code, message: "why", status: status,
          requestID: nil)))
  }

  func testEveryWaiterOfTheModelsIsUnderstood() throws {
    var count = 0
    for service in ["cloudwatch", "ec2", "iam", "route53", "s3"] {
      let model = try ServiceModel.embedded(service)
      XCTAssertFalse(model.waiters.isEmpty, service)
      for name in model.waiters.keys {
        let waiter = try Waiter(name, of: model)
        XCTAssertNotNil(model.operations[waiter.operation], "\(service) \(name)")
        XCTAssertGreaterThan(waiter.interval * Double(waiter.attempts), 0, "\(service) \(name)")
        count += 1
      }
    }
    XCTAssertGreaterThan(count, 15)
    XCTAssertThrowsError(try waiter("ec2", "VpcIsHappy"))
  }

  func testTheFirstDescriptionThatAReplyMeetsDecides() throws {
    func gateways(_ states: String...) -> Result<Document, AWSError> {
      .success(["NatGateways": .list(states.map { ["State": .string($0)] })])
    }
    let cases: [(String, String, Result<Document, AWSError>, Waiter.Verdict)] = [
      ("ec2", "NatGatewayAvailable", gateways("available"), .reached),
      ("ec2", "NatGatewayAvailable", gateways("available", "pending"), .retry),
      ("ec2", "NatGatewayAvailable", gateways(), .retry),
      ("ec2", "NatGatewayAvailable", .success([:]), .retry),
      (
        "ec2", "NatGatewayAvailable", gateways("available", "failed"),
        .failed(reason: "NatGateways[].State is failed")
      ),
      ("ec2", "NatGatewayAvailable", failure("NatGatewayNotFound"), .retry),
      ("ec2", "NatGatewayDeleted", failure("NatGatewayNotFound"), .reached),
      ("ec2", "VpcExists", .success([:]), .reached),
      ("ec2", "VpcExists", failure("InvalidVpcID.NotFound"), .retry),
      ("ec2", "KeyPairExists", .success(["KeyPairs": [["KeyName": "a"]]]), .reached),
      ("ec2", "KeyPairExists", .success(["KeyPairs": []]), .retry),
      (
        "ec2", "InstanceRunning",
        .success(["Reservations": [["Instances": [["State": ["Name": "running"]]]]]]), .reached
      ),
      (
        "route53", "ResourceRecordSetsChanged", .success(["ChangeInfo": ["Status": "INSYNC"]]),
        .reached
      ),
      (
        "route53", "ResourceRecordSetsChanged", .success(["ChangeInfo": ["Status": "PENDING"]]),
        .retry
      ),
      ("s3", "BucketNotExists", failure("NotFound", status: 404), .reached),
      ("s3", "BucketExists", failure("Forbidden", status: 403), .reached),
    ]
    for (service, name, reply, verdict) in cases {
      XCTAssertEqual(try waiter(service, name).verdict(reply), verdict, "\(name) at \(reply)")
    }
    guard case .failed = try waiter("ec2", "VpcAvailable").verdict(failure("AuthFailure")) else {
      return XCTFail("an error that is not described ends the wait")
    }
  }

  func testAClientReadsUntilItIsReached() async throws {
    func vpc(_ state: String) -> ScriptedTransport.Step {
      .reply(
        200,
        "<DescribeVpcsResponse><vpcSet><item><state>\(state)</state></item></vpcSet>"
          + "</DescribeVpcsResponse>")
    }
    let test = try ClientInTest([vpc("pending"), vpc("pending"), vpc("available")])
    try await test.client.wait(
      until: "VpcAvailable", "ec2", ["VpcIds": ["vpc-1"]], region: "eu-west-1")
    XCTAssertEqual(test.transport.sent.count, 3)
    XCTAssertEqual(test.sleeps.access { $0 }, [15, 15], "as the model says")

    let hopeless = try ClientInTest(
      [
        .reply(
          200,
          "<DescribeNatGatewaysResponse><natGatewaySet><item><state>failed</state></item>"
            + "</natGatewaySet></DescribeNatGatewaysResponse>")
      ])
    let error = await thrown { () async throws(AWSError) in
      try await hopeless.client.wait(
        until: "NatGatewayAvailable", "ec2", ["NatGatewayIds": ["nat-1"]], region: "eu-west-1")
    }
    XCTAssertEqual(
      error?.message, "ec2:NatGatewayAvailable: waited in vain: NatGateways[].State is failed")

    let patient = try ClientInTest(Array(repeating: vpc("pending"), count: 40))
    let late = await thrown { () async throws(AWSError) in
      try await patient.client.wait(
        until: "VpcAvailable", "ec2", ["VpcIds": ["vpc-1"]], region: "eu-west-1")
    }
    XCTAssertEqual(
      late?.message, "ec2:VpcAvailable: waited in vain: not within 40 reads, 15 s apart")
  }
}
