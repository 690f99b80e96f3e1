import Document
import XCTest

@testable import TrueupCore

final class PolicyDocumentTests: XCTestCase {
  private func normal(_ statement: Document) -> Document {
    PolicyDocument.normal(["Version": "2012-10-17", "Statement": statement])
  }

  func testPoliciesThatSayTheSameAreEqual() {
    let allow: Document = ["Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"]
    let deny: Document = ["Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"]
    let table: [(left: Document, right: Document, reason: String)] = [
      (allow, [allow], "a single statement needs no list"),
      ([allow, deny], [deny, allow], "statements have no order"),
      (
        ["Action": "s3:Get"], ["Action": ["S3:get"]],
        "a single action needs no list, and actions have no case"
      ),
      (["Action": ["a:B", "c:D"]], ["Action": ["c:D", "a:B", "a:B"]], "actions are a set"),
      (
        ["Resource": ["arn:b", "arn:a"]], ["Resource": ["arn:a", "arn:b"]],
        "resources have no order"
      ),
      (["Principal": "*"], ["Principal": ["AWS": "*"]], "everyone"),
      (
        ["Principal": ["AWS": "arn:aws:iam::123456789012:root"]],
        ["Principal": ["AWS": ["123456789012"]]], "an account is its root user"
      ),
      (
        ["Principal": ["Service": ["a.amazonaws.com", "b.amazonaws.com"]]],
        ["Principal": ["Service": ["b.amazonaws.com", "a.amazonaws.com"]]],
        "services have no order"
      ),
      (
        ["Condition": ["Bool": ["aws:SecureTransport": false]]],
        ["Condition": ["Bool": ["aws:SecureTransport": ["false"]]]],
        "condition values are texts"
      ),
      (["Effect": "Allow", "Condition": [:]], ["Effect": "Allow"], "no condition"),
      (
        ["Condition": ["Bool": ["aws:SecureTransport": "false"]]],
        ["Condition": ["bool": ["aws:securetransport": "False"]]],
        "operators, names of keys and flags have no case"
      ),
      (
        ["Condition": ["StringEquals": ["aws:ResourceTag/Team": "a"]]],
        ["Condition": ["StringEquals": ["AWS:resourcetag/team": "a"]]],
        "nor has a tag's key in a condition"
      ),
      ([allow, allow], allow, "the same statement twice is one"),
      (["Effect": "Allow", "Sid": ""], ["Effect": "Allow"], "no Sid"),
    ]
    for (left, right, reason) in table {
      XCTAssertEqual(normal(left), normal(right), reason)
    }
  }

  func testPoliciesThatDifferStayDifferent() {
    let table: [(left: Document, right: Document, reason: String)] = [
      (["Action": "a:B"], ["NotAction": "a:B"], "NotAction is the opposite"),
      (["Resource": "arn:A"], ["Resource": "arn:a"], "resources have case"),
      (["Effect": "Allow"], ["Effect": "Deny"], "effects differ"),
      (
        ["Condition": ["StringEquals": ["aws:PrincipalTag/team": "A"]]],
        ["Condition": ["StringEquals": ["aws:PrincipalTag/team": "a"]]],
        "values of conditions have case"
      ),
      (
        ["Condition": ["StringEquals": ["aws:a": "1", "aws:A": "2"]]],
        ["Condition": ["StringEquals": ["aws:a": ["1", "2"]]]],
        "both must hold, and not one of them"
      ),
      (
        ["Principal": ["AWS": "*"]], ["Principal": ["Service": "*"]],
        "kinds of principals differ"
      ),
    ]
    for (left, right, reason) in table {
      XCTAssertNotEqual(normal(left), normal(right), reason)
    }
    XCTAssertNotEqual(
      PolicyDocument.normal(["Statement": []]),
      PolicyDocument.normal(["Statement": [], "Version": "2012-10-17"]),
      "a policy without a version has the oldest one")
  }

  func testTextsThatHoldAPolicyAreReadAndOthersKept() {
    let policy: Document = ["Statement": [["Action": "a:B"]], "Version": "2012-10-17"]
    XCTAssertEqual(
      Normalisation.policyDocument.apply(to: .string(policy.json())),
      Normalisation.policyDocument.apply(to: policy))
    XCTAssertEqual(Normalisation.policyDocument.apply(to: "no policy"), "no policy")
  }
}
