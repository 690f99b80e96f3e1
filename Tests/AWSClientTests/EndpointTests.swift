import Document
import XCTest

@testable import AWSClient

final class EndpointTests: XCTestCase {
  private func endpoint(
    _ service: String, _ region: String, _ variables: [String: String] = [:],
    config: String? = nil
  ) throws -> Endpoint {
    var files: [String: String] = [:]
    files["/c"] = config
    let all = variables.merging(["AWS_CONFIG_FILE": "/c"]) { given, _ in given }
    return try EndpointResolver(
      configuration: configuration(all, files: files),
      partitions: ServiceModel.embeddedPartitions()
    ).endpoint(for: .embedded(service), region: region)
  }

  func testEachServiceHasItsHostAndSigningRegion() throws {
    let table: [(service: String, region: String, host: String, signing: String)] = [
      ("ec2", "eu-west-1", "ec2.eu-west-1.amazonaws.com", "eu-west-1"),
      ("ec2", "cn-north-1", "ec2.cn-north-1.amazonaws.com.cn", "cn-north-1"),
      ("ec2", "us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
      ("ec2", "eu-future-7", "ec2.eu-future-7.amazonaws.com", "eu-future-7"),
      ("ec2", "cn-future-7", "ec2.cn-future-7.amazonaws.com.cn", "cn-future-7"),
      ("sts", "eu-west-1", "sts.eu-west-1.amazonaws.com", "eu-west-1"),
      ("s3", "us-east-1", "s3.us-east-1.amazonaws.com", "us-east-1"),
      (
        "resourcegroupstaggingapi", "eu-west-1", "tagging.eu-west-1.amazonaws.com", "eu-west-1"
      ),
      ("iam", "eu-west-1", "iam.amazonaws.com", "us-east-1"),
      ("iam", "cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
      ("iam", "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
      ("iam", "us-iso-west-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
      ("iam", "eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
    ]
    for row in table {
      let found = try endpoint(row.service, row.region)
      XCTAssertEqual(
        found, Endpoint(target: RequestTarget(host: row.host), signingRegion: row.signing),
        "\(row.service) in \(row.region)")
    }
  }

  func testCustomEndpointsHaveTheirPrecedence() throws {
    let config = """
      [default]
      services = local
      endpoint_url = http://profile:1
      [services local]
      cloudwatch_logs =
        endpoint_url = http://profile-logs:2/
      """
    let service = "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"
    let table: [(variables: [String: String], host: String)] = [
      ([service: "http://s:5", "AWS_ENDPOINT_URL": "http://g:4"], "s:5"),
      (["AWS_ENDPOINT_URL": "http://g:4"], "g:4"),
      ([:], "profile-logs:2"),
      (
        ["AWS_ENDPOINT_URL": "http://g:4", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"],
        "logs.eu-west-1.amazonaws.com"
      ),
    ]
    for row in table {
      XCTAssertEqual(
        try endpoint("logs", "eu-west-1", row.variables, config: config).target.host, row.host,
        "with \(row.variables)")
    }
    XCTAssertEqual(
      try endpoint("ec2", "eu-west-1", config: config).target.host, "profile:1",
      "a service without an endpoint of its own takes the profile's")
  }

  func testACustomEndpointChangesNothingOfTheSignature() throws {
    let found = try endpoint("iam", "eu-west-1", ["AWS_ENDPOINT_URL": "https://x.test:443/base/"])
    XCTAssertEqual(
      found,
      Endpoint(
        target: RequestTarget(
          host: "x.test", basePath: "/base", bucketAddressing: .path, usesHostPrefix: false),
        signingRegion: "us-east-1"),
      "a global service is signed for its home region whatever the endpoint")
  }

  func testEndpointsThatAreNoURLsAreRefusedByName() throws {
    for url in [
      "localhost:5000", "ftp://x", "http://", "http://u:p@x", "http://x?y", "http://x:port", "://",
      "http://a:1:2",
    ] {
      XCTAssertThrowsError(
        try endpoint("ec2", "eu-west-1", ["AWS_ENDPOINT_URL_EC2": url]), "\(url) is refused"
      ) { error in
        guard case .configuration("AWS_ENDPOINT_URL_EC2", _)? = error as? AWSError else {
          return XCTFail("the variable is named: \(error)")
        }
      }
    }
    XCTAssertEqual(
      try endpoint("ec2", "eu-west-1", ["AWS_ENDPOINT_URL": "http://[::1]:5000"]).target.host,
      "[::1]:5000", "an IPv6 address is a host")
  }

  func testWhatIsNoRegionIsRefused() {
    for region in ["", "evil.example/", "EU-WEST-1", "eu west"] {
      XCTAssertThrowsError(try endpoint("ec2", region), "`\(region)` is no region")
    }
  }

  func testVariantsOfEndpointsAreRefusedRatherThanIgnored() throws {
    for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
      XCTAssertThrowsError(try endpoint("ec2", "us-east-1", [variable: "true"])) { error in
        XCTAssertEqual(
          error as? AWSError,
          .configuration(
            place: variable,
            reason: "is not supported: name the endpoint in AWS_ENDPOINT_URL_EC2 instead"))
      }
      XCTAssertNoThrow(try endpoint("ec2", "us-east-1", [variable: "false"]))
      XCTAssertNoThrow(
        try endpoint(
          "ec2", "us-east-1", [variable: "true", "AWS_ENDPOINT_URL": "https://ec2-fips.test"]),
        "with an endpoint that is named there is nothing to choose")
    }
  }
}
