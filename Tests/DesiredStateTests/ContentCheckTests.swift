import TrueupCore
import XCTest

@testable import DesiredState

/// What AWS would refuse, found without AWS, at its place.
final class ContentCheckTests: XCTestCase {
  private func blueprint(_ resources: String) -> Fixture {
    Fixture(
      "{ \"Parameters\": { \"Client\": { \"Type\": \"String\" } },\n\"Resources\": {\n\(resources) } }"
    )
  }

  private func vpc(_ cidr: String = "10.0.0.0/16") -> String {
    "\"Vpc\": { \"Type\": \"AWS::EC2::VPC\", \"Properties\": { \"CidrBlock\": \"\(cidr)\" } },\n"
  }

  private func subnet(_ name: String, _ cidr: String, vpc: String = #"{ "Ref": "Vpc" }"#) -> String
  {
    "\"\(name)\": { \"Type\": \"AWS::EC2::Subnet\", \"Properties\": { \"VpcId\": \(vpc), \"CidrBlock\": \(cidr) } }"
  }

  func testSubnetsLieInTheirVPCAndApart() {
    let second =
      #"{ "Fn::Select": [1, { "Fn::Cidr": [{ "Fn::GetAtt": ["Vpc", "CidrBlock"] }, 4, 8] }] }"#
    let cases: [(resources: String, says: [String])] = [
      (vpc() + subnet("A", "\"10.0.0.0/24\""), []),
      (vpc() + subnet("A", "\"10.0.0.0/24\"") + ",\n" + subnet("B", "\"10.0.1.0/24\""), []),
      (vpc() + subnet("A", "\"10.0.0.0/24\"") + ",\n" + subnet("B", second), []),
      (
        vpc() + subnet("A", "\"10.1.0.0/24\""),
        ["4:92: AWS::EC2::Subnet /CidrBlock 10.1.0.0/24 is outside"]
      ),
      (
        vpc() + subnet("A", "\"10.0.0.0/16\"") + ",\n" + subnet("B", "\"10.0.9.0/24\""),
        ["overlaps 10.0.0.0/16 of A"]
      ),
      (
        vpc() + subnet("A", "\"10.0.9.0/24\"") + ",\n" + subnet("B", "\"10.0.0.0/16\""),
        ["overlaps 10.0.9.0/24 of A"]
      ),
      (
        vpc() + subnet("A", second) + ",\n" + subnet("B", "\"10.0.1.128/25\""),
        ["10.0.1.128/25 overlaps 10.0.1.0/24 of A"]
      ),
      (
        subnet("A", "\"10.0.0.0/24\"", vpc: "\"vpc-1\"") + ",\n"
          + subnet("B", "\"10.0.0.0/25\"", vpc: "\"vpc-1\""), ["overlaps"]
      ),
      (
        subnet("A", "\"10.0.0.0/24\"", vpc: "\"vpc-1\"") + ",\n"
          + subnet("B", "\"10.0.0.0/25\"", vpc: "\"vpc-2\""), []
      ),
      (
        vpc()
          + #""More": { "Type": "AWS::EC2::VPCCidrBlock", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.1.0.0/16" } },"#
          + "\n" + subnet("A", "\"10.1.0.0/24\""), []
      ),
      (
        vpc()
          + #""More": { "Type": "AWS::EC2::VPCCidrBlock", "Properties": { "VpcId": { "Ref": "Vpc" }, "Ipv4IpamPoolId": "ipam-pool-1" } },"#
          + "\n" + subnet("A", "\"10.1.0.0/24\""), []
      ),
      (
        vpc()
          + #""Other": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },"#
          + "\n"
          + subnet("A", "\"10.1.0.0/24\"", vpc: #"{ "Fn::GetAtt": ["Other", "VpcId"] }"#), []
      ),
      (vpc("10.0.0.0/12") + subnet("A", "\"10.1.0.0/24\""), ["from /16 to /28"]),
      (vpc() + subnet("A", "\"10.0.0.0/30\""), ["from /16 to /28"]),
    ]
    for (resources, says) in cases {
      let found = blueprint(resources).findings.split(separator: "\n")
      XCTAssertEqual(found.count, says.count, "\(resources): \(found)")
      for (finding, text) in zip(found, says) {
        XCTAssert(finding.contains(text), "\(finding) lacks \(text)")
      }
    }
  }

  func testRulesAndZones() {
    func rule(_ from: Int, _ to: Int, _ name: String = "tcp") -> String {
      """
      "G": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupDescription": "d", "SecurityGroupIngress": [
        { "IpProtocol": "\(name)", "FromPort": \(from), "ToPort": \(to), "CidrIp": "10.0.0.0/8" } ] } }
      """
    }
    assertFindings(blueprint(rule(80, 443)), "")
    assertFindings(blueprint(rule(8, -1, "icmp")), "", "a type and a code")
    XCTAssert(blueprint(rule(443, 80)).findings.contains("end before they begin"))
    XCTAssert(blueprint(rule(0, 65536)).findings.contains("0 to 65535"))
    let zone = { (name: String) in
      self.vpc()
        + #""S": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "Vpc" }, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "\#(name)" } }"#
    }
    assertFindings(blueprint(zone("us-east-1a")), "")
    assertFindings(blueprint(zone("us-east-1-bos-1a")), "", "a local zone")
    XCTAssert(blueprint(zone("eu-west-1a")).findings.contains("is not in us-east-1"))
  }

  func testLimitsOfTags() {
    func tagged(_ tags: String, _ type: String = "AWS::S3::Bucket") -> Fixture {
      blueprint("\"B\": { \"Type\": \"\(type)\", \"Properties\": { \"Tags\": [\(tags)] } }")
    }
    func tag(_ key: String, _ value: String) -> String {
      "{ \"Key\": \"\(key)\", \"Value\": \"\(value)\" }"
    }
    let long = String(repeating: "x", count: 257)
    XCTAssert(tagged(tag("k", long)).findings.contains("a value of 257 characters"))
    XCTAssert(
      tagged(tag(String(long.prefix(129)), "v")).findings.contains("a key of 129 characters"))
    XCTAssert(tagged(tag("k", "a;b")).findings.contains("';'"))
    XCTAssert(tagged(tag("k", "a\\u0000b")).findings.contains("U+0000"))
    XCTAssert(tagged(tag("aws:k", "v")).findings.contains("AWS itself"))
    assertFindings(tagged(tag("k y", "Zürich 42 _.:/=+-@ 東京")), "")
    let many = (0..<48).map { tag("k\($0)", "v") }.joined(separator: ",")
    XCTAssert(tagged(many).findings.contains("AWS allows 50"))
    func fleet(_ value: String) -> Fixture {
      Fixture([
        "fleet.jsonc": """
        { "project": "p", "region": "us-east-1", "accounts": { "main": { "id": "123456789012" } },
          "tags": { "Owner": "\(value)" } }
        """,
        "blueprints/base.jsonc": """
        { "Resources": { "A": { "Type": "AWS::S3::Bucket" }, "B": { "Type": "AWS::S3::Bucket" } } }
        """,
      ])
    }
    let found = fleet(long).findings.split(separator: "\n")
    XCTAssertEqual(found.count, 1, "once, and not for each resource: \(found)")
    XCTAssert(found.first?.hasPrefix("fleet.jsonc:2:") ?? false, "\(found)")
    assertFindings(fleet("${Client} (ops)".replacing(" (ops)", with: "")), "")
  }

  func testRegions() {
    let cases: [(region: String, says: String, isError: Bool)] = [
      ("us-esat-1", "did you mean \"us-east-1\"", true),
      ("su-east-1", "AWS has no region", true),
      ("eu-wset-1", "did you mean \"eu-west-1\"", true), ("us-east-1a", "is no region", true),
      ("us_east_1", "did you mean \"us-east-1\"", true),
      ("US-EAST-1", "did you mean \"us-east-1\"", true),
      ("us-west-9", "is not known", false), ("nz-north-1", "is not known", false),
    ]
    for (region, says, isError) in cases {
      let problem = RegionName.problem(region)
      XCTAssert(
        problem?.message.contains(says) ?? false, "\(region): \(String(describing: problem))")
      XCTAssertEqual(problem.map { !$0.isDoubt }, isError, region)
    }
    for region in Region.known { XCTAssertNil(RegionName.problem(region), region) }
  }

  func testPlaceholdersOutsideOfSub() {
    func described(_ text: String) -> Fixture {
      blueprint(
        "\"Vpc\": { \"Type\": \"AWS::EC2::VPC\", \"Properties\": { \"CidrBlock\": \"10.0.0.0/16\", \"Tags\": [{ \"Key\": \"Name\", \"Value\": \(text) }] } }"
      )
    }
    for text in [
      "\"for ${Client}\"", "\"${AWS::Region}\"", "\"${Vpc.VpcId}\"", "\"${Project}-x\"",
      "{ \"Fn::Join\": [\"-\", [\"a\", \"${Client}\"]] }",
      "{ \"Fn::Sub\": [\"${x}\", { \"x\": \"${Client}\" }] }",
    ] {
      let found = described(text).findings
      XCTAssert(found.contains("warning:") && found.contains("Fn::Sub"), "\(text): \(found)")
    }
    XCTAssert(described("\"${Cleint}\"").findings.contains("spelled ${Client}"))
    XCTAssert(described("\"${var.client}\"").findings.contains("Terraform"))
    for text in [
      "{ \"Fn::Sub\": \"for ${Client}\" }", "{ \"Fn::Sub\": \"${!Client}\" }",
      "\"${aws:username}\"", "\"${HOME}\"",
      "\"${name}\"", "\"${PROP('Dim.X')}\"", "\"$Client\"", "\"${Client\"",
    ] {
      XCTAssertFalse(described(text).findings.contains("Fn::Sub"), text)
    }
  }

  func testARevisionInForceIsNotLookedAtAgain() {
    var compiler = Compiler(catalog: .toys)
    compiler.checksContent = false
    let files = blueprint(vpc() + subnet("A", "\"10.1.0.0/24\"")).files
    XCTAssertEqual(compiler.compile(files).diagnostics.map(\.description), [])
  }
}
