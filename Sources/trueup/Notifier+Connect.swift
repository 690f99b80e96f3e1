import AWSClient
import Engine
import Journal
import Reports
import TrueupCore

extension Notifier {
  /// The notifier that `fleet.jsonc` asks for; `nil` where it names nobody.
  static func connect(
    desired: Desired, journal: Journal, cloud: any Cloud, environment: [String: String]
  ) -> Notifier? {
    Notifier(
      desired: desired, journal: journal, cloud: cloud,
      transport: CurlTransport(
        limits: TransportLimits(connectSeconds: 3, totalSeconds: 8, replyBytes: 1 << 16),
        certificateAuthorities: environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }),
      environment: environment, clock: .system, random: { UInt16.random(in: 0...UInt16.max) },
      payload: { notice, destination in
        switch destination.service {
        case .slackWebhook, .slackBot: SlackMessage.render(notice)
        case .webhook: WebhookPayload.render(notice)
        }
      })
  }
}
