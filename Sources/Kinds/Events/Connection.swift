import Document
import TrueupCore

/// How EventBridge authorizes itself at an HTTP endpoint. It keeps the secrets of it in Secrets Manager, and
/// shows none.
public struct Connection: ComposedKind {
  public init() {}

  public let type = "AWS::Events::Connection"

  private static let hidden = PropertyFacts.notReadable(
    "EventBridge keeps it in a secret of its own, of which it makes the versions"
  ).security

  public let facts = TypeFacts(
    Identity(
      ref: "Name", name: NameRule(property: "Name", maximumLength: 64, punctuation: ".-_")),
    ownership: .byName,
    properties: [
      "/Description": .defaultsTo(""),
      "/KmsKeyIdentifier": .defaultsTo(""),
      "/AuthorizationType": .notResettable("a connection keeps its authorization"),
      "/AuthParameters": .notResettable("a connection keeps its authorization"),
      "/AuthParameters/BasicAuthParameters/Password": Self.hidden,
      "/AuthParameters/ApiKeyAuthParameters/ApiKeyValue": Self.hidden,
      "/AuthParameters/OAuthParameters/ClientParameters/ClientSecret": Self.hidden,
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/HeaderParameters": .keyed("Key"),
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/HeaderParameters/*/Value": Self.hidden,
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/QueryStringParameters": .keyed("Key"),
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/QueryStringParameters/*/Value": Self
        .hidden,
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/BodyParameters": .keyed("Key"),
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/BodyParameters/*/Value": Self.hidden,
      "/AuthParameters/InvocationHttpParameters/HeaderParameters": .keyed("Key"),
      "/AuthParameters/InvocationHttpParameters/HeaderParameters/*/Value": Self.hidden,
      "/AuthParameters/InvocationHttpParameters/QueryStringParameters": .keyed("Key"),
      "/AuthParameters/InvocationHttpParameters/QueryStringParameters/*/Value": Self.hidden,
      "/AuthParameters/InvocationHttpParameters/BodyParameters": .keyed("Key"),
      "/AuthParameters/InvocationHttpParameters/BodyParameters/*/Value": Self.hidden,
    ])

  private static let written = [
    "AuthParameters", "AuthorizationType", "Description", "InvocationConnectivityParameters",
    "KmsKeyIdentifier",
  ]
  private static let described = [
    "AuthParameters", "Description", "InvocationConnectivityParameters", "KmsKeyIdentifier",
    "SecretArn",
  ]

  // MARK: Observing

  let listing = Listing(
    Read(Call("events", "ListConnections", [:]), pageSize: 100, isEssential: true), "Connections",
    created: "CreationTime")
  let tagging = NoTags()
  let details = [
    Detail(described) { _, name in
      Read(Connection.description(name))
    } values: {
      $0.members(named: described)
    }
  ]

  func transition(of item: Document) -> String? {
    item["ConnectionState"]?.string == "DELETING" ? "deleting" : nil
  }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    Self.arns(item["ConnectionArn"]).merging([
      "AuthorizationType": item["AuthorizationType"]
    ]) { $1 }
  }

  /// Policies name it without the id at the end of its ARN, which every new one of the name has anew.
  static func arns(_ arn: Document?) -> [String: Document?] {
    let parts = arn?.string?.split(separator: "/") ?? []
    return [
      "Arn": arn,
      "ArnForPolicy": parts.count == 3 ? .string(parts.dropLast().joined(separator: "/")) : nil,
    ]
  }

  private static func description(_ name: String) -> Call {
    Call(
      "events", "DescribeConnection", ["Name": .string(name)],
      absentCodes: ["ResourceNotFoundException"])
  }

  // MARK: Changing

  let creation = Creation(Call("events", "CreateConnection", [:]), written + ["Name"])
  let deletion = Deletion(
    Call(
      "events", "DeleteConnection", [:], absentCodes: ["ResourceNotFoundException"],
      transientCodes: ["ConcurrentModificationException"]), "Name")

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("Name")
    let made = try creation.make(step, [:], &calls)
    let shown = try authorized(name, &calls)
    return done(step, name).adding(Self.arns(made["ConnectionArn"])).adding(
      shown.members(named: ["SecretArn"]))
  }

  /// What is left out of an update stays as it is, and so do the secrets of an authorization that is not
  /// changed.
  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    guard !step.changed.isEmpty else { return done(step, name) }
    var changed = step.changed
    if changed.contains("AuthParameters") { changed.insert("AuthorizationType") }
    if changed.contains("AuthorizationType") { changed.insert("AuthParameters") }
    var input = step.desired.members(named: Self.written.filter(changed.contains))
    for property in ["Description", "KmsKeyIdentifier"] where changed.contains(property) {
      input[property] = step.desired[property] ?? ""
    }
    if changed.contains("InvocationConnectivityParameters"),
      step.desired["InvocationConnectivityParameters"] == nil
    {
      input["InvocationConnectivityParameters"] = [
        "ResourceParameters": ["ResourceConfigurationArn": ""]
      ]
    }
    input["Name"] = .string(name)
    try calls.make(
      Call(
        "events", "UpdateConnection", .members(input),
        transientCodes: ["ConcurrentModificationException"]))
    let shown = try authorized(name, &calls)
    return done(step, name).adding(shown.members(named: ["SecretArn"]))
  }

  /// Waits until it is gone: its name is taken until then.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    if try calls.make(deletion.call(name)) != .absent {
      _ = try calls.wait(
        Self.description(name), every: 5, limit: 300, until: "\(name) is deleted"
      ) { $0["ConnectionState"] == nil ? .ready : .waiting }
    }
    return .done(id: name, attributes: [:])
  }

  /// The connection once EventBridge has its authorization; of OAuth, once the endpoint has given a token.
  private func authorized(_ name: String, _ calls: inout CallSequence)
    throws(CallSequence.Pause) -> Document
  {
    try calls.wait(
      Self.description(name), every: 5, limit: 600, until: "\(name) is authorized"
    ) { connection in
      switch connection["ConnectionState"]?.string {
      case "AUTHORIZED", "ACTIVE": return .ready
      case "DEAUTHORIZED", "FAILED_CONNECTIVITY":
        let reason = connection["StateReason"]?.string ?? "EventBridge gives no reason"
        return .failed("\(name) is \(connection["ConnectionState"]?.string ?? ""): \(reason)")
      default: return .waiting
      }
    }
  }
}
