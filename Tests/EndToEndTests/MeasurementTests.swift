import XCTest

/// `make bench` itself; how long things take is for people to read.
final class MeasurementTests: XCTestCase {
  func testThePlanOfOneNetworkIsMeasured() throws {
    let measured = try Program.run(
      Paths.tool("python"),
      [
        "Tests/bench/bench.py", "--trueup", Paths.trueup().path, "--stacks", "1", "--runs", "1",
        "--json", "-",
      ],
      in: Paths.repository, environment: ["PATH": "/usr/bin:/bin"])
    XCTAssertEqual(measured.code, 0, measured.everything)
    let rows = try JSON(parsing: measured.output)["rows"].array
    XCTAssertEqual(rows.map { $0["setup"].int }, [0, 2], "without and with new connections' cost")
    for row in rows {
      // Identity, zones, the sweep, roles, log groups, lists of EC2, two attributes of the VPC.
      XCTAssertLessThanOrEqual(try XCTUnwrap(row["calls"].int), 16)
      XCTAssertGreaterThanOrEqual(
        try XCTUnwrap(row["chain"].int), 3, "identity, the lists, what hangs on them")
    }
  }
}
