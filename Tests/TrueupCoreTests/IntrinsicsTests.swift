import Document
import TrueupCore
import XCTest

final class IntrinsicsTests: XCTestCase {
  private let vpc = Value.reference(Reference(Address(stack: "s", resource: "Vpc")))
  private let zones = Value.fact(.availabilityZones(account: "1", region: "us-east-1"))
  private let secret = Value.secret(SecretReference(stack: "s", parameter: "Token"))

  private func list(_ elements: Value...) -> Value { .list(of: elements) }

  func testFunctionsOfKnownArguments() throws {
    let cases: [(reason: String, function: IntrinsicFunction, arguments: [Document], Document)] = [
      ("AWS's example of Fn::Join", .join, [":", ["a", "b", "c"]], "a:b:c"),
      ("numbers and booleans become text", .join, ["-", ["a", 1, true]], "a-1-true"),
      ("an empty list gives an empty string", .join, ["-", []], ""),
      ("AWS's example of Fn::Split", .split, ["|", "a|b|c"], ["a", "b", "c"]),
      ("consecutive delimiters give empty strings", .split, ["|", "a||c|"], ["a", "", "c", ""]),
      ("a delimiter may have several characters", .split, ["::", "a::b"], ["a", "b"]),
      ("a text without delimiter is one element", .split, [",", "a"], ["a"]),
      ("AWS's example of Fn::Select", .select, ["1", ["apples", "grapes"]], "grapes"),
      ("an index may be a number", .select, [0, ["apples"]], "apples"),
      ("AWS's example of Fn::Base64", .base64, ["AWS CloudFormation"], "QVdTIENsb3VkRm9ybWF0aW9u"),
      ("AWS's example of Fn::Length", .length, [[1, 2, 3]], 3),
      ("an empty list has length 0", .length, [[]], 0),
      (
        "JSON strings are canonical", .toJSONString, [["b": 1, "a": [true]]], #"{"a":[true],"b":1}"#
      ),
      (
        "AWS's example of Fn::Cidr", .cidr, ["192.168.0.0/24", 6, 5],
        [
          "192.168.0.0/27", "192.168.0.32/27", "192.168.0.64/27", "192.168.0.96/27",
          "192.168.0.128/27", "192.168.0.160/27",
        ]
      ),
      (
        "host bits of the block are cleared", .cidr, ["10.1.2.3/16", "2", "8"],
        ["10.1.0.0/24", "10.1.1.0/24"]
      ),
      (
        "IPv6 takes 64 bits for a /64", .cidr, ["2001:DB8:0:ff00::/56", 2, 64],
        ["2001:db8:0:ff00::/64", "2001:db8:0:ff01::/64"]
      ),
      ("the whole block fits once", .cidr, ["10.0.0.0/24", 1, 8], ["10.0.0.0/24"]),
    ]
    for (reason, function, arguments, expected) in cases {
      let value = try Value.calling(function, arguments.map(Value.known))
      XCTAssertEqual(value, .known(expected), reason)
    }
  }

  func testWrongArgumentsAreErrors() {
    let cases: [(IntrinsicFunction, [Document], String)] = [
      (.join, ["a"], "Fn::Join wants 2 arguments, not 1"),
      (.join, ["a", "b"], "Fn::Join wants a list"),
      (.join, ["a", [["b"]]], "Fn::Join joins strings only"),
      (.split, ["", "b"], "Fn::Split wants a delimiter that is not empty"),
      (.split, [",", ["b"]], "Fn::Split wants a string as source"),
      (.select, [2, ["a", "b"]], "Fn::Select wants an index from 0 to 1, not 2"),
      (.select, [-1, ["a"]], "Fn::Select wants an index from 0 to 0, not -1"),
      (.select, ["x", ["a"]], "Fn::Select wants a whole number as index, not x"),
      (.select, [0, []], "Fn::Select wants a list that is not empty"),
      (.base64, [["a"]], "Fn::Base64 wants a string as value"),
      (.length, ["abc"], "Fn::Length wants a list"),
      (.toJSONString, ["abc"], "Fn::ToJsonString wants an object or a list"),
      (.cidr, ["10.0.0.0/16", 2], "Fn::Cidr wants 3 arguments, not 2"),
      (.cidr, ["10.0.0.0", 2, 8], "Fn::Cidr wants a network such as 10.0.0.0/16, not 10.0.0.0"),
      (.cidr, ["10.0.0.0/16", 257, 8], "Fn::Cidr wants a count from 1 to 256, not 257"),
      (.cidr, ["10.0.0.0/16", 1, 32], "Fn::Cidr wants 1 to 31 bits, not 32"),
      (.cidr, ["10.0.0.0/24", 3, 7], "Fn::Cidr cannot fit 3 networks of /25 into 10.0.0.0/24"),
      (.cidr, ["10.0.0.0/24", 1, 9], "Fn::Cidr cannot fit 1 networks of /23 into 10.0.0.0/24"),
    ]
    for (function, arguments, expected) in cases {
      XCTAssertThrowsError(try Value.calling(function, arguments.map(Value.known)), expected) {
        XCTAssertEqual(String(describing: $0), expected)
      }
    }
  }

