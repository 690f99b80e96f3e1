import Document
import Foundation
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

  /// What the rule sets of AWS's SDKs say, as `Scripts/contracts/endpoints.py` evaluates them.
  func testEveryRegionOfEveryPartitionHasTheEndpointsOfAWSsRuleSets() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/endpoints.json")
    let fixture = try JSON.read([UInt8](Data(contentsOf: file)))
    let variables = [
      "plain": [:], "fips": ["AWS_USE_FIPS_ENDPOINT": "true"],
      "dualstack": ["AWS_USE_DUALSTACK_ENDPOINT": "true"],
      "dualstack-fips": ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "TRUE"],
    ]
    let resolvers = try variables.mapValues { variables in
      EndpointResolver(
        configuration: try configuration(variables),
        partitions: try ServiceModel.embeddedPartitions())
    }
    var count = 0
    for (name, groups) in fixture.object ?? [:] {
      let words = name.split(separator: " ").map(String.init)
      let resolver = try XCTUnwrap(resolvers[words[1]])
      let model = try ServiceModel.embedded(words[0])
      for group in groups.list ?? [] {
        for region in group["regions"]?.string?.split(separator: " ").map(String.init) ?? [] {
          count += 1
          let found = try? resolver.endpoint(for: model, region: region)
          let host = group["host"]?.string?.replacing("{region}", with: region)
          XCTAssertEqual(found?.target.host, host?.nonEmpty, "\(name) in \(region)")
          XCTAssertEqual(
            found?.signingRegion,
            host?.nonEmpty.map { _ in group["signingRegion"]?.string?.nonEmpty ?? region },
            "\(name) in \(region) is signed for another region")
        }
      }
    }
    XCTAssertGreaterThan(count, 3000, "services, regions and variants")
  }

  func testFIPSAndDualStackEndpointsAreChosenByVariableOrProfile() throws {
    let config = """
      [default]
      use_fips_endpoint = true
      use_dualstack_endpoint = true
      """
    let (fips, dual) = ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")
    let table: [(variables: [String: String], host: String)] = [
      ([:], "ec2-fips.us-east-1.api.aws"),
      ([fips: "false"], "ec2.us-east-1.api.aws"),
      ([dual: "false"], "ec2-fips.us-east-1.amazonaws.com"),
      ([fips: "False", dual: "no"], "ec2.us-east-1.amazonaws.com"),
    ]
    for row in table {
      XCTAssertEqual(
        try endpoint("ec2", "us-east-1", row.variables, config: config).target.host, row.host,
        "with \(row.variables)")
    }
  }

  func testAnEndpointThatAWSDoesNotHaveIsRefusedByTheSettingThatAsksForIt() throws {
    XCTAssertThrowsError(try endpoint("s3", "cn-north-1", ["AWS_USE_FIPS_ENDPOINT": "true"])) {
      XCTAssertEqual(
        $0 as? AWSError,
        .configuration(
          place: "AWS_USE_FIPS_ENDPOINT", reason: "AWS has no FIPS endpoint of s3 in cn-north-1"))
    }
  }

  func testANamedEndpointIsNotTakenForAFIPSOne() throws {
    for (variable, title) in [
      ("AWS_USE_FIPS_ENDPOINT", "FIPS"), ("AWS_USE_DUALSTACK_ENDPOINT", "dual-stack"),
    ] {
      let named = ["AWS_ENDPOINT_URL_EC2": "https://ec2.test", variable: "true"]
      XCTAssertThrowsError(try endpoint("ec2", "us-east-1", named)) {
        XCTAssertEqual(
          $0 as? AWSError,
          .configuration(
            place: variable,
            reason: "\(title) endpoints are AWS's own: leave this out where AWS_ENDPOINT_URL_EC2 "
              + "names the endpoint of ec2"))
      }
      XCTAssertNoThrow(
        try endpoint("ec2", "us-east-1", named.merging([variable: "false"]) { $1 }))
      XCTAssertNoThrow(
        try endpoint("sts", "us-east-1", named), "another service has AWS's own endpoint")
    }
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
