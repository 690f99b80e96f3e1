import Document
import TrueupCore

/// A CloudWatch dashboard, of which an account has the same in all regions. Its registry type knows no
/// tags, although dashboards carry them.
public struct Dashboard: SequencedKind {
  public init() {}

  public let type = "AWS::CloudWatch::Dashboard"

  public let facts = TypeFacts(
    Identity(
      ref: "DashboardName",
      name: NameRule(property: "DashboardName", maximumLength: 255, punctuation: "-_")),
    placement: .global,
    properties: [
      "/DashboardBody": .normal(.json)
    ])

  // MARK: Observing

  private static let list = Read(Call("cloudwatch", "ListDashboards", [:]), isEssential: true)

  /// The list tells how long a body is and not what it says, so that the body of each dashboard that
  /// concerns us is read.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [Self.list, TagSweep.read]
      + entries(replies).flatMap { entry -> [Read] in
        let tags = tags(of: entry, sweep)
        let declares = context.declared(id: entry.name, tags: tags.known).contains("DashboardBody")
        return [tags.wanted, declares ? Self.body(of: entry.name) : nil].compactMap(\.self)
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    return entries(replies).compactMap { entry in
      let body = replies.finding(Self.body(of: entry.name))
      if case .nothing = body { return nil }
      let tags = tags(of: entry, sweep)
      var observed = Observed(
        type: type, id: entry.name, scope: context.scope,
        properties: ["DashboardName": .string(entry.name)], tags: tags.known)
      if let reason = tags.unread {
        observed.unread["/Tags"] = reason
      } else if tags.known.isEmpty {
        // Made by something that knows no tags of dashboards, as CloudFormation.
        observed.unread["/Tags"] = "CloudWatch shows no tags of it"
      }
      observed.add("DashboardBody", body) { $0["DashboardBody"] }
      return observed
    }
  }

  private func entries(_ replies: Replies) -> [(name: String, arn: String)] {
    (replies[Self.list]?.output?["DashboardEntries"]?.list ?? []).compactMap { entry in
      guard let name = entry["DashboardName"]?.string else { return nil }
      return (name, entry["DashboardArn"]?.string ?? "")
    }
  }

  private func tags(of entry: (name: String, arn: String), _ sweep: TagSweep)
    -> TagSweep.KnownTags
  {
    sweep.tags(
      ofARN: entry.arn, candidate: entry.name, own: CloudWatch.tags(ofARN: entry.arn),
      CloudWatch.tags)
  }

  private static func body(of name: String) -> Read {
    Read(
      Call(
        "cloudwatch", "GetDashboard", ["DashboardName": .string(name)],
        absentCodes: ["ResourceNotFound"]))
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try put(step, step.tags.isEmpty ? nil : Tags.list(step.tags), &calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    if !step.changed.isEmpty { _ = try put(step, nil, &calls) }
    let arn = "arn:\(step.partition):cloudwatch::\(step.scope.account):dashboard/\(name)"
    try calls.make(CloudWatch.tagCalls(step, arn))
    return .done(id: name, attributes: step.desired.merging(["DashboardName": .string(name)]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try calls.make(
      Call(
        "cloudwatch", "DeleteDashboards", ["DashboardNames": [.string(name)]],
        absentCodes: ["ResourceNotFound"], transientCodes: ["ConflictException"]))
    return .done(id: name, attributes: [:])
  }

  private func put(_ step: Step, _ tags: Document?, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Next
  {
    let name = try step.name("DashboardName")
    let body: Document? = step.desired["DashboardBody"]?.parsedJSON.jsonText
    try calls.make(
      Call(
        "cloudwatch", "PutDashboard",
        .members(["DashboardName": .string(name), "DashboardBody": body, "Tags": tags]),
        transientCodes: ["ConflictException"]))
    return .done(id: name, attributes: step.desired.merging(["DashboardName": .string(name)]))
  }
}
