import XCTest

/// `make bench` and `make bench-calls` themselves; how long things take is for people to read.
final class MeasurementTests: XCTestCase {
  func testThePlanOfOneNetworkIsMeasured() throws {
    let measured = try Program.run(
      Paths.tool("python"),
      [
        "Scripts/bench/bench.py", "--trueup", Paths.trueup().path, "--stacks", "1", "--runs", "1",
        "--first-apply", "0", "--json", "-",
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

  func testWholeFleetsAreMeasuredInSync() throws {
    let program = try Paths.trueup()
    let tool = program.deletingLastPathComponent().appendingPathComponent("ApplyBench")
    let measured = try Program.run(
      Paths.tool("python"),
      [
        "Scripts/bench/offline.py", "--trueup", program.path, "--tool", tool.path, "--stacks", "3",
        "--runs", "1", "--json", "-",
      ],
      in: Paths.repository, environment: ["PATH": "/usr/bin:/bin"])
    XCTAssertEqual(measured.code, 0, measured.everything)
    XCTAssertEqual(
      try JSON(parsing: measured.output).array.map {
        "\($0["fleet"].string ?? ""): \($0["command"].string ?? "") \($0["resources"].int ?? 0)"
      },
      [
        "network: validate 69", "network: plan 69", "everything: validate 180",
        "everything: plan 180", "network, 3 revisions: validate 69",
        "network, 3 revisions: plan 69", "network: first apply 69",
      ])
  }
}
