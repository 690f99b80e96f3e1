import Document
import XCTest

@testable import TrueupCore

/// What an update takes away, by what is declared of a property.
final class LossesTests: XCTestCase {
  private func loses(
    _ facts: PropertyFacts, _ observed: Document?, _ desired: Document?
  ) -> Bool {
    let table: PropertyTable = ["/P": facts]
    let losses = Losses(comparison: Comparison(table: table)) { element, _ in element }
    func normal(_ value: Document?) -> Document? { value.map { table.normal($0, at: "/P") } }
    return !losses.findings("P", desired: normal(desired), observed: normal(observed)).isEmpty
  }

  func testMembersThatGo() {
    let cases: [(observed: Document?, desired: Document?, loses: Bool)] = [
      (["a", "b"], ["a"], true), (["a"], [], true), (["a"], nil, true), (["a"], ["b"], true),
      (["a"], ["a", "b"], false), ([], ["a"], false), (nil, ["a"], false),
      (["a", "b"], ["b", "a"], false), ("whole", nil, true), ("whole", "other", false),
      (["a"], [.unknown("acme-prod/X")], false), (["a", "b"], [.unknown("acme-prod/X")], true),
      (["a"], .unknown("acme-prod/X"), false),
    ]
    for (observed, desired, expected) in cases {
      XCTAssertEqual(
        loses(.set.losing(.members), observed, desired), expected,
        "\(String(describing: observed)) → \(String(describing: desired))")
    }
    let keyed = PropertyFacts.keyed("K").losing(.members)
    XCTAssertTrue(loses(keyed, [["K": "a"], ["K": "b"]], [["K": "a"]]))
    XCTAssertFalse(loses(keyed, [["K": "a", "V": 1]], [["K": "a", "V": 2]]))
  }

  func testNumbersThatFall() {
    let cases: [(absent: Double?, observed: Document?, desired: Document?, loses: Bool)] = [
      (nil, 30, 1, true), (nil, 1, 30, false), (nil, nil, 30, true), (nil, 30, nil, false),
      (345_600, 1_209_600, nil, true), (345_600, nil, 60, true), (345_600, nil, 1_209_600, false),
      (0, "7", "8", false), (0, "8", "7", true), (0, 5, nil, true), (nil, 30, 30, false),
    ]
    for (absent, observed, desired, expected) in cases {
      XCTAssertEqual(
        loses(.losing(.less(absent: absent)), observed, desired), expected,
        "\(String(describing: observed)) → \(String(describing: desired))")
    }
  }

  func testValuesThatAreLeftChangedOrNarrowed() {
    XCTAssertTrue(loses(.losing(.leaving(true)), true, false))
    XCTAssertTrue(loses(.losing(.leaving("Enabled")), "Enabled", nil))
    XCTAssertFalse(loses(.losing(.leaving(true)), false, true))
    XCTAssertFalse(loses(.losing(.leaving(true)), nil, true))
    XCTAssertTrue(loses(.losing(.change), "a", "b"))
    XCTAssertFalse(loses(.losing(.change), nil, "b"))
    XCTAssertTrue(loses(.losing(.narrowing), nil, "b"))
    XCTAssertFalse(loses(.losing(.narrowing), "b", nil))
  }

  private func policy(_ statements: Document...) -> Document {
    ["Version": "2012-10-17", "Statement": .list(statements)]
  }

  private func allow(
    _ action: Document, _ principal: String = "arn:aws:iam::111111111111:root",
    _ more: Document = [:]
  ) -> Document {
    Document.object(
      [
        "Effect": "Allow", "Action": action, "Resource": "*",
        "Principal": ["AWS": .string(principal)],
      ].merging(more.object ?? [:]) { $1 })
  }

  func testPoliciesThatTakeBack() {
    let own = allow("kms:*")
    let cases: [(String, Document?, Document?, Bool)] = [
      (
        "handed to another account", policy(own), policy(allow("kms:*", "arn:aws:iam::222:root")),
        true
      ),
      (
        "another one may as well", policy(own),
        policy(own, allow("kms:*", "arn:aws:iam::222:root")), false
      ),
      ("fewer actions", policy(own), policy(allow("kms:Decrypt")), true),
      ("more actions", policy(allow("kms:Decrypt")), policy(own), false),
      ("everybody", policy(own), policy(allow("kms:*", "*")), false),
      (
        "under a condition", policy(own),
        policy(
          allow(
            "kms:*", "arn:aws:iam::111111111111:root",
            ["Condition": ["Bool": ["aws:SecureTransport": "true"]]])), true
      ),
      (
        "a denial", policy(own), policy(own, ["Effect": "Deny", "Action": "*", "Resource": "*"]),
        true
      ),
      (
        "a denial goes", policy(own, ["Effect": "Deny", "Action": "*", "Resource": "*"]),
        policy(own), false
      ),
      ("all of it", policy(own), policy(), true), ("removed", policy(own), nil, true),
      ("new", nil, policy(own), false),
      (
        "another Sid",
        policy(own), policy(allow("kms:*", "arn:aws:iam::111111111111:root", ["Sid": "A"])), false
      ),
      (
        "not known yet", policy(own),
        policy([
          "Effect": "Allow", "Action": "kms:*", "Resource": "*",
          "Principal": ["AWS": .unknown("acme-prod/Role.Arn")],
        ]), false
      ),
    ]
    for (reason, observed, desired, expected) in cases {
      XCTAssertEqual(
        loses(.normal(.policyDocument).losing(.policy), observed, desired), expected, reason)
    }
  }

  func testRulesThatDeleteMore() {
    let facts = PropertyFacts.set.losing(
      .rules(deletingBy: ["Days", "Old"], while: "Status", is: "Enabled"))
    func rule(_ members: Document) -> Document {
      .object(["Id": "r", "Status": "Enabled"].merging(members.object ?? [:]) { $1 })
    }
    let cases: [(String, [Document], [Document], Bool)] = [
      ("expiry 1 day", [], [rule(["Days": 1])], true),
      ("sooner", [rule(["Days": 30])], [rule(["Days": 1])], true),
      ("later", [rule(["Days": 30])], [rule(["Days": 90])], false),
      ("called otherwise", [rule(["Days": 30])], [rule(["Days": 30, "Id": "s"])], false),
      ("of more", [rule(["Days": 30, "Prefix": "tmp/"])], [rule(["Days": 30])], true),
      ("enabled", [rule(["Days": 30, "Status": "Disabled"])], [rule(["Days": 30])], true),
      ("disabled", [rule(["Days": 30])], [rule(["Days": 1, "Status": "Disabled"])], false),
      ("gone", [rule(["Days": 30])], [], false),
      ("moves only", [], [rule(["Transitions": [["Days": 1]]])], false),
      ("old versions too", [rule(["Days": 30])], [rule(["Days": 30, "Old": ["Days": 3]])], true),
      ("old versions later", [rule(["Old": ["Days": 3]])], [rule(["Old": ["Days": 9]])], false),
    ]
    for (reason, observed, desired, expected) in cases {
      XCTAssertEqual(loses(facts, .list(observed), .list(desired)), expected, reason)
    }
  }
}
