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
    let configuration = try SharedConfiguration(environment: environment, read: text)
    let transport = CurlTransport(
      limits: TransportLimits(totalSeconds: 30, connections: connections),
      certificateAuthorities: configuration.certificateAuthorities)
    let counter = CallCounter()
    let retry = try RetryPolicy(configuration: configuration)
    let endpoints = EndpointResolver(
      configuration: configuration, partitions: try ServiceModel.embeddedPartitions())
    func client(_ credentials: any CredentialsProvider) -> AWSClient {
      AWSClient(
        credentials: credentials, endpoints: endpoints, transport: transport, retry: retry,
        observer: { record in
          counter.add(record.service)
          trace?.add(record, at: Date().timeIntervalSince1970)
        })
    }
    let home = configuration.region ?? accounts.lazy.compactMap(\.region).first ?? "us-east-1"
    func assume(_ role: AssumeRoleCredentials.Role, from source: any CredentialsProvider)
      -> AssumeRoleCredentials
    {
      AssumeRoleCredentials(role, through: client(source), region: home, clock: .system)
    }
    let ambient = DefaultCredentials(configuration) { assume($0, from: $1) }
    var clients: [String: AWSClient] = [:]
    for account in accounts {
      guard let role = account.role else { continue }
      clients[account.id] = client(
        assume(
          AssumeRoleCredentials.Role(
            arn: role, sessionName: "trueup-\(account.name)", externalID: account.externalID),
          from: ambient))
    }
    return AWSCloud(clients: clients, ambient: client(ambient), counter: counter)
  }

  /// The text of a file, `nil` where there is none. By a file handle, because the path may be a device
  /// (`AWS_CONFIG_FILE=/dev/null`) or a pipe.
  private static func text(ofFile path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  }
}
