import AWSClient
import Engine
import Foundation
import Journal
import Kinds
import TrueupCore

/// What a command that talks to AWS works with.
struct Session: Sendable {
  let reconciler: Reconciler
  let transport: CurlTransport
  let progress: ProgressPrinter

  /// - Parameter writes: the command changes things: the journal is made where there is none.
  init(
    _ invocation: Invocation, _ state: LoadedState, terminal: Terminal,
    environment: [String: String], writes: Bool
  ) throws {
    let path = Self.journalPath(invocation, root: state.root)
    let journal = try Self.journal(at: path, writes: writes)
    let configuration = try SharedConfiguration(environment: environment) { path in
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      // A file handle, because the path may be a device (`AWS_CONFIG_FILE=/dev/null`) or a pipe.
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }
    let parallelism = invocation.integer("--parallelism") ?? 10
    let transport = CurlTransport(
      limits: TransportLimits(connections: max(16, parallelism)),
      certificateAuthorities: configuration.certificateAuthorities)
    let progress = ProgressPrinter(terminal: terminal, isQuiet: invocation.isJSON)
    let stop: StopSignal? = writes ? StopSignal() : nil
    reconciler = Reconciler(
      catalog: .standard,
      cloud: try Self.cloud(state.desired, configuration, transport),
      journal: journal,
      locks: FileStackLocks(directory: (path as NSString).deletingLastPathComponent + "/locks"),
      clock: .system, random: { UInt16.random(in: 0...UInt16.max) }, parallelism: parallelism,
      environment: environment,
      desiredAt: { revision in LoadedState.desired(at: revision, invocation) },
      shouldStop: { stop?.isRaised ?? false }, planned: progress.begin, events: progress.handle)
    self.transport = transport
    self.progress = progress
  }

  // MARK: Journal

  /// `--journal`, `TRUEUP_JOURNAL`, else `.trueup/journal.db` in the git root, or here.
  static func journalPath(_ invocation: Invocation, root: String?) -> String {
    invocation.string("--journal")
      ?? (root ?? FileManager.default.currentDirectoryPath) + "/.trueup/journal.db"
  }

  static func journal(at path: String, writes: Bool) throws -> Journal? {
    let exists = FileManager.default.fileExists(atPath: path)
    guard exists || writes else { return nil }
    let journal = try Journal(path: path)
    let directory = (path as NSString).deletingLastPathComponent
    let ignore = directory + "/.gitignore"
    if !exists, (directory as NSString).lastPathComponent == ".trueup",
      !FileManager.default.fileExists(atPath: ignore)
    {
      try "*\n".write(toFile: ignore, atomically: true, encoding: .utf8)
    }
    return journal
  }

  // MARK: AWS

  private static func cloud(
    _ desired: Desired, _ configuration: SharedConfiguration, _ transport: CurlTransport
  ) throws -> AWSCloud {
    let counter = CallCounter()
    let retry = try RetryPolicy(configuration: configuration)
    let endpoints = EndpointResolver(
      configuration: configuration, partitions: try ServiceModel.embeddedPartitions())
    func client(_ credentials: any CredentialsProvider) -> AWSClient {
      AWSClient(
        credentials: credentials, endpoints: endpoints, transport: transport, retry: retry,
        observer: { counter.add($0.service) })
    }
    let home = configuration.region ?? desired.stacks.first?.region ?? "us-east-1"
    func assume(_ role: AssumeRoleCredentials.Role, from source: any CredentialsProvider)
      -> AssumeRoleCredentials
    {
      AssumeRoleCredentials(role, through: client(source), region: home, clock: .system)
    }
    let ambient = DefaultCredentials(configuration) { assume($0, from: $1) }
    var clients: [String: AWSClient] = [:]
    for account in desired.accounts {
      guard let role = account.role else { continue }
      clients[account.id] = client(
        assume(
          AssumeRoleCredentials.Role(
            arn: role, sessionName: "trueup-\(account.name)", externalID: account.externalID),
          from: ambient))
    }
    return AWSCloud(clients: clients, ambient: client(ambient), counter: counter)
  }
}

extension EngineClock {
  static let system = EngineClock(
    now: { Date().timeIntervalSince1970 },
    sleep: { seconds in
      // A cancelled sleep ends early; the caller looks at the task itself.
      try? await Task.sleep(for: .seconds(seconds))
    })
}