  func testUnknownArgumentsLeaveTheCallInOneForm() throws {
    let inner = try Value.calling(.join, [.string(""), list(.string("b"), vpc)])
    XCTAssertEqual(
      try Value.calling(
        .join, [.string(""), list(.string("a"), inner, .string("c"), .string("d"))]),
      .call(.join, [.string(""), .list([.string("ab"), vpc, .string("cd")])]),
      "texts around an unknown part are merged, whatever way the template was written")
    XCTAssertEqual(
      try Value.calling(.join, [.string(""), list(vpc)]), vpc, "one part needs no join")
    XCTAssertEqual(
      try Value.calling(.join, [.string(","), list(.known(1), vpc)]),
      .call(.join, [.string(","), .list([.string("1"), vpc])]))
    XCTAssertEqual(
      try Value.calling(.select, [.known(0), list(.string("a"), vpc)]), .string("a"),
      "a known element of a partly known list can be taken")
    XCTAssertEqual(try Value.calling(.select, [.known(1), list(.string("a"), vpc)]), vpc)
    XCTAssertEqual(
      try Value.calling(.select, [.known(0), zones]), .call(.select, [.known(0), zones]))
    XCTAssertEqual(
      try Value.calling(.length, [list(vpc, secret)]), .known(2),
      "a list's length does not wait for its elements")
    XCTAssertEqual(
      try Value.calling(.base64, [secret]), .call(.base64, [secret]),
      "a secret inside a function stays a call")
    XCTAssertThrowsError(try Value.calling(.select, [.known(2), list(vpc)]))
  }

  func testEvaluatingFoldsWhatBecameKnown() throws {
    let name = try Value.calling(
      .join,
      [.string("-"), list(vpc, try .calling(.select, [.known(1), zones]), .string("x"))])
    let value = Value.object(of: [
      "Name": name, "Secret": try .calling(.base64, [secret]), "Known": .known([1]),
    ])
    let first = try value.evaluated { $0 == zones ? ["a", "b"] : nil }
    XCTAssertEqual(
      first["Name"], .call(.join, [.string("-"), .list([vpc, .string("b"), .string("x")])]))
    let second = try first.evaluated { $0 == vpc ? "vpc-1" : $0 == secret ? "AWS" : nil }
    XCTAssertEqual(
      second, .known(["Name": "vpc-1-b-x", "Secret": "QVdT", "Known": [1]]),
      "a value whose parts all became known is known as a whole")
    XCTAssertThrowsError(try value.evaluated { $0 == zones ? ["a"] : nil }) {
      XCTAssertEqual(
        String(describing: $0), "Fn::Select wants an index from 0 to 0, not 1")
    }
  }

  func testEvaluatingInStepsGivesWhatEvaluatingAtOnceGives() throws {
    let leaves = [vpc, zones, secret]
    let known: [Document] = ["vpc-1", ["a", "b"], "s"]
    let value = try Value.calling(
      .toJSONString,
      [
        .object(of: [
          "a": try .calling(.join, [.string(""), list(.string("x"), vpc, secret, .string("y"))]),
          "b": try .calling(.length, [zones]), "c": list(zones, .known(2)),
        ])
      ])
    func lookup(_ indices: [Int]) -> (Value) -> Document? {
      { leaf in
        guard let index = leaves.firstIndex(of: leaf), indices.contains(index) else {
          return Optional.none
        }
        return known[index]
      }
    }
    let atOnce = try value.evaluated(lookup([0, 1, 2]))
    XCTAssertEqual(atOnce, .string(#"{"a":"xvpc-1sy","b":2,"c":[["a","b"],2]}"#))
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      var stepwise = value
      for index in order { stepwise = try stepwise.evaluated(lookup([index])) }
      XCTAssertEqual(stepwise, atOnce, "knowledge may come in the order \(order)")
    }
  }
}
