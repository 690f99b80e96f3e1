import Document
import TrueupCore
import XCTest

@testable import Reports

final class DifferenceTextTests: XCTestCase {
  private func lines(_ difference: Difference, limit: Int = 60) -> [String] {
    DifferenceText(values: ValueText(stack: "acme-prod", limit: limit)).lines(difference)
  }

  func testScalarsReadAsOldThenNew() {
    let cases: [(desired: Document?, observed: Document?, line: String)] = [
      (8080, 3000, "/P 3000 → 8080"),
      (true, nil, "/P (not set) → true"),
      (nil, "a", "/P a → (not set)"),
      ("two words", "", #"/P "" → "two words""#),
      (.unknown("acme-prod/Vpc"), "vpc-1", "/P vpc-1 → Vpc (known after it is created)"),
      (
        .unknown("beta-prod/Vpc.CidrBlock"), nil,
        "/P (not set) → beta-prod/Vpc.CidrBlock (known after it is created)"
      ),
      (
        .unknown("acme-prod/A, acme-prod/B"), nil,
        "/P (not set) → A, B (known after they are created)"
      ),
      (
        .unknown("zones of us-east-1"), nil,
        "/P (not set) → zones of us-east-1 (not known yet)"
      ),
      (.secret(nil), .secret(nil), "/P (secret) changed"),
      (["a": .secret(nil)], nil, #"/P (not set) → {"a":"(secret)"}"#),
    ]
    for (desired, observed, line) in cases {
      XCTAssertEqual(
        lines(Examples.difference("/P", desired: desired, observed: observed)), [line])
    }
  }

  func testEffectAndCauseAreSaidBehindTheValues() {
    XCTAssertEqual(
      lines(Examples.difference("/P", desired: 1, observed: 2, .replace)),
      ["/P 2 → 1 (create-only)"])
    XCTAssertEqual(
      lines(Examples.difference("/P", desired: 1, observed: 2, lastApplied: 1, .update, .drift)),
      ["/P 2 → 1 (changed in AWS)"])
    XCTAssertEqual(
      lines(Examples.difference("/P", desired: 1, observed: 2, lastApplied: 3, .update, .conflict)),
      ["/P 2 → 1 (was 3 when last applied)"])
  }

  func testLongValuesLoseTheirMiddleAndSayHowMuch() {
    let long = Document.string(
      String(repeating: "a", count: 50) + String(repeating: "z", count: 50))
    let line = lines(Examples.difference("/P", desired: long, observed: 1), limit: 30)[0]
    XCTAssertEqual(line, "/P 1 → aaaaaaaaa…(83 more)…zzzzzzzz")
  }

  func testValuesThatLookAlikeWhenShortenedAreShownFromWhereTheyPart() {
    let head = String(repeating: "h", count: 60)
    let tail = String(repeating: "t", count: 60)
    let line = lines(
      Examples.difference(
        "/P", desired: .string(head + "new" + tail), observed: .string(head + "old" + tail)),
      limit: 30)[0]
    XCTAssertTrue(line.contains("…hhhhhhhhold"), "the old part should show in: \(line)")
    XCTAssertTrue(line.contains("→ …hhhhhhhhnew"), "the new part should show in: \(line)")
  }

  func testTheSignOfAnElementSaysWhatAnApplyDoesWhoeverHasMoved() {
    let causes: [Cause] = [.new, .pending, .drift, .conflict, .removed, .orphan, .unknown]
    for cause in causes {
      XCTAssertEqual(
        lines(
          Examples.difference("/L", desired: ["a", "c"], observed: ["b", "c"], .update, cause)),
        ["/L - b   observed, not desired", "   + a   desired, not observed"], "cause \(cause)")
    }
  }

  func testMembersThatNobodyDeclaredAreNotShownAsDifferences() {
    let declared: Document = ["Port": 1]
    let shown: Document = ["Port": 1, "Extra": true]
    XCTAssertEqual(
      lines(Examples.difference("/L", desired: [declared], observed: [shown, "x"])),
      ["/L - x   observed, not desired"])
    XCTAssertEqual(
      lines(Examples.difference("/O", desired: ["Port": 2], observed: shown)),
      ["/O/Port 1 → 2"])
    XCTAssertEqual(
      lines(Examples.difference("/O", desired: declared, observed: shown)),
      ["/O/Extra true → (not set)"])
  }

  func testAnOrderAloneIsShownWhole() {
    XCTAssertEqual(
      lines(Examples.difference("/L", desired: ["a", "b"], observed: ["b", "a"])),
      [#"/L ["b","a"] → ["a","b"]"#])
  }

  func testSecurityGroupRulesReadAsPeopleSayThem() {
    let cases: [(path: PropertyPath, rule: Document, text: String)] = [
      (
        "/SecurityGroupIngress",
        ["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"],
        "tcp 22 from 0.0.0.0/0"
      ),
      (
        "/SecurityGroupEgress", ["IpProtocol": "-1", "CidrIpv6": "::/0"], "all traffic to ::/0"
      ),
      (
        "/SecurityGroupIngress",
        [
          "IpProtocol": "udp", "FromPort": 1000, "ToPort": 2000, "Description": "a game",
          "SourceSecurityGroupId": .unknown("acme-prod/Alb.GroupId"),
        ], #"udp 1000-2000 from Alb.GroupId (known after it is created) "a game""#
      ),
      (
        "/SecurityGroupIngress",
        ["IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "10.0.0.0/8"],
        "icmp type 8 from 10.0.0.0/8"
      ),
      (
        "/SecurityGroupIngress",
        ["IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/8"],
        "icmp from 10.0.0.0/8"
      ),
      ("/Tags", ["Key": "a", "Value": "b"], "a=b"),
      ("/Other", ["b": 1, "a": [true]], #"{"a":[true],"b":1}"#),
    ]
    for (path, rule, text) in cases {
      XCTAssertEqual(
        ValueText(stack: "acme-prod", limit: 80).element(rule, of: path), text)
    }
  }

  func testAChangedStatementOfAPolicyShowsTheMemberThatMoved() {
    func policy(_ action: String) -> Document {
      ["Statement": [["Effect": "Allow", "Action": .string(action), "Resource": "*"]]]
    }
    XCTAssertEqual(
      lines(Examples.difference("/Policy", desired: policy("s3:Get"), observed: policy("s3:*"))),
      ["/Policy/Statement/0/Action s3:* → s3:Get"])
  }
}
