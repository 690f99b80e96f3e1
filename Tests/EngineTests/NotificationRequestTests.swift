import AWSClient
import Document
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// What goes over the wire, and what answers mean.
final class NotificationRequestTests: XCTestCase {
  private static let secrets = [
    "URL": "https://hooks.example.com/services/T0/B0/secret?a=b%20c", "TOKEN": "xoxb-secret",
    "KEY": "key",
  ]
  private static let slack = NotificationDestination(
    name: "ops", service: .slackWebhook(url: .environment(variable: "URL")))
  private static let bot = NotificationDestination(
    name: "ops",
    service: .slackBot(
      token: .environment(variable: "TOKEN"), channel: "#ops", api: "https://slack.com/api"))
  private static let webhook = NotificationDestination(
    name: "pager",
    service: .webhook(
      url: .environment(variable: "URL"), secret: .environment(variable: "KEY")))

  private func request(
    _ destination: NotificationDestination, _ secrets: [String: String] = secrets
  ) throws -> NotificationRequest {
    try NotificationRequest(
      OutboxMessage(id: "m-1", destination: destination.name, payload: ["text": "Hello"]),
      to: destination, at: 1_700_000_000.7
    ) { $0.value(in: "", environment: secrets) }
  }

  func testEachServiceGetsWhatItsDocumentationAsksFor() throws {
    let slack = try request(Self.slack).http
    XCTAssertEqual(slack.host, "hooks.example.com")
    XCTAssertEqual(slack.path, "/services/T0/B0/secret")
    XCTAssertEqual(slack.query, [HTTPRequest.QueryItem("a", "b c")])
    XCTAssertEqual(String(decoding: slack.body, as: UTF8.self), #"{"text":"Hello"}"#)

    let bot = try request(Self.bot).http
    XCTAssertEqual(bot.path, "/api/chat.postMessage")
    XCTAssert(bot.headers.contains(HTTPRequest.Header("Authorization", "Bearer xoxb-secret")))
    let body = try JSON.read(bot.body)
    XCTAssertEqual(body["channel"], "#ops")
    XCTAssertEqual(body["client_msg_id"], "m-1")

    let webhook = try request(Self.webhook).http
    XCTAssertEqual(String(decoding: webhook.body, as: UTF8.self), #"{"id":"m-1","text":"Hello"}"#)
    // printf '1700000000.{"id":"m-1","text":"Hello"}' | openssl dgst -sha256 -hmac key
    XCTAssertEqual(
      webhook.headers.first { $0.name == "Trueup-Signature" }?.value,
      "t=1700000000,v1=e913ae9ae560121fb9f5c0e6bb066487ff0ff8817d641a689c5e3c564cb63fce")
  }

  func testASecretThatIsNotThereIsNamedByItsSource() {
    for (destination, variable) in [
      (Self.slack, "URL"), (Self.bot, "TOKEN"), (Self.webhook, "KEY"),
    ] {
      var secrets = Self.secrets
      secrets[variable] = nil
      XCTAssertThrowsError(try request(destination, secrets)) { error in
        let message = (error as? NotificationRequest.Unusable)?.message ?? "\(error)"
        XCTAssert(
          message.hasSuffix("is not set: there is no environment variable \(variable)"), message)
      }
    }
    XCTAssertThrowsError(try request(Self.slack, ["URL": "ftp://example.com/secret"])) { error in
      XCTAssertEqual(
        (error as? NotificationRequest.Unusable)?.message, "its address is no http or https URL")
    }
  }

  func testWhatAnAnswerMeans() throws {
    typealias Verdict = NotificationRequest.Verdict
    let cases: [(reason: String, NotificationDestination, Int, String, Verdict)] = [
      ("Slack takes it", Self.slack, 200, "ok", .sent),
      ("any 2xx will do", Self.webhook, 202, "", .sent),
      (
        "a payload that Slack refuses", Self.slack, 400, "invalid_payload",
        .refused("HTTP 400 invalid_payload")
      ),
      (
        "an archived channel can be put right", Self.slack, 410, "channel_is_archived",
        .failed("HTTP 410 channel_is_archived", retryAfter: nil)
      ),
      (
        "a revoked webhook can be put right", Self.slack, 400, "invalid_token",
        .failed("HTTP 400 invalid_token", retryAfter: nil)
      ),
      ("a fault", Self.slack, 503, "", .failed("HTTP 503 ", retryAfter: nil)),
      ("the bot's message is taken", Self.bot, 200, #"{"ok":true}"#, .sent),
      (
        "it was taken before", Self.bot, 200,
        #"{"ok":false,"error":"duplicate_message_not_allowed"}"#, .sent
      ),
      (
        "the bot is not in the channel", Self.bot, 200, #"{"ok":false,"error":"not_in_channel"}"#,
        .failed("not_in_channel", retryAfter: nil)
      ),
      (
        "blocks that Slack refuses", Self.bot, 200, #"{"ok":false,"error":"invalid_blocks"}"#,
        .refused("invalid_blocks")
      ),
      (
        "a portal answers", Self.bot, 200, "<html>",
        .failed("the answer is no JSON", retryAfter: nil)
      ),
      (
        "an answer that repeats the secret", Self.bot, 500, "no xoxb-secret here",
        .failed("HTTP 500 no *** here", retryAfter: nil)
      ),
    ]
    for (reason, destination, status, body, expected) in cases {
      XCTAssertEqual(
        try request(destination).verdict(HTTPResponse(status: status, body: Array(body.utf8))),
        expected, reason)
    }
    let busy = HTTPResponse(status: 429, headers: [HTTPRequest.Header("Retry-After", "30")])
    XCTAssertEqual(
      try request(Self.slack).verdict(busy), .failed("HTTP 429 ", retryAfter: 30))
  }
}
