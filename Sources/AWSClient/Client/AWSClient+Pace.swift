extension AWSClient {
  /// Waits until the call's turn has come, by what AWS takes in a second.
  func pace(
    _ rule: PacingRule, _ call: RetryPolicy.Call, _ endpoint: Endpoint, _ gate: any CallGate
  ) async throws(AWSError) -> Pacer.Ticket {
    let ticket = await pacer.ticket(
      rule, service: call.service, region: endpoint.signingRegion, at: clock.now())
    var seconds = await pacer.wait(for: ticket, at: clock.now())
    if seconds == 0 { return ticket }
    await gate.pause()
    var goesOn = true
    while seconds > 0, goesOn {
      goesOn = gate.isWanted ? await sleep(min(seconds, Pacer.nap)) : false
      seconds = await pacer.wait(for: ticket, at: clock.now())
    }
    await gate.resume()
    guard goesOn else { throw RetryPolicy.outcome(.cancelled, .final, call) }
    return ticket
  }

  /// Lets some seconds pass; `false` where the task was cancelled.
  func sleep(_ seconds: Double) async -> Bool {
    do {
      try await clock.sleep(seconds)
      return true
    } catch {
      return false
    }
  }

  /// Lets some seconds pass.
  func pause(_ seconds: Double) async throws(AWSError) {
    guard await sleep(seconds) else { throw .cancelled }
  }
}
