import AWSClient
import Engine
import Foundation
import TrueupCore

extension AWSCloud {
  /// AWS as the environment and the shared files say: one client for the credentials at hand, and one
  /// for each account that is entered through a role.
  ///
  /// - Parameters:
  ///   - project: for the names of sessions.
  ///   - connections: requests at once.
  ///   - trace: told of every attempt.
  static func connect(
    accounts: [FleetAccount], project: String? = nil, environment: [String: String],
    connections: Int, trace: TraceFile? = nil
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
    // AWS's limits are an account's, whoever calls.
    @Sendable func client(
      _ credentials: any CredentialsProvider, _ pacer: Pacer
    ) -> AWSClient {
      AWSClient(
        credentials: credentials, endpoints: endpoints, transport: transport, retry: retry,
        pacer: pacer,
        observer: { record in
          counter.add(record.service)
          trace?.add(record, at: Date().timeIntervalSince1970)
        })
    }
    let ambientPacer = Pacer()
    let home = configuration.region ?? accounts.lazy.compactMap(\.region).first ?? "us-east-1"
    let ambient = DefaultCredentials(
      configuration,
      .system(
        certificateAuthorities: configuration.certificateAuthorities,
        sessionName: sessionName(project: project, client: nil), region: home,
        client: { client($0, ambientPacer) }))
    let entered = Dictionary(
      accounts.filter { $0.role != nil }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let pacers = entered.mapValues { _ in Pacer() }
    @Sendable func session(_ account: FleetAccount, for name: String?) -> AWSClient {
      let role = AssumeRoleCredentials.Role(
        arn: account.role ?? "", sessionName: sessionName(project: project, client: name),
        externalID: account.externalID)
      return client(
        AssumeRoleCredentials(role, through: client(ambient, ambientPacer), region: home),
        pacers[account.id] ?? Pacer())
    }
    return AWSCloud(
      clients: entered.mapValues { session($0, for: nil) }, ambient: client(ambient, ambientPacer),
      counter: counter,
      session: { account, name in entered[account].map { session($0, for: name) } })
  }

  /// What CloudTrail shows with every call of a session: `trueup-{project}` for what is read for all,
  /// `trueup-{project}-{client}` for the changes of one client.
  /// Source: STS AssumeRole, RoleSessionName: 2 to 64 characters of `[\w+=,.@-]`, which names of projects
  /// and clients keep to.
  static func sessionName(project: String?, client: String?) -> String {
    let name = (["trueup"] + [project, client].compactMap(\.self)).joined(separator: "-")
    guard name.count > 64, let client else { return String(name.prefix(64)) }
    return String("trueup-\(client)".prefix(64))
  }
}
