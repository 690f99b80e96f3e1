import Document
import TrueupCore

/// A CloudWatch dashboard, of which an account has the same in all regions. Its registry type knows no
/// tags, although dashboards carry them.
public struct Dashboard: ComposedKind {
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

  let listing = Listing(
    Read(Call("cloudwatch", "ListDashboards", [:]), isEssential: true), "DashboardEntries")
  let tagging = CloudWatch.tags { item, _ in
    item["DashboardArn"]?.string ?? ""
  } ofStep: { step, name in
    "arn:\(step.partition):cloudwatch::\(step.scope.account):dashboard/\(name)"
  }
  let creation = Creation(Dashboard.put, ["DashboardName"], texts: ["DashboardBody"])
  let deletion = Deletion(
    Call(
      "cloudwatch", "DeleteDashboards", [:], absentCodes: ["ResourceNotFound"],
      transientCodes: ["ConflictException"]), "DashboardNames", takesList: true)

  private static let put = Call(
    "cloudwatch", "PutDashboard", [:], transientCodes: ["ConflictException"])

  // MARK: Observing

  /// The list tells how long a body is and not what it says, so that the body of each dashboard that
  /// concerns us is read.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return listed(context, replies)
      + listing.items(replies).compactMap { item in
        guard let name = id(of: item) else { return nil }
        let tags = tagging.tags(of: item, id: name, sweep).known
        return context.declared(id: name, tags: tags).contains("DashboardBody")
          ? Self.body(of: name) : nil
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    observed(context, replies).compactMap { observed in
      var observed = observed
      let body = replies.finding(Self.body(of: observed.id))
      if case .nothing = body { return nil }
      if observed.tags.isEmpty, observed.unread["/Tags"] == nil {
        // Made by something that knows no tags of dashboards, as CloudFormation.
        observed.unread["/Tags"] = "CloudWatch shows no tags of it"
      }
      observed.add("DashboardBody", body) { $0["DashboardBody"] }
      return observed
    }
  }

  private static func body(of name: String) -> Read {
    Read(
      Call(
        "cloudwatch", "GetDashboard", ["DashboardName": .string(name)],
        absentCodes: ["ResourceNotFound"]))
  }

  // MARK: Changing

  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    guard !step.changed.isEmpty else { return [] }
    let body = step.desired["DashboardBody"]?.parsedJSON.jsonText
    return [Self.put.with(["DashboardName": .string(name), "DashboardBody": body])]
  }
}
