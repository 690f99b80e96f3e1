import TrueupCore
import XCTest

@testable import DesiredState

/// `notify` of `fleet.jsonc`.
final class NotificationSettingsTests: XCTestCase {
  private func fixture(_ notify: String) -> Fixture {
    Fixture([
      "blueprints/base.jsonc": #"{ "Resources": { "B": { "Type": "AWS::S3::Bucket" } } }"#,
      "fleet.jsonc": """
      { "project": "p", "region": "us-east-1", "accounts": { "main": { "id": "123456789012" } },
      "notify": \(notify) }
      """,
    ])
  }

  func testDestinationsOfEachSort() {
    let compilation = fixture(
      """
      { "destinations": {
        "ops": { "slack": { "webhook": { "env": "HOOK" } } },
        "acme": { "slack": { "token": { "file": "/run/token" }, "channel": "#acme" },
          "clients": ["acme"] },
        "pager": { "webhook": { "url": { "env": "URL" }, "secret": { "env": "KEY" } } } } }
      """
    ).compile()
    XCTAssertEqual(compilation.errors.map(\.description), [])
    XCTAssertEqual(
      compilation.desired?.notifications,
      NotificationSettings(
        destinations: [
          NotificationDestination(
            name: "ops", service: .slackWebhook(url: .environment(variable: "HOOK"))),
          NotificationDestination(
            name: "acme",
            service: .slackBot(
              token: .file(path: "/run/token"), channel: "#acme", api: "https://slack.com/api"),
            clients: ["acme"]),
          NotificationDestination(
            name: "pager",
            service: .webhook(
              url: .environment(variable: "URL"), secret: .environment(variable: "KEY"))),
        ], digestHour: 8, directory: "desired-state"))
  }

  func testTheDigestCanBeMovedAndLeftOut() {
    for (text, expected) in [("23", 23), ("0", 0), ("null", Int?.none)] {
      let desired = fixture(#"{ "digestHour": \#(text), "destinations": {} }"#).compile().desired
      XCTAssertNotNil(desired?.notifications, text)
      XCTAssertEqual(desired?.notifications?.digestHour, expected, text)
    }
  }

  func testMistakesAreErrorsAtTheirPlace() {
    let cases: [(reason: String, notify: String, finding: String)] = [
      (
        "a secret in git", #"{ "destinations": { "a": { "slack": { "webhook": "https://x" } } } }"#,
        #"2:60: "webhook" of "slack" of destination "a" is a secret, and must say where it is "#
          + #"read from: { "env": VARIABLE } or { "file": PATH }"#
      ),
      (
        "no service", #"{ "destinations": { "a": {} } }"#,
        #"2:36: destination "a" needs either "slack" or "webhook""#
      ),
      (
        "a bot without channel",
        #"{ "destinations": { "a": { "slack": { "token": { "env": "T" } } } } }"#,
        #"2:47: "slack" of destination "a" needs "channel""#
      ),
      (
        "a webhook without secret",
        #"{ "destinations": { "a": { "webhook": { "url": { "env": "U" } } } } }"#,
        #"2:49: "webhook" of destination "a" needs "secret": { "env": VARIABLE } or { "file": "#
          + "PATH }"
      ),
      (
        "a channel for a webhook",
        #"{ "destinations": { "a": { "slack": { "webhook": { "env": "U" }, "channel": "c" } } } }"#,
        #"2:87: an incoming webhook decides the channel by itself; "channel" belongs to a "token""#
      ),
      (
        "a client that nobody has",
        #"{ "destinations": { "a": { "slack": { "webhook": { "env": "U" } }, "clients": ["acne"] } } }"#,
        #"2:90: warning: no manifest has the client "acne", of which a destination is to hear; did you mean "#
          + #""acme"?"#
      ),
      (
        "an hour that is none", #"{ "digestHour": 24 }"#,
        #"2:27: "digestHour" must be from 0 to 23 (UTC), or null"#
      ),
      (
        "a misspelling", #"{ "destination": {} }"#,
        #"2:13: "notify" has no member "destination"; did you mean "destinations"?"#
      ),
    ]
    for (reason, notify, finding) in cases {
      XCTAssertEqual(
        fixture(notify).findings.replacing("fleet.jsonc:", with: ""), finding, reason)
    }
  }
}
