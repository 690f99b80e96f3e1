import Document
import TrueupCore

/// What a run that was killed has left open.
extension Journal {
  /// Deletions that a killed run had begun, and of which it did not note what became: what is not there
  /// any more is gone by Trueup's own doing.
  public func begunDeletions() throws(JournalError) -> [RemovedResource] {
    try connection.rows(
      """
      SELECT intents.stack, intents.resource, intents.type,
        CASE changes.action WHEN 'replace' THEN 'replaced' ELSE 'undesired' END,
        intents.started_at
      FROM intents
      JOIN changes ON changes.run = intents.run AND changes.stack = intents.stack
        AND changes.resource = intents.resource
        AND changes.action IN ('delete', 'replace') AND changes.cause <> 'orphan'
      LEFT JOIN last_applied AS applied ON applied.stack = intents.stack
        AND applied.resource = intents.resource
      WHERE intents.action = 'delete' AND intents.outcome IS NOT 'failed'
        AND changes.outcome IS NULL AND applied.run IS NOT intents.run
      ORDER BY intents.id
      """
    ) { (row: inout Row) throws(JournalError) in
      RemovedResource(
        stack: try row.text(), resource: try row.text(), type: try row.text(),
        reason: try row.optionalCase(of: Evidence.Removal.self) ?? .undesired, at: try row.real())
    }
  }

  /// Ends the changes of killed runs, and the runs of which nothing is open then. A caller that holds
  /// the stacks' locks can be sure that none of them goes on.
  ///
  /// A change succeeded where all of its calls did and the journal knows the result.
  ///
  /// - Parameter current: the run that goes on.
  public func settleKilledRuns(
    stacks: Set<String>, besides current: RunID?, at time: Double
  ) throws(JournalError) {
    let own =
      "intents.run = changes.run AND intents.stack = changes.stack"
      + " AND intents.resource = changes.resource"
    let values: [SQLValue] = [
      SQLValue(set: stacks), current.map { SQLValue($0) } ?? .text(""), .real(time),
    ]
    try connection.run(
      """
      UPDATE changes SET
        outcome = CASE
          WHEN NOT EXISTS (SELECT 1 FROM intents WHERE \(own)) THEN 'skipped'
          WHEN EXISTS (SELECT 1 FROM intents WHERE \(own) AND outcome IS NOT 'succeeded')
            THEN 'failed'
          WHEN action = 'delete' AND EXISTS (SELECT 1 FROM removed_resources AS gone
            WHERE gone.stack = changes.stack AND gone.resource = changes.resource)
            THEN 'succeeded'
          WHEN action <> 'delete' AND EXISTS (SELECT 1 FROM last_applied AS applied
            WHERE applied.stack = changes.stack AND applied.resource = changes.resource
              AND applied.physical_id <> '' AND applied.applied_at >= changes.started_at)
            THEN 'succeeded'
          ELSE 'failed' END,
        physical_id = (SELECT nullif(physical_id, '') FROM last_applied AS applied
          WHERE applied.stack = changes.stack AND applied.resource = changes.resource
            AND applied.run = changes.run),
        calls = (SELECT count(*) FROM intents WHERE \(own)),
        seconds = 0, finished_at = ?3
      WHERE outcome IS NULL AND run <> ?2 AND stack IN (SELECT value FROM json_each(?1))
      """, values)
    try connection.run(
      """
      UPDATE changes SET error = 'the run was interrupted'
      WHERE outcome IN ('skipped', 'failed') AND error IS NULL AND run <> ?2
        AND finished_at = ?3 AND stack IN (SELECT value FROM json_each(?1))
      """, values)
    try connection.run(
      """
      UPDATE runs SET outcome = 'interrupted', summary = '{}', finished_at = ?3
      WHERE outcome IS NULL AND id <> ?2 AND id IN (
        SELECT run FROM changes WHERE stack IN (SELECT value FROM json_each(?1)))
        AND NOT EXISTS (SELECT 1 FROM changes WHERE run = runs.id AND outcome IS NULL)
      """, values)
  }
}
