import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// Whatever stands in a template: an error, never a crash, never for ever.
final class HostileTemplateTests: XCTestCase {
  private func assertOneError(
    _ fixture: Fixture, containing text: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    let errors = fixture.compile().errors.map(\.description)
    XCTAssertEqual(errors.count, 1, errors.joined(separator: "\n"), file: file, line: line)
    XCTAssertTrue(
      errors.first?.contains(text) ?? false, errors.first ?? "no error", file: file, line: line)
  }

  func testDeepNestingIsAnError() {
    let nested = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    let errors = Fixture(expression: nested).compile().errors
    XCTAssertEqual(errors.count, 1, "the reader limits the depth")
  }

  func testDeepButAllowedNestingIsEvaluated() {
    let depth = 110
    let expression =
      String(repeating: #"{"Fn::Base64": "#, count: 4)
      + #""a""# + String(repeating: "}", count: 4)
    XCTAssertEqual(Fixture(expression: expression).value()?.document?.string?.isEmpty, false)
    let lists = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    XCTAssertNotNil(Fixture(expression: lists).value())
  }

  func testHugeLoopProductsAreLimited() {
    let collection = "[" + (0..<200).map { "\"v\($0)\"" }.joined(separator: ",") + "]"
    var loop = #"{ "B${I0}${I1}${I2}${I3}": { "Type": "AWS::S3::Bucket" } }"#
    for level in 0..<4 {
      loop = #"{ "Fn::ForEach::L\#(level)": ["I\#(level)", \#(collection), \#(loop)] }"#
    }
    let fixture = Fixture(
      #"{ "Transform": "AWS::LanguageExtensions", "Resources": \#(loop) }"#)
    let start = Date()
    let errors = fixture.compile().errors.map(\.description)
    XCTAssertTrue(
      errors.contains { $0.contains("Fn::ForEach makes more than can be handled") },
      errors.joined(separator: "\n"))
    XCTAssertLessThan(Date().timeIntervalSince(start), 30, "1,600,000,000 resources are not tried")
  }

  func testConditionsThatGoRoundAreErrors() {
    assertOneError(
      Fixture(
        expression: "1",
        sections: #""Conditions": { "A": { "Fn::Not": [{ "Condition": "A" }] } }"#),
      containing: "condition A depends on itself")
  }

  func testMembersOfTheWrongShapeAreErrors() {
    let values = ["1", "null", "true", "\"x\"", "[]", "{}", "[1]", "{\"a\":1}", "[[[]]]"]
    let templates = [
      #"{ "Resources": VALUE }"#, #"{ "Resources": { "A": VALUE } }"#,
      #"{ "Parameters": VALUE, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Parameters": { "P": VALUE }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Mappings": VALUE, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Conditions": { "C": VALUE }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Rules": { "R": VALUE }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Rules": { "R": { "Assertions": [VALUE] } }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Outputs": { "O": VALUE }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Metadata": { "Trueup": VALUE }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      #"{ "Resources": { "B": { "Type": VALUE } } }"#,
      #"{ "Resources": { "B": { "Type": "AWS::EC2::VPC", "Properties": VALUE } } }"#,
      #"{ "Resources": { "B": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": VALUE } } } }"#,
    ]
    var accepted: [String] = []
    for template in templates {
      for value in values {
        let text = template.replacing("VALUE", with: value)
        if Fixture(text).compile().desired != nil { accepted.append(text) }
      }
    }
    XCTAssertEqual(
      accepted,
      [
        #"{ "Parameters": {}, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
        #"{ "Mappings": {}, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
        #"{ "Metadata": { "Trueup": {} }, "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      ], "nothing else has a right shape")
    let functions = StackCompiler.functionNames + ["Fn::RefAll", "Fn::Contains", "Fn::Nonsense"]
    var calls: [String] = []
    for function in functions {
      for value in values {
        let call = "{ \"\(function)\": \(value) }"
        if Fixture(expression: call).compile().desired != nil { calls.append(call) }
      }
    }
    XCTAssertEqual(
      calls,
      [
        #"{ "Fn::Sub": "x" }"#, #"{ "Fn::GetAZs": 1 }"#, #"{ "Fn::GetAZs": null }"#,
        #"{ "Fn::GetAZs": true }"#,
        #"{ "Fn::GetAZs": "x" }"#, #"{ "Fn::Base64": 1 }"#, #"{ "Fn::Base64": true }"#,
        #"{ "Fn::Base64": "x" }"#, #"{ "Fn::Length": [] }"#, #"{ "Fn::Length": [1] }"#,
        #"{ "Fn::Length": [[[]]] }"#, #"{ "Fn::ToJsonString": [] }"#,
        #"{ "Fn::ToJsonString": {} }"#, #"{ "Fn::ToJsonString": [1] }"#,
        #"{ "Fn::ToJsonString": {"a":1} }"#, #"{ "Fn::ToJsonString": [[[]]] }"#,
      ], "nothing else has right arguments")
  }

  func testMutatedTemplatesNeverCrash() {
    let template = Array(
      #"""
      { "Transform": "AWS::LanguageExtensions", "Parameters": { "N": { "Type": "Number", "Default": 2, "MinValue": 1 } },
        "Mappings": { "M": { "a": { "b": "c" } } }, "Conditions": { "C": { "Fn::Equals": [{ "Ref": "N" }, "2"] } },
        "Resources": { "V": { "Type": "AWS::EC2::VPC", "Condition": "C", "Properties": { "CidrBlock": { "Fn::Select": [0, { "Fn::Cidr": ["10.0.0.0/8", { "Ref": "N" }, 8] }] } } },
          "Fn::ForEach::S": ["I", ["0", "1"], { "S${I}": { "Type": "AWS::EC2::Subnet", "Properties": { "VpcId": { "Ref": "V" }, "CidrBlock": { "Fn::Sub": "10.${I}.0.0/16" } } } }] },
        "Outputs": { "O": { "Value": { "Fn::If": ["C", { "Fn::GetAtt": ["V", "VpcId"] }, { "Fn::FindInMap": ["M", "a", "b"] }] } } } }
      """#.utf8)
    let replacements = Array("{}[]\",:0aR\\$ ".utf8)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<400 {
      var bytes = template
      for _ in 0...random(3) {
        let place = random(bytes.count)
        if random(2) == 0 {
          bytes[place] = replacements[random(replacements.count)]
        } else {
          bytes.remove(at: place)
        }
      }
      var fixture = Fixture([:])
      fixture.files.contents["blueprints/base.jsonc"] = bytes
      let compilation = fixture.compile()
      XCTAssertEqual(
        compilation.desired == nil, !compilation.errors.isEmpty,
        "round \(round): \(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
