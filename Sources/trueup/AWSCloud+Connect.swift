import AWSClient
import Engine
import Foundation
import TrueupCore

extension AWSCloud {
  /// AWS as the environment and the shared files say: one client for the credentials at hand, and one
  /// for each account that is entered through a role.
  ///
  /// - Parameters:
  ///   - connections: requests at once.
  ///   - trace: told of every attempt.
  static func connect(
    accounts: [FleetAccount], environment: [String: String], connections: Int,
    trace: TraceFile? = nil
  ) throws -> AWSCloud {
    let configuration = try SharedConfiguration(
      environment: environment, read: CredentialsEffects.text(ofFile:))
    let transport = CurlTransport(
      limits: TransportLimits(totalSeconds: 30, connections: connections),
      certificateAuthorities: configuration.certificateAuthorities)
    let counter = CallCounter()
    let retry = try RetryPolicy(configuration: configuration)
    let endpoints = EndpointResolver(
      configuration: configuration, partitions: try ServiceModel.embeddedPartitions())
    @Sendable func client(_ credentials: any CredentialsProvider) -> AWSClient {
      AWSClient(
        credentials: credentials, endpoints: endpoints, transport: transport, retry: retry,
        observer: { record in
          counter.add(record.service)
          trace?.add(record, at: Date().timeIntervalSince1970)
        })
    }
    let home = configuration.region ?? accounts.lazy.compactMap(\.region).first ?? "us-east-1"
    let ambient = DefaultCredentials(
      configuration,
      .system(
        certificateAuthorities: configuration.certificateAuthorities, sessionName: "trueup",
        region: home, client: client))
    var clients: [String: AWSClient] = [:]
    for account in accounts {
      guard let role = account.role else { continue }
      clients[account.id] = client(
        AssumeRoleCredentials(
          AssumeRoleCredentials.Role(
            arn: role, sessionName: "trueup-\(account.name)", externalID: account.externalID),
          through: client(ambient), region: home))
    }
    return AWSCloud(clients: clients, ambient: client(ambient), counter: counter)
  }
}
