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
  let creation = Creation(Dashboard.put, ["DashboardName"])
  let deletion = Deletion(
    Call(
      "cloudwatch", "DeleteDashboards", [:], absentCodes: ["ResourceNotFound"],
      transientCodes: ["ConflictException"]), "DashboardNames", takesList: true)

  private static let put = Call(
    "cloudwatch", "PutDashboard", [:], transientCodes: ["ConflictException"])

  /// The list tells how long a body is and not what it says, so that the body of each dashboard that
  /// concerns us is read.
  let details = [
    Detail(["DashboardBody"], isNeeded: true) { _, name in
      Read(
        Call(
          "cloudwatch", "GetDashboard", ["DashboardName": .string(name)],
          absentCodes: ["ResourceNotFound"]))
    } values: {
      ["DashboardBody": $0["DashboardBody"]]
    }
  ]

  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    guard observed.tags.isEmpty, observed.unread["/Tags"] == nil else { return observed }
    var observed = observed
    // Made by something that knows no tags of dashboards, as CloudFormation.
    observed.unread["/Tags"] = "CloudWatch shows no tags of it"
    return observed
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    tagging.input(step).merging(["DashboardBody": body(step)]) { $1 }
  }

  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    guard !step.changed.isEmpty else { return [] }
    var call = Self.put
    call.input = .members(["DashboardName": .string(name), "DashboardBody": body(step)])
    return [call]
  }

  private func body(_ step: Step) -> Document? {
    step.desired["DashboardBody"]?.parsedJSON.jsonText
  }
}
