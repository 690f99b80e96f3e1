import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// The grammar of IAM's policy language, as far as it is known what a policy says.
final class PolicyGrammarTests: XCTestCase {
  private func findings(
    _ kind: PolicyGrammar.Kind, _ json: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> [SchemaCheck.Finding] {
    var check = PolicyGrammar(kind, subject: "P")
    check.check(
      LocatedValue(.known(try JSON.read(json)), at: Position(line: 1, column: 1)))
    return check.findings.all
  }

  private func statement(_ members: String) -> String {
    #"{ "Version": "2012-10-17", "Statement": [{ \#(members) }] }"#
  }

  func testWhatIsWrongIsNamed() throws {
    let allow = #""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*""#
    let cases: [(kind: PolicyGrammar.Kind, policy: String, says: String)] = [
      (
        .identity, statement(#""Efect": "Allow", "Action": "*", "Resource": "*""#),
        "did you mean \"Effect\""
      ),
      (.identity, statement(#""Action": "*", "Resource": "*""#), "needs \"Effect\""),
      (
        .identity, statement(#""Effect": "allow", "Action": "*", "Resource": "*""#),
        "\"Allow\" or \"Deny\""
      ),
      (.identity, statement(#""Effect": "Allow", "Resource": "*""#), "needs \"Action\""),
      (.identity, statement(#""Effect": "Allow", "Action": "*""#), "needs \"Resource\""),
      (.identity, statement(allow + #", "NotAction": "*""#), "only one of \"Action\""),
      (.identity, statement(allow + #", "Principal": "*""#), "can have no \"Principal\""),
      (.identity, #"{ "Version": "2012-10-18", "Statement": [] }"#, "2012-10-17"),
      (.identity, #"{ "Statment": [] }"#, "did you mean \"Statement\""),
      (.identity, #"{ "Version": "2012-10-17" }"#, "needs \"Statement\""),
      (.identity, #"{ "Statement": ["x"] }"#, "must be an object"),
      (
        .identity, statement(#""Effect": "Allow", "Action": "s3.GetObject", "Resource": "*""#),
        "service:Action"
      ),
      (
        .identity, statement(#""Effect": "Allow", "Action": "GetObject", "Resource": "*""#),
        "service:Action"
      ),
      (
        .identity, statement(#""Effect": "Allow", "Action": ["s3:Get Object"], "Resource": "*""#),
        "service:Action"
      ),
      (
        .identity, statement(#""Effect": "Allow", "Action": "*", "Resource": "my-bucket""#),
        "is no resource"
      ),
      (
        .identity, statement(#""Effect": "Allow", "Action": "*", "Resource": "arn:awss:s3:::b""#),
        "did you mean \"aws\""
      ),
      (
        .identity, statement(#""Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3::b""#),
        "no whole ARN"
      ),
      (
        .identity,
        statement(
          #""Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:us-east-1:12345:q""#),
        "accounts have twelve"
      ),
      (.identity, statement(allow + #", "Sid": "read it""#), "letters and digits only"),
      (
        .identity, #"{ "Statement": [{ "Sid": "A", \#(allow) }, { "Sid": "A", \#(allow) }] }"#,
        "is used twice"
      ),
      (
        .identity, statement(allow + #", "Condition": { "StringEqual": { "aws:x": "y" } }"#),
        "did you mean \"StringEquals\""
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "ForAnyValues:StringLike": { "aws:x": "y" } }"#),
        "has no operator"
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "Bool": { "aws:SecureTransport": "yes" } }"#),
        "true or false"
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.300/8" } }"#),
        "an address or a range"
      ),
      (
        .identity,
        statement(
          allow
            + #", "Condition": { "NumericLessThanIfExists": { "aws:MultiFactorAuthAge": "short" } }"#
        ), "a number"
      ),
      (
        .identity,
        statement(
          allow + #", "Condition": { "DateGreaterThan": { "aws:CurrentTime": "tomorrow" } }"#),
        "a date"
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "ArnLike": { "aws:SourceArn": "bucket" } }"#), "an ARN"
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "StringEquals": { "SourceAccount": "1" } }"#),
        "names no service"
      ),
      (
        .identity, statement(allow + #", "Condition": { "StringEquals": "x" }"#),
        "must be an object"
      ),
      (
        .identity,
        statement(allow + #", "Condition": { "StringEquals": { "aws:SourceAcount": "1" } }"#),
        "did you mean \"aws:SourceAccount\""
      ),
      (.trust, statement(#""Effect": "Allow", "Action": "sts:AssumeRole""#), "needs \"Principal\""),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*""#),
        "can have no \"Resource\""
      ),
      (
        .trust, statement(#""Effect": "Allow", "Principal": "*", "Action": "sts:AssumRole""#),
        "did you mean \"sts:AssumeRole\""
      ),
      (
        .trust, statement(#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject""#),
        "does not assume a role"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": "ec2.amazonaws.com", "Action": "sts:AssumeRole""#),
        "or an object"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "Servce": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole""#
        ), "did you mean \"Service\""
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "Service": "ec2" }, "Action": "sts:AssumeRole""#),
        "is no service"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "Service": ["ec2.amazonaw.com"] }, "Action": "sts:AssumeRole""#
        ), "looks like no service"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "AWS": "12345678901" }, "Action": "sts:AssumeRole""#),
        "accounts have twelve"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:role/*" }, "Action": "sts:AssumeRole""#
        ), "wildcard"
      ),
      (
        .trust,
        statement(
          #""Effect": "Allow", "Principal": { "AWS": "arn:aws:s3:::b" }, "Action": "sts:AssumeRole""#
        ), "iam and sts"
      ),
      (
        .resource(service: "s3"),
        statement(
          #""Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*""#),
        "another service"
      ),
      (
        .resource(service: "s3"),
        statement(#""Effect": "Allow", "Principal": "*", "Action": "s3:*""#), "needs \"Resource\""
      ),
      (
        .resource(service: "sns"),
        statement(#""Effect": "Allow", "Action": "sns:Publish", "Resource": "*""#),
        "needs \"Principal\""
      ),
    ]
    for (kind, policy, says) in cases {
      let messages = try findings(kind, policy).map(\.message)
      XCTAssertEqual(messages.count, 1, "\(policy): \(messages)")
      XCTAssert(messages.first?.contains(says) ?? false, "\(policy): \(messages) without \(says)")
    }
  }

  func testWhatAWSTakesIsLetPass() throws {
    let cases: [(kind: PolicyGrammar.Kind, statement: String)] = [
      (
        .identity,
        #""Effect": "Deny", "NotAction": ["iam:*", "s3:Get?bject"], "NotResource": ["arn:aws:s3:::b/*", "arn:aws:s3*"]"#
      ),
      (
        .identity,
        #""Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}""#
      ),
      (
        .identity,
        #""Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*", "Condition": { "ForAllValues:StringLikeIfExists": { "aws:TagKeys": ["a*"] }, "Null": { "aws:TokenIssueTime": true }, "bool": { "aws:SecureTransport": false }, "IpAddress": { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] }, "DateLessThan": { "aws:CurrentTime": "2027-01-31T00:00:00Z", "aws:EpochTime": 1790000000 }, "StringEquals": { "aws:ResourceTag/x": "${aws:username}", "token.actions.githubusercontent.com:sub": "x" } }"#
      ),
      (
        .trust,
        #""Effect": "Allow", "Principal": { "Service": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"], "AWS": ["123456789012", "arn:aws:iam::123456789012:root", "AROAEXAMPLEEXAMPLE12"], "Federated": "cognito-identity.amazonaws.com" }, "Action": ["sts:AssumeRole", "sts:TagSession"]"#
      ),
      (
        .resource(service: "s3"),
        #""Sid": "with spaces", "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#
      ),
      (
        .resource(service: "sqs"),
        #""Effect": "Allow", "Principal": "*", "Action": "SQS:SendMessage""#
      ),
      (.resource(service: nil), #""Effect": "Allow", "Action": "*", "Resource": "*""#),
    ]
    for (kind, members) in cases {
      XCTAssertEqual(try findings(kind, statement(members)).map(\.message), [], members)
    }
    XCTAssertEqual(
      try findings(
        .identity, #"{ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#
      )
      .map(\.message), [], "one statement needs no list")
  }

  func testWhatIsNotKnownIsNotLookedAt() {
    let place = Position(line: 1, column: 1)
    func leaf(_ value: Value) -> LocatedValue { LocatedValue(.leaf(value), at: place) }
    let unknown = leaf(
      .reference(Reference(Address(stack: "s-p", resource: "R"), attribute: "Arn")))
    func object(_ members: [(String, LocatedValue)]) -> LocatedValue {
      LocatedValue(
        .object(members.map { LocatedValue.Member(key: $0.0, position: place, value: $0.1) }),
        at: place)
    }
    var check = PolicyGrammar(.trust, subject: "P")
    check.check(unknown)
    check.check(object([("Version", unknown), ("Statement", unknown)]))
    check.check(
      object([
        (
          "Statement",
          object([
            ("Effect", unknown), ("Principal", object([("AWS", unknown)])), ("Action", unknown),
            ("Condition", object([("StringEquals", object([("aws:SourceArn", unknown)]))])),
          ])
        )
      ]))
    XCTAssertEqual(check.findings.all.map(\.message), [])
  }

  func testADocumentThatIsATextIsReadToo() {
    var check = PolicyGrammar(.identity, subject: "P")
    let place = Position(line: 3, column: 7)
    check.check(
      LocatedValue(
        .string(#"{ "Statement": [{ "Efect": "Allow", "Action": "*", "Resource": "*" }] }"#),
        at: place))
    check.check(LocatedValue(.string("{"), at: place))
    XCTAssertEqual(check.findings.all.count, 2)
    XCTAssertEqual(Set(check.findings.all.map(\.position)), [place])
  }
}
