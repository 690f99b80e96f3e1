/// Credentials that are fetched when they are first needed, and again before they expire.
///
/// However many tasks ask, one fetch is under way. The times are those of AWS's SDKs: in the last 15
/// minutes new credentials are fetched beside the calls, in the last 10 minutes calls wait for them.
/// Where that fails, the current ones serve until they expire.
public actor RefreshableCredentials: CredentialsProvider {
  public typealias Fetch = @Sendable () async throws(AWSError) -> Credentials

  /// Seconds before the expiry from which new credentials are fetched; for credentials that live
  /// under half an hour, half of their life.
  static let advisory = 900.0
  /// Seconds before the expiry from which calls wait for new credentials; for credentials that live
  /// under half an hour, a third of their life.
  static let mandatory = 600.0
  /// Seconds after a fetch in which none follows, so that a source that fails, or that has no newer
  /// credentials yet, is not asked before every call.
  static let pause = 10.0

  private struct Fetched {
    var result: Result<Credentials, AWSError>
    var time: Double
  }

  private let fetch: Fetch
  private let clock: WallClock
  private var current: (credentials: Credentials, time: Double)?
  private var last: Fetched?
  private var renewal: Task<Result<Credentials, AWSError>, Never>?

  public init(clock: WallClock = .system, fetch: @escaping Fetch) {
    self.clock = clock
    self.fetch = fetch
  }

  public func credentials() async throws(AWSError) -> Credentials {
    guard let current, left(current.credentials) > 0 else {
      if let last, isRecent(last) { return try last.result.get() }
      return try await renewed().value.get()
    }
    let life = current.credentials.expiration.map { $0 - current.time } ?? .infinity
    let left = left(current.credentials)
    if left > min(Self.advisory, life / 2) || last.map(isRecent) == true {
      return current.credentials
    }
    let task = renewed()
    if left > min(Self.mandatory, life / 3) { return current.credentials }
    switch await task.value {
    case .success(let credentials): return credentials
    case .failure(let error):
      guard self.left(current.credentials) > 0 else { throw error }
      return current.credentials
    }
  }

  private func left(_ credentials: Credentials) -> Double {
    credentials.expiration.map { $0 - clock.now() } ?? .infinity
  }

  private func isRecent(_ fetched: Fetched) -> Bool {
    clock.now() - fetched.time < Self.pause
  }

  private func renewed() -> Task<Result<Credentials, AWSError>, Never> {
    if let renewal { return renewal }
    let task = Task { await self.renew() }
    renewal = task
    return task
  }

  private func renew() async -> Result<Credentials, AWSError> {
    let result: Result<Credentials, AWSError>
    do throws(AWSError) {
      let credentials = try await fetch()
      current = (credentials, clock.now())
      result = .success(credentials)
    } catch {
      result = .failure(error)
    }
    last = Fetched(result: result, time: clock.now())
    renewal = nil
    return result
  }
}
