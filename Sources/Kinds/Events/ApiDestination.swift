import Document
import TrueupCore

/// An HTTP endpoint to which rules send events, with the authorization of a connection.
public struct ApiDestination: ComposedKind {
  public init() {}

  public let type = "AWS::Events::ApiDestination"

  public let facts = TypeFacts(
    Identity(
      ref: "Name", name: NameRule(property: "Name", maximumLength: 64, punctuation: ".-_")),
    ownership: .byName,
    properties: [
      // Source: EventBridge API, CreateApiDestination.
      "/InvocationRateLimitPerSecond": .defaultsTo(.integer(Self.standardRate)),
      "/Description": .defaultsTo(""),
      "/ConnectionArn": .refers(to: "AWS::Events::Connection"),
    ])

  private static let standardRate = 300
  private static let written = [
    "ConnectionArn", "Description", "HttpMethod", "InvocationEndpoint",
    "InvocationRateLimitPerSecond",
  ]

  // MARK: Observing

  let listing = Listing(
    Read(Call("events", "ListApiDestinations", [:]), pageSize: 100, isEssential: true),
    "ApiDestinations", created: "CreationTime")
  let tagging = NoTags()
  let details = [
    Detail(["Description"]) { _, name in
      Read(
        Call(
          "events", "DescribeApiDestination", ["Name": .string(name)],
          absentCodes: ["ResourceNotFoundException"]))
    } values: {
      $0.members(named: ["Description"])
    }
  ]

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    item.members(named: Self.written).merging(
      Connection.arns(item["ApiDestinationArn"])
    ) { $1 }
  }

  // MARK: Changing

  let creation = Creation(
    // A connection that was made a moment ago is not known yet.
    Call(
      "events", "CreateApiDestination", [:], transientCodes: ["ResourceNotFoundException"]),
    written + ["Name"])
  let deletion = Deletion(
    Call(
      "events", "DeleteApiDestination", [:], absentCodes: ["ResourceNotFoundException"],
      transientCodes: ["ConcurrentModificationException"]), "Name")

  func told(by output: Document) -> [String: Document?] {
    Connection.arns(output["ApiDestinationArn"])
  }

  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    guard !step.changed.isEmpty else { return [] }
    var input = step.desired.members(named: Self.written.filter(step.changed.contains))
    if step.changes("Description") { input["Description"] = step.desired["Description"] ?? "" }
    if step.changes("InvocationRateLimitPerSecond") {
      input["InvocationRateLimitPerSecond"] =
        step.desired["InvocationRateLimitPerSecond"] ?? .integer(Self.standardRate)
    }
    input["Name"] = .string(name)
    return [
      Call(
        "events", "UpdateApiDestination", .members(input),
        transientCodes: ["ConcurrentModificationException"])
    ]
  }
}
