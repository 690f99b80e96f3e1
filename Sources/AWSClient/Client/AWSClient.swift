import Document

/// Sends API calls by their models: checks the input, signs, retries, reads the reply.
public final class AWSClient: Sendable {
  private let credentials: any CredentialsProvider
  private let endpoints: EndpointResolver
  private let transport: any Transport
  private let retry: RetryPolicy
  let clock: WallClock
  private let random: @Sendable () -> Double
  private let observer: (@Sendable (CallRecord) -> Void)?
  let pacer: Pacer
  private let quota = Locked(RetryQuota())
  /// Seconds by which AWS's clock is ahead of ours.
  private let skew = Locked(0.0)

  /// - Parameters:
  ///   - random: at least 0, less than 1.
  ///   - pacer: shared by all clients of one account, whose limits they share.
  ///   - observer: told of every HTTP attempt, after it.
  public init(
    credentials: any CredentialsProvider, endpoints: EndpointResolver, transport: any Transport,
    retry: RetryPolicy = RetryPolicy(), clock: WallClock = .system,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    pacer: Pacer = Pacer(), observer: (@Sendable (CallRecord) -> Void)? = nil
  ) {
    self.credentials = credentials
    self.endpoints = endpoints
    self.transport = transport
    self.retry = retry
    self.clock = clock
    self.random = random
    self.pacer = pacer
    self.observer = observer
  }

  /// The output of one call.
  /// - Parameters:
  ///   - service: botocore's name (`resourcegroupstaggingapi`).
  ///   - region: where to, unless the service is global.
  ///   - gate: asked before each attempt, and told while the call only waits.
  /// - Throws: what `AWSError` lists. `outcomeUnknown` alone leaves open whether a call that changes
  ///   something has done so.
  public func send(
    _ service: String, _ operation: String, _ input: Document, region: String,
    gate: any CallGate = OpenGate()
  ) async throws(AWSError) -> Document {
    let model = try ServiceModel.embedded(service)
    return try await send(
      model, try model.operation(operation), input, region: region, gate: gate)
  }

  /// The outputs of all pages of a read as one: the first page's, with the lists continued. A read
  /// without pages is sent once.
  /// - Parameter pageSize: items of a page, where the operation lets the caller say; AWS's own default
  ///   where `nil`.
  /// - Throws: as `send`, and `pagingStuck` where a page leads to itself.
  public func sendAllPages(
    _ service: String, _ operation: String, _ input: Document, region: String,
    pageSize: Int? = nil
  ) async throws(AWSError) -> Document {
    let model = try ServiceModel.embedded(service)
    let operation = try model.operation(operation)
    guard let paginator = Paginator(service: model, operation: operation) else {
      return try await send(model, operation, input, region: region)
    }
    var pages: [Document] = []
    var next: Document? = paginator.first(input, pageSize: pageSize)
    while let input = next {
      let page = try await send(model, operation, input, region: region)
      pages.append(page)
      next = try paginator.next(input: input, output: page)
    }
    return paginator.merge(pages)
  }

  func send(
    _ model: ServiceModel, _ operation: OperationModel, _ input: Document, region: String,
    gate: any CallGate = OpenGate()
  ) async throws(AWSError) -> Document {
    let endpoint = try endpoints.endpoint(for: model, region: region)
    // Made once, so that every attempt carries the same idempotency token.
    let request = try model.request(
      operation, input: input, target: endpoint.target, idempotencyToken: token)
    let signer = SigV4Signer(
      region: endpoint.signingRegion, service: model.signingName,
      options: model.signingName == "s3" ? .s3 : .standard)
    var call = RetryPolicy.Call(operation, of: model)
    let rule = PacingRule.rule(
      service: call.service, operation: call.operation, isRead: call.isRead,
      isBounded: !(input.object ?? [:]).isEmpty)
    var mayCorrectClock = true
    var taken = 0
    while true {
      let ticket = try await pace(rule, call, endpoint, gate)
      let signed = try await self.signed(request, signer, operation, call)
      guard await gate.mayLeave() else { throw RetryPolicy.outcome(.cancelled, .final, call) }
      let attempt = await self.attempt(signed, model, operation, endpoint, call.attempt)
      await pacer.note(ticket, wasThrottled: attempt.isThrottled, at: clock.now())
      guard case .failure(let error) = attempt.result else {
        quota.access { $0.giveBack(taken) }
        return try attempt.result.get()
      }
      if mayCorrectClock, let offset = clockOffset(error, attempt.response) {
        mayCorrectClock = false
        skew.access { $0 = offset }
        call.attempt += 1
        continue
      }
      let verdict = retry.verdict(
        on: error, of: call, retryAfter: attempt.response.flatMap(Self.retryAfter),
        random: random())
      switch verdict {
      case .fail(let error): throw error
      case .repeatAfter(let seconds):
        taken = RetryQuota.cost(of: error)
        guard quota.access({ $0.take(taken) }) else {
          throw RetryPolicy.outcome(error, FailureKind(error), call)
        }
        if FailureKind(error) == .mayHaveExecuted { call.mayHaveExecuted = true }
        await gate.pause()
        let hasSlept = await sleep(seconds)
        await gate.resume()
        guard hasSlept else { throw RetryPolicy.outcome(.cancelled, .final, call) }
        call.attempt += 1
      }
    }
  }

