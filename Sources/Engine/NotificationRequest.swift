import AWSClient
import Digest
import Document
import Foundation
import Journal
import TrueupCore

/// How a message goes over the wire to a destination, and what the answer means. Pure.
struct NotificationRequest {
  /// A secret of the destination is not at hand, or is none; for people.
  struct Unusable: Error {
    var message: String
  }

  /// What became of an attempt.
  enum Verdict: Hashable, Sendable {
    case sent
    /// To be tried again; the receiver may say after how many seconds.
    case failed(String, retryAfter: Double?)
    /// The receiver will never take this message.
    case refused(String)
  }

  let http: HTTPRequest
  private let answersInJSON: Bool
  /// What must not stand in an error.
  private let secrets: [String]

  /// - Parameters:
  ///   - secret: reads a secret from its source.
  ///   - time: seconds since 1970, for the signature.
  init(
    _ message: OutboxMessage, to destination: NotificationDestination, at time: Double,
    secret: (SecretSource) -> String?
  ) throws(Unusable) {
    func value(_ source: SecretSource, _ what: String) throws(Unusable) -> String {
      guard let text = secret(source)?.trimmingCharacters(in: .whitespacesAndNewlines),
        !text.isEmpty
      else { throw Unusable(message: "its \(what) is not set: \(Self.place(source))") }
      return text
    }
    var body = message.payload
    switch destination.service {
    case .slackWebhook(let source):
      let url = try value(source, "webhook")
      http = try Self.post(body.json(), to: url)
      answersInJSON = false
      secrets = [url]
    case .slackBot(let source, let channel, let api):
      let token = try value(source, "token")
      // A message id that Slack has seen is not shown twice (client_msg_id); the metadata is for
      // those who read the channel by program.
      body = body.merging([
        "channel": .string(channel), "client_msg_id": .string(message.id),
        "metadata": [
          "event_type": "trueup_notice", "event_payload": ["id": .string(message.id)],
        ],
      ])
      http = try Self.post(
        body.json(), to: api + "/chat.postMessage",
        headers: [HTTPRequest.Header("Authorization", "Bearer \(token)")])
      answersInJSON = true
      secrets = [token]
    case .webhook(let source, let secretSource):
      let url = try value(source, "url")
      let key = try value(secretSource, "secret")
      let text = body.merging(["id": .string(message.id)]).json()
      http = try Self.post(
        text, to: url,
        headers: [
          HTTPRequest.Header("Trueup-Message-Id", message.id),
          HTTPRequest.Header("Trueup-Signature", Self.signature(text, key: key, at: time)),
        ])
      answersInJSON = false
      secrets = [url, key]
    }
  }

  /// `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`, so that an old message cannot be sent again.
  static func signature(_ body: String, key: String, at time: Double) -> String {
    let seconds = Int(time)
    let digest = SHA256.authenticate(Array("\(seconds).\(body)".utf8), key: Array(key.utf8))
    return "t=\(seconds),v1=\(SHA256.hexadecimal(digest))"
  }

  /// Incoming webhooks answer with a status and a word; `chat.postMessage` answers 200 with `ok` and
  /// `error`; all answer 429 with `Retry-After` to those who are too fast.
  /// Source: Slack, "Handling errors" of incoming webhooks, "Rate limits", and `chat.postMessage`.
  func verdict(_ response: HTTPResponse) -> Verdict {
    let retryAfter = response.header("Retry-After").flatMap(Double.init)
    let text = String(decoding: response.body.prefix(200), as: UTF8.self)
    guard (200..<300).contains(response.status) else {
      let problem = cleaned("HTTP \(response.status) \(text)")
      // The message itself is wrong; anything else a person can put right at the destination.
      return [400, 413, 422].contains(response.status) && !Self.isAboutDestination(text)
        ? .refused(problem) : .failed(problem, retryAfter: retryAfter)
    }
    guard answersInJSON else { return .sent }
    guard let answer = try? JSON.read(response.body) else {
      return .failed("the answer is no JSON", retryAfter: nil)
    }
    if answer["ok"]?.bool == true { return .sent }
    let error = answer["error"]?.string ?? "no reason was given"
    // It has arrived before.
    if error == "duplicate_message_not_allowed" { return .sent }
    return Self.refusals.contains(error)
      ? .refused(error) : .failed(cleaned(error), retryAfter: retryAfter)
  }

  /// What went wrong on the way; the endpoint of a webhook without its path, which is a secret.
  func failure(_ error: TransportError) -> Verdict {
    .failed(cleaned(error.message), retryAfter: nil)
  }

  private static let refusals: Set = [
    "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text",
    "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
  ]

  private static func isAboutDestination(_ answer: String) -> Bool {
    ["user_not_found", "channel_not_found", "no_team", "invalid_token"].contains(
      where: answer.contains)
  }

  private func cleaned(_ text: String) -> String {
    secrets.reduce(text) { $0.replacing($1, with: "***") }
  }

  private static func place(_ source: SecretSource) -> String {
    switch source {
    case .environment(let variable): "there is no environment variable \(variable)"
    case .file(let path): "the file \(path) cannot be read"
    case .generate: "it has no source"
    }
  }

  private static func post(
    _ body: String, to url: String, headers: [HTTPRequest.Header] = []
  ) throws(Unusable) -> HTTPRequest {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
      let host = parts.encodedHost, !host.isEmpty, ["http", "https"].contains(scheme)
    else { throw Unusable(message: "its address is no http or https URL") }
    return HTTPRequest(
      method: "POST", scheme: scheme, host: host + (parts.port.map { ":\($0)" } ?? ""),
      path: parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath,
      query: (parts.queryItems ?? []).map { HTTPRequest.QueryItem($0.name, $0.value) },
      headers: [HTTPRequest.Header("Content-Type", "application/json; charset=utf-8")] + headers,
      body: Array(body.utf8))
  }
}

extension Document {
  /// The object with other members added.
  fileprivate func merging(_ members: [String: Document]) -> Document {
    .object((object ?? [:]).merging(members) { $1 })
  }
}
