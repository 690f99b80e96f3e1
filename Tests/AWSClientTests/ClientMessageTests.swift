import XCTest

@testable import AWSClient

final class ClientMessageTests: XCTestCase {
  func testEveryErrorIsOneLineForPeople() {
    func service(_ code: String, _ status: Int, _ message: String = "No.\nNever.") -> AWSError {
      .service(
        ServiceError(
          service: "ec2", operation: "CreateVpc", code: code, message: message,
          status: status, requestID: "r-1"))
    }
    func transport(_ reason: TransportError.Reason) -> AWSError {
      .transport(
        TransportError(
          reason: reason, message: "said curl", endpoint: "https://h",
          requestMayHaveBeenSent: false))
    }
    let network = "check the network, the region and AWS_ENDPOINT_URL"
    let table: [(AWSError, String)] = [
      (
        service("VpcLimitExceeded", 400),
        "ec2:CreateVpc: VpcLimitExceeded: No. Never. (HTTP 400, request id r-1)"
      ),
      (
        service("AuthFailure", 401),
        "ec2:CreateVpc: AuthFailure: No. Never. (HTTP 401, request id r-1); AWS does not know this "
          + "key: check the access key, its secret and this machine's clock"
      ),
      (
        service("UnauthorizedOperation", 403),
        "ec2:CreateVpc: UnauthorizedOperation: No. Never. (HTTP 403, request id r-1); allow the "
          + "call in a policy of the identity in use"
      ),
      (
        service(
          "AccessDenied", 403,
          "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        ),
        "ec2:CreateVpc: AccessDenied: public policies are prevented by the BlockPublicPolicy setting "
          + "in S3 Block Public Access. (HTTP 403, request id r-1); set BlockPublicPolicy to false in "
          + "the bucket's PublicAccessBlockConfiguration, or grant less"
      ),
      (
        .invalidInput(service: "ec2", operation: "CreateVpc", path: "/Tags/0", reason: "is odd"),
        "ec2:CreateVpc: invalid input at /Tags/0: is odd"
      ),
      (
        .unknownOperation(service: "ec2", operation: "X"),
        "ec2:X: the embedded API model does not have this operation"
      ),
      (
        .unknownOperation(service: "x", operation: ""),
        "no API model of the service x is embedded"
      ),
      (.configuration(place: "/c:3", reason: "is odd"), "/c:3: is odd"),
      (
        transport(.couldNotConnect), "cannot connect to https://h: said curl; \(network)"
      ),
      (
        transport(.couldNotResolveHost),
        "cannot find the host of https://h: said curl; \(network)"
      ),
      (transport(.timedOut), "cannot connect to https://h in time: said curl; \(network)"),
      (
        transport(.tls),
        "no trusted connection to https://h: said curl; check AWS_CA_BUNDLE and the proxy's "
          + "certificate"
      ),
      (
        .malformedReply(service: "s", operation: "O", status: 200, reason: "is odd"),
        "s:O: the reply (HTTP 200) is not what the API promises: is odd"
      ),
      (
        .outcomeUnknown(service: "s", operation: "O", reason: "lost"),
        "s:O: the call may or may not have taken effect: lost; see what is there before making it "
          + "again"
      ),
      (
        .pagingStuck(service: "s", operation: "O", token: "t"),
        "s:O: the next page's token is that of the last page, `t`"
      ),
      (.cancelled, "cancelled"),
    ]
    for (error, line) in table {
      XCTAssertEqual(error.message, line)
      XCTAssertEqual("\(error)", line, "an error prints as its message")
    }
  }
}