  private func signed(
    _ request: HTTPRequest, _ signer: SigV4Signer, _ operation: OperationModel,
    _ call: RetryPolicy.Call
  ) async throws(AWSError) -> HTTPRequest {
    if operation.authentication == .none { return request }
    do throws(AWSError) {
      return signer.sign(
        request, credentials: try await credentials.credentials(),
        date: clock.now() + skew.access { $0 })
    } catch {
      throw RetryPolicy.outcome(error, .notExecuted, call)
    }
  }

  private struct Attempt {
    var result: Result<Document, AWSError>
    var response: HTTPResponse?

    var isThrottled: Bool {
      if case .failure(let error) = result { FailureKind(error) == .throttled } else { false }
    }
  }

  private func attempt(
    _ request: HTTPRequest, _ model: ServiceModel, _ operation: OperationModel,
    _ endpoint: Endpoint, _ number: Int
  ) async -> Attempt {
    var record = CallRecord(
      service: model.name, operation: operation.name, region: endpoint.signingRegion,
      attempt: number)
    let start = clock.now()
    let attempt: Attempt
    do throws(TransportError) {
      let response = try await transport.send(request)
      attempt = Attempt(result: model.reply(operation, response), response: response)
      record.status = response.status
      record.requestID = Self.requestIDHeaders.lazy.compactMap(response.header).first
    } catch {
      attempt = Attempt(result: .failure(.transport(error)))
      record.code = "\(error.reason)"
    }
    record.seconds = clock.now() - start
    if case .failure(.service(let error)) = attempt.result {
      record.code = error.code
      record.requestID = error.requestID ?? record.requestID
    }
    observer?(record)
    return attempt
  }

  private static let requestIDHeaders = [
    "x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id", "x-amz-cf-id",
  ]

  /// AWS's clock less ours, where AWS refused a request whose date is out of its tolerance of five
  /// minutes; `nil` where it refused for another reason.
  private func clockOffset(_ error: AWSError, _ response: HTTPResponse?) -> Double? {
    guard case .service(let error) = error, Self.skewCodes.contains(error.code),
      let date = response?.header("Date").flatMap(WireTimestamp.parse)
    else { return nil }
    let offset = date - clock.now()
    return abs(offset - skew.access { $0 }) > 240 ? offset : nil
  }

  /// Codes that a wrong clock may draw; most of them mean a wrong key as well.
  private static let skewCodes: Set<String> = [
    "AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestInTheFuture",
    "RequestTimeTooSkewed", "SignatureDoesNotMatch",
  ]

  /// The seconds that a reply asks to wait: `x-amz-retry-after` in milliseconds, else `Retry-After`
  /// in seconds (its other form, a date, is not used by AWS).
  private static func retryAfter(_ response: HTTPResponse) -> Double? {
    if let text = response.header("x-amz-retry-after"), let milliseconds = Double(text) {
      return milliseconds / 1000
    }
    return response.header("Retry-After").flatMap(Double.init)
  }

  /// 32 hexadecimal digits in the form of a UUID.
  private func token() -> String {
    let digits = Array("0123456789abcdef")
    let groups = [8, 4, 4, 4, 12].map { count in
      String((0..<count).map { _ in digits[min(Int(random() * 16), 15)] })
    }
    return groups.joined(separator: "-")
  }
}

extension AssumeRoleCredentials {
  /// Credentials of a role, asked for with another client's credentials at STS in `region`.
  public init(_ role: Role, through client: AWSClient, region: String, clock: WallClock = .system) {
    self.init(role, clock: clock) { input throws(AWSError) in
      try await client.send("sts", "AssumeRole", input, region: region)
    }
  }
}
