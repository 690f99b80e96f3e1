import Document

extension AWSClient {
  /// Repeats a read until a waiter of the service's model says that its state is reached.
  ///
  /// - Parameters:
  ///   - waiter: by its name in the model, `NatGatewayAvailable`.
  ///   - input: of the read; it names what is waited for.
  /// - Throws: `AWSError.notReached` where it cannot be reached any more, or was not in the time that the
  ///   model gives it; `unknownOperation` where the model has no such waiter.
  public func wait(
    until waiter: String, _ service: String, _ input: Document, region: String
  ) async throws(AWSError) {
    let model = try ServiceModel.embedded(service)
    let waiter = try Waiter(waiter, of: model)
    let operation = try model.operation(waiter.operation)
    for attempt in 1...max(waiter.attempts, 1) {
      let reply: Result<Document, AWSError>
      do throws(AWSError) {
        reply = .success(try await send(model, operation, input, region: region))
      } catch {
        if error == .cancelled { throw error }
        reply = .failure(error)
      }
      switch waiter.verdict(reply) {
      case .reached: return
      case .failed(let reason):
        throw .notReached(service: service, waiter: waiter.name, reason: reason)
      case .retry: if attempt < waiter.attempts { try await pause(waiter.interval) }
      }
    }
    throw .notReached(
      service: service, waiter: waiter.name,
      reason: "not within \(waiter.attempts) reads, \(Int(waiter.interval)) s apart")
  }
}
