import Document
import Foundation
import TrueupCore

/// Who did what lately, as CloudTrail tells: the calls that change something, up to ninety days back
/// and some minutes behind.
/// Source: AWS CloudTrail API Reference, LookupEvents (50 events a page, two requests per second).
struct CloudTrail: Sendable {
  struct Event: Hashable, Sendable {
    var attribution: Attribution
    /// Names, ids and ARNs in the event's resources and in the request.
    var names: Set<String>

    func concerns(_ physicalID: String) -> Bool {
      names.contains(physicalID)
        || names.contains {
          $0.hasPrefix("arn:") && ($0.hasSuffix("/\(physicalID)") || $0.hasSuffix(":\(physicalID)"))
        }
    }
  }

  /// Pages of one sweep: five hundred events.
  private static let pages = 10
  private static let pause = 0.5

  let cloud: any Cloud
  let clock: EngineClock

  /// The events of an account and region since a time, the newest first; where there are more than a
  /// sweep reads, the newest.
  func events(in target: CallTarget, since start: Double) async -> Result<[Event], CallFailure> {
    var events: [Event] = []
    var token: Document?
    for page in 0..<Self.pages {
      if page > 0 { await clock.sleep(Self.pause) }
      var input: [String: Document] = [
        "LookupAttributes": [["AttributeKey": "ReadOnly", "AttributeValue": "false"]],
        "StartTime": .double(start.rounded(.down)), "MaxResults": 50,
      ]
      input["NextToken"] = token
      switch await cloud.perform(Call("cloudtrail", "LookupEvents", .object(input)), in: target) {
      case .success(let output):
        events += (output["Events"]?.list ?? []).compactMap(Event.init)
        token = output["NextToken"]
      case .absent:
        token = nil
      case .failure(let failure):
        return .failure(failure)
      }
      if token?.string?.isEmpty ?? true { break }
    }
    return .success(events)
  }

  /// Where the events of a resource are recorded; those of global services in the partition's first
  /// region. Source: CloudTrail User Guide, "Global service events".
  ///
  /// - Parameter stackRegion: a region of the partition.
  static func target(of scope: Scope, stackRegion: String) -> CallTarget {
    CallTarget(
      account: scope.account, region: scope.callRegion(ofStackIn: stackRegion))
  }
}

extension CloudTrail.Event {
  init?(_ event: Document) {
    guard let name = event["EventName"]?.string, let at = event["EventTime"]?.double else {
      return nil
    }
    let record = event["CloudTrailEvent"]?.string.flatMap { try? JSON.read($0) }
    names = Set((event["Resources"]?.list ?? []).compactMap { $0["ResourceName"]?.string })
    if let request = record?["requestParameters"] { names.formUnion(Self.strings(in: request)) }
    let principal =
      Self.principal(record?["userIdentity"]) ?? event["Username"]?.string ?? "somebody"
    attribution = Attribution(principal: principal, event: name, at: at)
  }

  /// Source: CloudTrail User Guide, "CloudTrail userIdentity element".
  private static func principal(_ identity: Document?) -> String? {
    switch identity?["type"]?.string {
    case "Root": return "root"
    case "AWSService": return identity?["invokedBy"]?.string
    case "AssumedRole":
      // arn:aws:sts::123456789012:assumed-role/Admin/ada
      let parts = identity?["arn"]?.string?.split(separator: "/").dropFirst() ?? []
      guard let role = parts.first else { return nil }
      return "role/\(role)"
        + (parts.count > 1 ? " (\(parts.dropFirst().joined(separator: "/")))" : "")
    default:
      return identity?["userName"]?.string.map { "user/\($0)" }
        ?? identity?["arn"]?.string?.split(separator: ":").last.map(String.init)
    }
  }

  private static func strings(in value: Document) -> [String] {
    switch value {
    case .string(let text): [text]
    case .list(let elements): elements.flatMap(strings)
    case .object(let members): members.values.flatMap(strings)
    default: []
    }
  }
}
