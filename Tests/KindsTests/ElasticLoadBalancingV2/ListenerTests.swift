import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ElasticLoadBalancingV2::Listener`.
final class ListenerTests: XCTestCase {
  private let listener = Listener()
  private static let arn = Balancing.listener
  private static let shown: Document = [
    "ListenerArn": .string(arn), "LoadBalancerArn": .string(Balancing.balancer), "Port": 443,
    "Protocol": "HTTPS", "Certificates": [["CertificateArn": "arn:first"]],
    "SslPolicy": "ELBSecurityPolicy-2016-08", "MutualAuthentication": ["Mode": "off"],
    "AlpnPolicy": ["None"],
    "DefaultActions": [
      [
        "Type": "forward", "Order": 1, "TargetGroupArn": .string(Balancing.group),
        "ForwardConfig": [
          "TargetGroups": [["TargetGroupArn": .string(Balancing.group), "Weight": 1]],
          "TargetGroupStickinessConfig": ["Enabled": false],
        ],
      ]
    ],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeListeners", "CreateListener": .success(["Listeners": [shown]])
    case "GetResources": Balancing.sweep(arn, Balancing.rule, Balancing.balancer)
    case "DescribeListenerAttributes":
      .success(["Attributes": [["Key": "routing.http.response.server.enabled", "Value": "true"]]])
    default: .success([:])
    }
  }

  // MARK: Observing

  func testThoseOfTheSweepAreReadByTheirARNs() throws {
    let observation = ObservationRehearsal(
      listener, .rehearsal(properties: ["ListenerAttributes"]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeListeners {"ListenerArns":["\#(Self.arn)"]}"#,
        #"DescribeListenerAttributes {"ListenerArn":"\#(Self.arn)"}"#,
      ])
    XCTAssertEqual(observation[Self.arn]?.tags, Step.ourTags)
    XCTAssertEqual(try uncovered(listener, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testWhereOneIsGoneTheirLoadBalancersAreRead() {
    let observation = ObservationRehearsal(
      listener, .rehearsal(candidates: [Balancing.otherListener: []])
    ) { call in
      call.operation == "DescribeListeners" && call.input["ListenerArns"] != nil
        ? .absent : Self.answer(call)
    }
    XCTAssert(
      observation.lines.contains(
        #"DescribeListeners {"LoadBalancerArn":"\#(Balancing.balancer)"}"#),
      "\(observation.lines)")
    XCTAssertEqual(observation.observed.map(\.id), [Self.arn])
  }

  func testALoadBalancerThatIsNamedIsReadWhereNothingOfItIsKnown() {
    let other = Balancing.balancer.replacing("/web/", with: "/other/")
    var context = ReadContext.rehearsal()
    context.values = ["LoadBalancerArn": [other, Balancing.balancer]]
    let observation = ObservationRehearsal(listener, context, answer: Self.answer)
    XCTAssertEqual(
      observation.reads.map(\.call).filter { $0.input["LoadBalancerArn"] != nil }
        .map { $0.input["LoadBalancerArn"] }, [.string(other)])
  }

  // MARK: Comparing

  private func isSame(_ one: Document, _ other: Document) -> Bool {
    listener.facts.normal(["DefaultActions": [one]])
      == listener.facts.normal(["DefaultActions": [other]])
  }

  func testTheSpellingsOfAForwardAreOne() {
    let shown = Self.shown.elementsOf("DefaultActions")[0].with(["Order": .null])
    let group: Document = ["TargetGroupArn": .string(Balancing.group)]
    XCTAssert(isSame(shown, group.with(["Type": "forward"])))
    XCTAssert(
      isSame(shown, ["Type": "forward", "ForwardConfig": ["TargetGroups": [group]]]))
    XCTAssert(
      isSame(
        shown,
        ["Type": "forward", "ForwardConfig": ["TargetGroups": [group.with(["Weight": 1])]]]))
    XCTAssertFalse(
      isSame(
        shown,
        ["Type": "forward", "ForwardConfig": ["TargetGroups": [group.with(["Weight": 2])]]]))
    XCTAssertFalse(isSame(shown, ["Type": "forward", "TargetGroupArn": "arn:another"]))
  }

  func testWhatAWSFillsInIsNoDifferenceAndWhatIsTakenOutIsOne() {
    let shown: Document = [
      "Type": "redirect",
      "RedirectConfig": [
        "Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/#{path}",
        "Query": "#{query}", "StatusCode": "HTTP_301",
      ],
    ]
    let declared: Document = [
      "Type": "redirect",
      "RedirectConfig": ["Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"],
    ]
    XCTAssert(isSame(shown, declared))
    XCTAssertFalse(
      isSame(
        shown.with(["RedirectConfig": shown["RedirectConfig"]!.with(["Host": "by.hand"])]),
        declared))
    XCTAssert(
      isSame(
        ["Type": "authenticate-cognito", "AuthenticateCognitoConfig": ["SessionTimeout": "60"]],
        [
          "Type": "authenticate-cognito",
          "AuthenticateCognitoConfig": [
            "SessionTimeout": 60, "Scope": "openid", "OnUnauthenticatedRequest": "authenticate",
            "SessionCookieName": "AWSELBAuthSessionCookie",
            "AuthenticationRequestExtraParams": .object([:]),
          ],
        ]))
  }

  func testActionsComeInTheirOrder() {
    let actions: Document = [
      ["Type": "fixed-response", "Order": 2], ["Type": "authenticate-oidc", "Order": 1],
    ]
    XCTAssertEqual(
      listener.facts.normal(["DefaultActions": actions])["DefaultActions"],
      [["Type": "authenticate-oidc", "Order": 1], ["Type": "fixed-response", "Order": 2]])
  }

  // MARK: Changing

  private static let oidc: Document = [
    "Type": "authenticate-oidc", "Order": 1,
    "AuthenticateOidcConfig": [
      "Issuer": "i", "AuthorizationEndpoint": "a", "TokenEndpoint": "t", "UserInfoEndpoint": "u",
      "ClientId": "c", "ClientSecret": "a secret", "SessionTimeout": "3600",
    ],
  ]

  func testCreatesWithItsAttributesAndTheSecret() throws {
    let created = Rehearsal(
      listener,
      .creating([
        "LoadBalancerArn": .string(Balancing.balancer), "Port": 443, "Protocol": "HTTPS",
        "Certificates": [["CertificateArn": "arn:first"]], "DefaultActions": [Self.oidc],
        "ListenerAttributes": [["Key": "routing.http.response.server.enabled", "Value": false]],
      ]), answer: Self.answer)
    XCTAssertEqual(
      created.calls.map(\.operation), ["CreateListener", "ModifyListenerAttributes"])
    let config = created.calls[0].input.elementsOf("DefaultActions")[0]["AuthenticateOidcConfig"]
    XCTAssertEqual(config?["ClientSecret"], "a secret")
    XCTAssertEqual(config?["SessionTimeout"], 3600)
    XCTAssertEqual(created.calls[0].input.elementsOf("Tags").count, 2)
    XCTAssertEqual(created.id, Self.arn)
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testASecretInAListIsSaidToBeNotChecked() {
    let paths = listener.facts.properties.notReadable.map(\.path.description)
    XCTAssert(paths.contains("/DefaultActions/*/AuthenticateOidcConfig/ClientSecret"), "\(paths)")
    var config = Self.oidc["AuthenticateOidcConfig"] ?? [:]
    let declared: Document = [
      "LoadBalancerArn": .string(Balancing.balancer), "Port": 443,
      "DefaultActions": [Self.oidc],
    ]
    config = config.setting("ClientSecret", nil)
    let shown = Observed(
      type: listener.type, id: Self.arn, scope: .rehearsal,
      properties: declared.with([
        "ListenerArn": .string(Self.arn),
        "DefaultActions": [Self.oidc.with(["AuthenticateOidcConfig": config])],
      ]), tags: Step.ourTags)
    XCTAssertEqual(plannedChanges(listener, declared, shown: [shown]), [])
    let earlier = declared.with([
      "DefaultActions": [
        Self.oidc.with(["AuthenticateOidcConfig": config.setting("ClientSecret", "another")])
      ]
    ])
    XCTAssertEqual(
      plannedChanges(listener, declared, shown: [shown], base: earlier),
      ["update /DefaultActions/0/AuthenticateOidcConfig/ClientSecret (update)"],
      "that it changed is seen where the earlier one is known")
  }

  func testWhatBelongsToTLSGoesAlongWithTheProtocol() throws {
    let secured = Rehearsal(
      listener,
      .updating(
        Self.arn, from: ["Protocol": "HTTP", "Port": 80],
        to: [
          "Protocol": "HTTPS", "Port": 80, "Certificates": [["CertificateArn": "arn:first"]],
          "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        ], changed: ["Protocol"]))
    XCTAssertEqual(
      Set((secured.calls[0].input.object ?? [:]).keys),
      ["ListenerArn", "Protocol", "Certificates", "SslPolicy"])
    let plain = Rehearsal(
      listener,
      .updating(
        Self.arn, from: Self.shown, to: ["Protocol": "HTTP", "Port": 443],
        changed: ["Protocol", "SslPolicy", "MutualAuthentication"]))
    XCTAssertEqual(
      plain.lines, [#"ModifyListener {"ListenerArn":"\#(Self.arn)","Protocol":"HTTP"}"#])
    let reset = Rehearsal(
      listener,
      .updating(
        Self.arn, from: Self.shown, to: ["Protocol": "HTTPS"],
        changed: ["SslPolicy", "MutualAuthentication"]))
    XCTAssertEqual(reset.calls[0].input["MutualAuthentication"], ["Mode": "off"])
    XCTAssertEqual(reset.calls[0].input["SslPolicy"], "ELBSecurityPolicy-2016-08")
    XCTAssertEqual(try modelProblems(secured.calls + plain.calls + reset.calls), [])
  }
}
