import XCTest

/// The calls of a plan with nothing to do grow with pages, not with resources, save for the reads
/// that AWS has only per resource.
final class CallCountTests: EndToEndTestCase {
  /// Reads that exist per resource only: a VPC's attributes and a bucket's settings.
  private static let perResource = ["DescribeVpcAttribute", "GetBucket", "GetPublicAccessBlock"]

  private let pageSize = 8

  func testCallsOfANoOpPlanGrowWithPages() throws {
    try endpoint.configure(["pageSize": pageSize])
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.remove("desired-state/clients")
    var bulk: [Int: Int] = [:]
    var single: [Int: Int] = [:]
    var clients = 0
    for count in [1, 5, 20] {
      while clients < count {
        clients += 1
        try workspace.write(
          "desired-state/clients/c\(clients)-dev.jsonc",
          Fixtures.manifest(
            "c\(clients)", "dev", parameters: "\"VpcCidr\": \"10.\(clients).0.0/16\"")
        )
      }
      try workspace.commit("\(count) clients")
      let applied = try workspace.trueup("apply", "--yes", timeout: 300)
      XCTAssertEqual(applied.code, 0, applied.everything)
      try endpoint.forgetCalls()
      let planned = try report(workspace, "plan", exits: 0)
      let calls = try endpoint.calls()
      XCTAssertEqual(planned.totalCalls, calls.count, "the report counts what was called")
      let counted = calls.compactMap { $0["operation"].string }.filter { name in
        !Self.perResource.contains { name.hasPrefix($0) }
      }
      bulk[count] = counted.count
      single[count] = calls.count - counted.count
      // The longest list of one client is two subnets, two groups (and two default groups, subnets).
      let pages = 1 + 8 * count / pageSize
      for (operation, times) in Dictionary(grouping: counted, by: { $0 }).mapValues(\.count) {
        XCTAssertLessThanOrEqual(
          times, pages + 1, "\(operation) with \(count) clients should take at most its pages")
      }
    }
    let perClient = try XCTUnwrap(single[1])
    XCTAssertLessThanOrEqual(perClient, 8, "a VPC's two attributes, what is declared of a bucket")
    for count in [5, 20] {
      XCTAssertEqual(single[count], perClient * count, "reads per resource are made once for each")
    }
    let one = try XCTUnwrap(bulk[1])
    XCTAssertLessThan(one, 25, "one client needs one page of each list")
    XCTAssertLessThan(
      try XCTUnwrap(bulk[20]), one * 12, "twenty clients cost pages, not twenty times the calls")
  }
}
