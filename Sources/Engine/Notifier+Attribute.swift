import Journal
import TrueupCore

extension Notifier {
  /// CloudTrail is up to about a quarter of an hour behind; twice that, and it will not tell any more.
  private static let patience = 1800.0
  /// How far back a sweep looks from when a finding was first seen.
  private static let reach = 86_400.0

  private struct Wanted {
    var record: FindingRecord
    var physicalID: String
    /// Our own changes came before this time.
    var after: Double
  }

  /// Asks CloudTrail who caused the findings of which nobody knows; one sweep for each account and
  /// region.
  func attribute(_ records: [DriftFinding.ID: FindingRecord], _ report: RunReport)
    async throws(JournalError) -> [String]
  {
    var notes: [String] = []
    for (target, wanted) in try wanted(records, report).sorted(by: {
      ($0.key.account, $0.key.region) < ($1.key.account, $1.key.region)
    }) {
      let start = wanted.map(\.after).min() ?? clock.now()
      switch await CloudTrail(cloud: cloud, clock: clock).events(in: target, since: start) {
      case .failure(let failure):
        notes.append("CloudTrail does not tell who it was: \(failure.message)")
      case .success(let events):
        for item in wanted {
          let own = events.filter {
            $0.attribution.at >= item.after && $0.concerns(item.physicalID)
          }
          guard let latest = own.max(by: { $0.attribution.at < $1.attribution.at }) else {
            continue
          }
          try journal.attribute(item.record.finding.id, to: latest.attribution)
        }
      }
    }
    return notes
  }

  private func wanted(_ records: [DriftFinding.ID: FindingRecord], _ report: RunReport)
    throws(JournalError) -> [CallTarget: [Wanted]]
  {
    let now = clock.now()
    // What is stalled as a whole, nobody has moved.
    let unknown = records.values.filter { record in
      record.attribution == nil && now - record.lastMoved <= Self.patience
        && !(record.finding.action == .stalled && record.finding.id.path.isEmpty)
    }
    guard !unknown.isEmpty else { return [:] }
    let applied = Dictionary(
      try journal.lastApplied(stacks: Set(unknown.map(\.finding.id.stack))).map {
        ("\($0.stack)/\($0.resource)", $0)
      }, uniquingKeysWith: { first, _ in first })
    var changes: [String: (change: Change, stack: Plan.Stack)] = [:]
    for stack in report.plan.stacks {
      for change in stack.changes {
        changes["\(stack.id.owner)/\(change.address.resource)"] = (change, stack)
      }
    }
    var wanted: [CallTarget: [Wanted]] = [:]
    for record in unknown {
      let id = record.finding.id
      let key = "\(id.stack)/\(id.resource)"
      guard let (change, stack) = changes[key],
        let physicalID = applied[key]?.physicalID ?? change.id, !physicalID.isEmpty
      else { continue }
      let scope =
        applied[key].map { Scope(account: $0.account, region: $0.region) }
        ?? change.scope ?? Scope(account: stack.account, region: stack.region)
      let target = CloudTrail.target(of: scope, stackRegion: stack.region)
      wanted[target, default: []].append(
        Wanted(
          record: record, physicalID: physicalID,
          after: max(applied[key]?.at ?? 0, record.since - Self.reach)))
    }
    return wanted
  }
}
