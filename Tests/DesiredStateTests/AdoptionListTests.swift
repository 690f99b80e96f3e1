import TrueupCore
import XCTest

@testable import DesiredState

/// Many adoptions in a file: an address and an id a line.
final class AdoptionListTests: XCTestCase {
  private func pair(_ stack: String, _ resource: String, _ id: String?) -> Adoption.Pair {
    Adoption.Pair(address: Address(stack: stack, resource: resource), id: id)
  }

  func testLinesAreRead() {
    let list = AdoptionList(
      Array(
        "# from the old stack\r\nacme-prod/Vpc  vpc-1\n\n\tacme-prod/Logs true\nacme-prod/Alarm \"High CPU\"  "
          .utf8))
    XCTAssertEqual(list.problems, [])
    XCTAssertEqual(
      list.pairs,
      [
        pair("acme-prod", "Vpc", "vpc-1"), pair("acme-prod", "Logs", nil),
        pair("acme-prod", "Alarm", "High CPU"),
      ])
    XCTAssertEqual(list.lines, [2, 4, 5])
  }

  func testEachBadLineIsNamed() {
    let list = AdoptionList(
      Array(
        """
        Vpc vpc-1
        acme-prod/Vpc
        acme-prod/A one two
        acme-prod/B vpc-2
        acme-prod/B vpc-3
        acme-prod/C "open
        a/b/c d
        """.utf8))
    XCTAssertEqual(list.problems.map(\.line), [1, 2, 3, 5, 6, 7])
    XCTAssert(list.problems[1].message.contains("has no id"), "\(list.problems)")
    XCTAssert(list.problems[3].message.contains("line 4"), "\(list.problems)")
    XCTAssertEqual(AdoptionList([]).problems.map(\.line), [1])
    XCTAssertEqual(AdoptionList([0xFF]).problems.map(\.line), [1])
  }

  func testWhatIsNotThereIsNamedByItsLine() {
    let files = Fixture(
      """
      { "Conditions": { "Never": { "Fn::Equals": ["a", "b"] } }, "Resources": {
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
        "Second": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
        "Off": { "Type": "AWS::S3::Bucket", "Condition": "Never" } } }
      """
    ).files
    let list = AdoptionList(
      Array(
        """
        acme-prod/Vpc vpc-1
        acme-prd/Vpc vpc-1
        acme-prod/Vpv vpc-1
        acme-prod/Off bucket
        acme-prod/Second vpc-1
        """.utf8))
    let refusals = list.refusals(for: files, compiler: Compiler(catalog: .toys))
    XCTAssertEqual(refusals.map(\.line), [2, 3, 4, 5], "\(refusals)")
    XCTAssertEqual(
      refusals.last?.refusal,
      .taken(
        Address(stack: "acme-prod", resource: "Second"), id: "vpc-1",
        by: Address(stack: "acme-prod", resource: "Vpc")))
  }
}
