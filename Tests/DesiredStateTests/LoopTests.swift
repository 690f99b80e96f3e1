import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class LoopTests: XCTestCase {
  private func blueprint(_ resources: String, _ more: String = "") -> String {
    """
    { "Transform": "AWS::LanguageExtensions",
      "Parameters": { "Names": { "Type": "CommaDelimitedList", "Default": "a,b" } },
      "Resources": { \(resources) }\(more) }
    """
  }

  private func assertSame(
    _ loop: String, _ handwritten: String, _ reason: String, file: StaticString = #filePath,
    line: UInt = #line
  ) {
    func shape(_ fixture: Fixture) -> [String] {
      let compilation = fixture.compile()
      XCTAssertEqual(compilation.errors.map(\.description), [], reason, file: file, line: line)
      let stack = compilation.desired?.stacks.first
      let resources = (stack?.resources ?? []).map {
        "\($0.address) \($0.type) \($0.properties.redacted.json())"
      }
      return resources
        + (stack?.outputs ?? []).map { "\($0.name) \($0.value.redacted.json()) \($0.export ?? "")" }
    }
    XCTAssertEqual(
      shape(Fixture(loop)), shape(Fixture(handwritten)), reason, file: file, line: line)
  }

  func testLoopsMakeWhatOneWouldWriteByHand() {
    func bucket(_ id: String, _ name: String) -> String {
      #""\#(id)": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "\#(name)" } }"#
    }
    assertSame(
      blueprint(
        #""Fn::ForEach::B": ["N", { "Ref": "Names" }, { "Bucket${N}": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Fn::Sub": "x-${N}-${AWS::Region}" } } } }]"#
      ),
      blueprint(bucket("Bucketa", "x-a-us-east-1") + "," + bucket("Bucketb", "x-b-us-east-1")),
      "a list parameter")
    assertSame(
      blueprint(
        #""Fn::ForEach::O": ["X", ["1", 2], { "Fn::ForEach::I": ["Y", ["p", "q"], { "B${X}${Y}": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Fn::Join": ["-", [{ "Ref": "X" }, { "Ref": "Y" }, "${X}"]] } } } }] }]"#
      ),
      blueprint(
        ["1", "2"].flatMap { x in ["p", "q"].map { y in bucket("B\(x)\(y)", "\(x)-\(y)-\(x)") } }
          .joined(separator: ",")),
      "a loop within a loop")
    assertSame(
      blueprint(
        #""Fn::ForEach::V": ["Cidr", ["10.0.0.0/16", "10.1.0.0/16"], { "Vpc&{Cidr}": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": { "Ref": "Cidr" } } } }]"#
      ),
      blueprint(
        ["10.0.0.0/16", "10.1.0.0/16"].map {
          #""Vpc\#($0.filter(\.isNumber))": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "\#($0)" } }"#
        }.joined(separator: ",")),
      "&{} leaves letters and digits")
    assertSame(
      blueprint(
        bucket("Ba", "xa") + "," + bucket("Bb", "xb"),
        #", "Outputs": { "Fn::ForEach::O": ["N", ["a", "b"], { "Out${N}": { "Value": { "Fn::GetAtt": [{ "Fn::Sub": "B${N}" }, "Arn"] }, "Export": { "Name": "e-${N}" } } }] }"#
      ),
      blueprint(
        bucket("Ba", "xa") + "," + bucket("Bb", "xb"),
        #", "Outputs": { "Outa": { "Value": { "Fn::GetAtt": "Ba.Arn" }, "Export": { "Name": "e-a" } }, "Outb": { "Value": { "Fn::GetAtt": "Bb.Arn" }, "Export": { "Name": "e-b" } } }"#
      ), "loops in outputs")
    assertSame(
      blueprint(
        #""R": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": { "Fn::ForEach::P": ["K", ["x", "y"], { "Key${K}": { "v": { "Ref": "K" } } }], "z": 1 } } }"#
      ),
      blueprint(
        #""R": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": { "Keyx": { "v": "x" }, "Keyy": { "v": "y" }, "z": 1 } } }"#
      ), "loops in properties")
    assertSame(
      blueprint(
        bucket("B", "b"),
        #", "Conditions": { "Fn::ForEach::C": ["N", ["a", "b"], { "Is${N}": { "Fn::Equals": ["${N}", "a"] } }] }, "Outputs": { "O": { "Value": { "Fn::If": ["Isa", "1", "2"] } }, "P": { "Value": { "Fn::If": ["Isb", "1", "2"] } } }"#
      ),
      blueprint(
        bucket("B", "b"), #", "Outputs": { "O": { "Value": "1" }, "P": { "Value": "2" } }"#),
      "loops in conditions")
  }

  /// Random nestings of loops, expanded by the compiler and by the test.
  func testRandomLoopsMakeWhatOneWouldWriteByHand() {
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<50 {
      let depth = 1 + random(3)
      let collections = (0..<depth).map { _ in (0..<(1 + random(4))).map { "v\($0)" } }
      let names = (0..<depth).map { "Id\($0)" }
      let key = names.map { "${\($0)}" }.joined()
      let body =
        #"{ "B\#(key)": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Fn::Join": ["-", ["bucket", \#(names.map { #"{ "Ref": "\#($0)" }"# }.joined(separator: ", "))]] } } } }"#
      var loop = body
      for (name, collection) in zip(names, collections).reversed() {
        loop =
          #"{ "Fn::ForEach::L\#(name)": ["\#(name)", ["\#(collection.joined(separator: #"", ""#))"], \#(loop)] }"#
      }
      var rounds: [[String]] = [[]]
      for collection in collections {
        rounds = rounds.flatMap { round in collection.map { round + [$0] } }
      }
      let handwritten = rounds.map {
        #""B\#($0.joined())": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "bucket-\#($0.joined(separator: "-"))" } }"#
      }.joined(separator: ",")
      assertSame(
        blueprint(String(loop.dropFirst().dropLast())), blueprint(handwritten), "round \(round)")
    }
  }

  func testWrongLoopsAreErrorsAtTheirPlace() {
    let cases: [(loop: String, message: String)] = [
      (
        #""Fn::ForEach::X": ["N", ["a"]]"#,
        #"3:36: Fn::ForEach::X wants [identifier, collection, { "Key${identifier}": value }]"#
      ),
      (
        #""Fn::ForEach": ["N", ["a"], {}]"#,
        "3:18: a loop needs a name of its own: Fn::ForEach::Name"
      ),
      (
        #""Fn::ForEach::X": ["Names", ["a"], {}]"#,
        #"3:37: identifier "Names" is the name of a parameter (desired-state/blueprints/base.jsonc:2:19)"#
      ),
      (
        #""Fn::ForEach::X": ["N", "a", {}]"#,
        "3:36: Fn::ForEach::X wants a list of strings as its collection"
      ),
      (
        #""Fn::ForEach::X": ["N", { "Ref": "Z" }, {}]"#,
        #"3:42: the blueprint has no parameter or resource "Z""#
      ),
      (
        #""Fn::ForEach::X": ["N", ["a", "b"], { "B": { "Type": "AWS::S3::Bucket" } }]"#,
        #"3:18: Resources would have "B" twice"#
      ),
      (
        #""Fn::ForEach::X": ["N", { "Fn::GetAZs": "" }, { "B${N}": { "Type": "AWS::S3::Bucket" } }]"#,
        "3:42: the collection of Fn::ForEach depends on Fn::GetAZs, which is known only when AWS is asked"
      ),
    ]
    for (loop, message) in cases {
      let fixture = Fixture(blueprint(loop))
      assertFindings(
        fixture,
        "blueprints/base.jsonc:\(message.replacing("desired-state/", with: ""))",
        "a wrong loop must give one error: \(loop)")
    }
  }
}
