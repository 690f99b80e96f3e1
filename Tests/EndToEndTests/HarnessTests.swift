import XCTest

/// The endpoint itself: what the other tests take for granted.
final class HarnessTests: EndToEndTestCase {
  func testTheEndpointStartsEmptyAndRecordsCallsInOrder() throws {
    let created = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.7.1.1/16"])
    XCTAssertEqual(
      created["Vpc"]["CidrBlock"].string, "10.7.0.0/16", "host bits of a range must be cleared")
    let calls = try endpoint.control("GET calls").array
    XCTAssertEqual(calls.last?["operation"].string, "CreateVpc")
    XCTAssertEqual(try endpoint.calls().count, 0, "calls made by hand are not the program's")
    try endpoint.control("POST reset")
    XCTAssertEqual(try endpoint.control("GET calls").array.count, 0)
  }

  func testListsArePagedAsForced() throws {
    for third in 0..<5 {
      try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.\(third).0.0/16"])
    }
    try endpoint.configure(["pageSize": 2])
    let vpcs = try endpoint.aws("ec2", "describe_vpcs")["Vpcs"].array
    XCTAssertEqual(vpcs.count, 6, "five and the account's default VPC, over three pages")
    let reads = try endpoint.control("GET calls").array.filter {
      $0["operation"].string == "DescribeVpcs"
    }
    XCTAssertEqual(reads.count, 3)
  }

  func testAFailureThatWasAskedForHappensOnce() throws {
    try endpoint.configure([
      "fail": [["service": "logs", "operation": "CreateLogGroup", "mode": "error:Oops:400"]]
    ])
    XCTAssertThrowsError(try endpoint.aws("logs", "create_log_group", ["logGroupName": "a"])) {
      XCTAssert("\($0)".contains("Oops"), "\($0)")
    }
    try endpoint.aws("logs", "create_log_group", ["logGroupName": "a"])
  }

  func testAccountsAreSeparate() throws {
    try endpoint.aws("logs", "create_log_group", ["logGroupName": "a"], account: "210987654321")
    XCTAssertEqual(try endpoint.aws("logs", "describe_log_groups")["logGroups"].array.count, 0)
    XCTAssertEqual(
      try endpoint.aws("sts", "get_caller_identity", account: "210987654321")["Account"].string,
      "210987654321")
  }
}
