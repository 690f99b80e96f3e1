import TrueupCore

extension Journal {
  /// Takes what people have not been told about deployments, and puts the messages about it into the
  /// outbox: both or neither. A deployment is a revision of a stack; a run that tries it again is no
  /// news until it ends otherwise.
  ///
  /// - Parameter compose: the messages; it is not called where there is no news.
  public func announceDeployments(
    _ deployments: [DeploymentNews], at time: Double,
    compose: (_ news: [DeploymentNews]) -> [OutboxMessage]
  ) throws(JournalError) {
    try connection.transaction { () throws(JournalError) in
      var news: [DeploymentNews] = []
      for deployment in deployments {
        let deployment = try recognised(deployment, at: time)
        guard try isNews(deployment) else { continue }
        news.append(deployment)
        try connection.run(
          "INSERT OR REPLACE INTO deployments (stack, revision, state, at) VALUES (?, ?, ?, ?)",
          [
            .text(deployment.stack.owner), SQLValue(deployment.revision),
            .text(deployment.state.rawValue), .real(time),
          ])
      }
      guard !news.isEmpty else { return }
      for message in compose(news) { try enqueue(message, at: time) }
    }
  }

  private func isNews(_ deployment: DeploymentNews) throws(JournalError) -> Bool {
    let told = try connection.rows(
      "SELECT revision, state FROM deployments WHERE stack = ?",
      values: [.text(deployment.stack.owner)]
    ) { (row: inout Row) throws(JournalError) in
      (revision: row.optionalText(), state: try row.requiredCase(of: DeploymentNews.State.self))
    }.first
    // In sync is news only where people heard last that it was not.
    if deployment.state == .completed, deployment.changes.isEmpty {
      return told?.state == .failed || told?.state == .heldBack
    }
    guard let told, told.revision == deployment.revision else { return true }
    // The start of what has failed is the same deployment tried again.
    let isDone = told.state == .completed || told.state == .rolledBack
    if deployment.state == .started { return isDone }
    // Carried out once more, a rollback is a completed deployment of what is there.
    if deployment.state == .completed, isDone { return deployment.revision == nil }
    // Without a revision nobody can tell one deployment from the next.
    return told.state != deployment.state || deployment.revision == nil
  }

  /// The deployment, known as a rollback where what it completed was deployed before what was there
  /// until now. Notes what is there now.
  private func recognised(_ deployment: DeploymentNews, at time: Double)
    throws(JournalError) -> DeploymentNews
  {
    guard deployment.state == .completed, let fingerprint = deployment.fingerprint else {
      return deployment
    }
    let stack = SQLValue.text(deployment.stack.owner)
    func states(_ condition: String, _ values: [SQLValue])
      throws(JournalError) -> (fingerprint: String, revision: String?, since: Double)?
    {
      try connection.rows(
        "SELECT fingerprint, revision, first_at FROM deployed_states WHERE stack = ? \(condition)",
        values: [stack] + values
      ) { (row: inout Row) throws(JournalError) in
        (
          fingerprint: try row.text(), revision: row.optionalText(), since: try row.real()
        )
      }.first
    }
    let last = try states("ORDER BY last_at DESC, first_at DESC LIMIT 1", [])
    let earlier = try states("AND fingerprint = ?", [.text(fingerprint)])
    try connection.run(
      """
      INSERT INTO deployed_states (stack, fingerprint, revision, first_at, last_at)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (stack, fingerprint) DO UPDATE SET last_at = excluded.last_at
      """,
      [stack, .text(fingerprint), SQLValue(deployment.revision), .real(time), .real(time)])
    guard let last, let earlier, earlier.since < last.since else { return deployment }
    var deployment = deployment
    deployment.state = .rolledBack
    deployment.restored = earlier.revision
    return deployment
  }

  /// Takes a destination's daily digest where it is due and was not taken yet, and puts it into the
  /// outbox. A new destination gets its first one at the next hour.
  ///
  /// - Parameter due: the latest time at which a digest was due.
  public func takeDigest(
    _ destination: String, due: Double, at time: Double,
    compose: () throws(JournalError) -> OutboxMessage
  ) throws(JournalError) {
    try connection.transaction { () throws(JournalError) in
      let last = try connection.rows(
        "SELECT due FROM digests WHERE destination = ?", values: [.text(destination)]
      ) { (row: inout Row) throws(JournalError) in try row.real() }.first
      guard last.map({ $0 < due }) ?? true else { return }
      try connection.run(
        "INSERT OR REPLACE INTO digests (destination, due) VALUES (?, ?)",
        [.text(destination), .real(due)])
      if last != nil { try enqueue(try compose(), at: time) }
    }
  }
}
