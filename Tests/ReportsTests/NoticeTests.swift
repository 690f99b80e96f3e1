import Document
import XCTest

@testable import Reports
@testable import TrueupCore

/// Messages to Slack and to webhooks.
final class NoticeTests: XCTestCase {
  private static func finding(
    _ resource: String, _ path: String = "", stack: String = "acme-prod",
    type: String = "AWS::EC2::SecurityGroup", action: Change.Action = .update,
    desired: Document? = nil, observed: Document? = nil, reason: String? = nil
  ) -> DriftFinding {
    DriftFinding(
      id: DriftFinding.ID(stack: "cosyworld/\(stack)", resource: resource, path: path),
      type: type, action: action, cause: .drift, desired: desired, observed: observed,
      reason: reason)
  }

  private static let since = 1_794_647_533.0
  private static let ada = Attribution(
    principal: "role/Admin (ada)", event: "AuthorizeSecurityGroupIngress", at: since - 240)

  private static let rule: Document = [
    "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0",
  ]

  private static let news: [FindingNews] = [
    FindingNews(
      kind: .resolved, finding: finding("AppLogs", "/RetentionInDays", type: "AWS::Logs::LogGroup"),
      since: since),
    FindingNews(
      kind: .opened,
      finding: finding(
        "FrontSecurityGroup", "/SecurityGroupIngress", desired: [], observed: [rule]),
      since: since, attribution: ada),
    FindingNews(
      kind: .opened,
      finding: finding("SubnetB", stack: "zeta-dev", type: "AWS::EC2::Subnet", action: .create),
      since: since),
    FindingNews(
      kind: .changed,
      finding: finding(
        "Secret", "/SecretString", type: "AWS::SecretsManager::Secret",
        desired: .secret(nil), observed: .secret(nil)), since: since - 86_400),
    FindingNews(
      kind: .opened,
      finding: finding(
        "Bucket", type: "AWS::S3::Bucket", action: .blocked,
        reason: "a bucket named <assets> & more exists without our tags"), since: since),
  ]

  private static func id(_ client: String) -> StackID {
    StackID(project: "cosyworld", client: client, environment: "prod")
  }

  private static let notices: [(name: String, notice: Notice)] = [
    ("findings", .findings(news, open: 7)),
    (
      "resolved",
      .findings([FindingNews(kind: .mended, finding: finding("Vpc"), since: since)], open: 0)
    ),
    (
      "deployments",
      .deployments([
        DeploymentNews(
          stack: id("acme"), state: .completed, revision: Examples.revision,
          changes: [.create: 12, .replace: 1], run: Examples.run),
        DeploymentNews(
          stack: id("bolt"), state: .failed, revision: Examples.revision, changes: [.update: 2],
          problems: ["TaskRole: iam CreateRole was denied: not authorized <arn:aws:iam::1:role/x>"],
          run: Examples.run),
        DeploymentNews(
          stack: id("nova"), state: .rolledBack, revision: Examples.revision,
          changes: [.update: 3], run: Examples.run,
          restored: "0f2d4c6b8a0f2d4c6b8a0f2d4c6b8a0f2d4c6b8a"),
        DeploymentNews(
          stack: id("zeta"), state: .heldBack, revision: Examples.revision,
          problems: ["blueprints/base.jsonc:41:18: there is no property \"CidrBlok\""]),
      ])
    ),
    (
      "digest",
      .digest(
        DailyDigest(
          at: since + 3600,
          open: news.dropFirst().map {
            DailyDigest.Entry(
              finding: $0.finding, since: $0.since, attribution: $0.attribution)
          }, stacks: ["acme-prod", "bolt-prod", "zeta-dev"]))
    ),
    ("quiet-digest", .digest(DailyDigest(at: since, open: [], stacks: ["acme-prod"]))),
  ]

  func testMessagesReadAsRecordedAndFitIntoBlockKit() throws {
    for (name, notice) in Self.notices {
      let message = SlackMessage.render(notice)
      XCTAssertEqual(BlockKit.violations(message), [], name)
      try assertGolden(message.json(indent: 2) + "\n", "slack/\(name).json")
      try assertGolden(
        WebhookPayload.render(notice).json(indent: 2) + "\n", "webhook/\(name).json")
    }
  }

  func testALongReportIsCutAndSaysHowMuchIsLeftOut() {
    let many = (0..<200).map { number in
      FindingNews(
        kind: .opened,
        finding: Self.finding(
          "Group\(number)", "/Policy", desired: "a", observed: .string("\(number)")),
        since: Self.since)
    }
    let message = SlackMessage.render(.findings(many, open: 200))
    XCTAssertEqual(BlockKit.violations(message), [])
    let texts = (message["blocks"]?.list ?? []).compactMap { $0["text"]?["text"]?.string }
    XCTAssertEqual(texts.count, 48, "the header, and as many findings as there is room for")
    let contexts = (message["blocks"]?.list ?? []).compactMap {
      $0["elements"]?[0]?["text"]?.string
    }
    XCTAssertEqual(
      contexts, ["… and 153 more, which had no room here", "200 findings open"])
  }

  func testHostileTextsFitIntoBlockKit() {
    let pieces = ["&", "<", ">", "```", "`", "*", "é", "👩‍👩‍👧‍👦", "\n", "<!channel>", "x", "\u{7}"]
    for length in [0, 1, 149, 150, 151, 2_999, 3_000, 3_001, 5_000] {
      let text = (0..<length).map { pieces[($0 * $0 + $0 / 3) % pieces.count] }.joined()
      let values: Document = .list((0..<9).map { .string("\($0)\(text)") })
      let news = [FindingNews.Kind.opened, .resolved].map { kind in
        FindingNews(
          kind: kind,
          finding: Self.finding(
            "R\(text)", "/P\(text)", stack: "s\(text)", type: "T\(text)", desired: [],
            observed: values),
          since: Self.since,
          attribution: Attribution(principal: text, event: text, at: Self.since))
      }
      let deployment = DeploymentNews(
        stack: Self.id("c\(text)"), state: .failed, revision: text,
        problems: Array(repeating: text, count: 3), run: text)
      for notice in [
        Notice.findings(news, open: 1), .deployments(Array(repeating: deployment, count: 51)),
        .digest(
          DailyDigest(
            at: Self.since,
            open: news.map { DailyDigest.Entry(finding: $0.finding, since: $0.since) },
            stacks: Array(repeating: text, count: 30))),
      ] {
        XCTAssertEqual(
          BlockKit.violations(SlackMessage.render(notice)), [], "a text of \(length): \(text)")
      }
    }
  }

  func testACutNeverLeavesAnEscapeInPieces() {
    for limit in 1...12 {
      let text = SlackText.escaped("a<b>&c", limit: limit)
      XCTAssertLessThanOrEqual(text.utf16.count, limit)
      XCTAssert(
        "a&lt;b&gt;&amp;c".hasPrefix(text.replacing("…", with: "")), "\(limit): \(text)")
      XCTAssertFalse(text.replacing("…", with: "").hasSuffix("&"), "\(limit): \(text)")
    }
    XCTAssertEqual(SlackText.escaped("a<b>&c", limit: 16), "a&lt;b&gt;&amp;c")
  }
}
