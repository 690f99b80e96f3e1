import Document
import TrueupCore

/// An OpenID Connect provider. There is one per URL in an account, and its ARN is made of the URL.
public struct OIDCProvider: SequencedKind {
  public init() {}

  public let type = "AWS::IAM::OIDCProvider"

  public let facts = TypeFacts(
    Identity(ref: "Arn", unique: [UniqueKey("Url")]),
    placement: .global,
    properties: [
      "/ClientIdList": .set.losing(.members).security,
      "/ThumbprintList": .set.notResettable("IAM keeps the thumbprints that it was given")
        .losing(.members).security,
      "/ThumbprintList/*": .normal(.lowercased),
    ])

  // MARK: Observing

  private static let list = Read(
    Call("iam", "ListOpenIDConnectProviders", [:]), isEssential: true)

  /// The list, and all of those that concern us: desired by their URL or known by their ARN, or ours
  /// by their tags.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [Self.list, TagSweep.read]
      + listed(replies).filter { concerns($0, context, sweep) }.map(Self.read)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    return listed(replies).compactMap { arn -> Observed? in
      var observed = Observed(
        type: type, id: arn, scope: context.scope,
        properties: ["Arn": .string(arn), "Url": .string(Self.url(arn))],
        tags: sweep.swept[arn] ?? [:])
      guard concerns(arn, context, sweep) else {
        observed.mark(["ClientIdList", "ThumbprintList", "Tags"], notAskedFor)
        return observed
      }
      switch replies.finding(Self.read(arn)) {
      case .found(let output):
        observed.properties = observed.properties.merging(
          .members([
            "ClientIdList": output["ClientIDList"] ?? [],
            "ThumbprintList": output["ThumbprintList"] ?? [],
          ]))
        observed.tags = Tags.read(output["Tags"])
        observed.createdAt = output["CreateDate"]?.double
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(["ClientIdList", "ThumbprintList"], reason)
        if observed.tags.isEmpty { observed.mark(["Tags"], reason) }
      }
      return observed
    }
  }

  private func listed(_ replies: Replies) -> [String] {
    (replies[Self.list]?.output?["OpenIDConnectProviderList"]?.list ?? []).compactMap {
      $0["Arn"]?.string
    }
  }

  private func concerns(_ arn: String, _ context: ReadContext, _ sweep: TagSweep) -> Bool {
    context.candidates[arn] != nil || context.values["Url"]?.contains(Self.url(arn)) == true
      || context.owns(sweep.swept[arn] ?? [:])
  }

  private static func read(_ arn: String) -> Read {
    Read(
      Call(
        "iam", "GetOpenIDConnectProvider", ["OpenIDConnectProviderArn": .string(arn)],
        absentCodes: ["NoSuchEntity"]))
  }

  /// IAM shows the URL without its scheme, which is always https.
  private static func url(_ arn: String) -> String {
    "https://" + (arn.split(separator: "/", maxSplits: 1).last.map(String.init) ?? "")
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      IAM.call(
        "CreateOpenIDConnectProvider",
        [
          "Url": step.desired["Url"], "ClientIDList": step.desired["ClientIdList"],
          "ThumbprintList": step.desired["ThumbprintList"],
          "Tags": step.tags.isEmpty ? nil : Tags.list(step.tags),
        ]))
    guard let arn = created.output?["OpenIDConnectProviderArn"]?.string else {
      throw .failed("CreateOpenIDConnectProvider answered without an ARN")
    }
    return .done(id: arn, attributes: step.desired.merging(["Arn": .string(arn)]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    func call(_ operation: String, _ input: [String: Document?]) -> Call {
      IAM.call(operation, input.merging(["OpenIDConnectProviderArn": .string(arn)]) { $1 })
    }
    if step.changed.contains("ClientIdList") {
      let shown = step.observed?.properties["ClientIdList"]?.list ?? []
      let desired = step.desired["ClientIdList"]?.list ?? []
      // Who signs in by another client from now on is let in before the old one is shut out.
      try calls.exchange(
        adding: desired.filter { !shown.contains($0) }.map {
          call("AddClientIDToOpenIDConnectProvider", ["ClientID": $0])
        },
        removing: shown.filter { !desired.contains($0) }.map {
          call("RemoveClientIDFromOpenIDConnectProvider", ["ClientID": $0])
        }, whenFull: IAM.full)
    }
    if step.changed.contains("ThumbprintList"), let thumbprints = step.desired["ThumbprintList"] {
      try calls.make(
        call("UpdateOpenIDConnectProviderThumbprint", ["ThumbprintList": thumbprints]))
    }
    try calls.make(
      IAM.tagCalls(
        step, of: "OpenIDConnectProvider", ["OpenIDConnectProviderArn": .string(arn)]))
    return .done(id: arn, attributes: step.unchanged.merging(step.desired))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let arn = try step.existingID()
    try calls.make(
      IAM.removal("DeleteOpenIDConnectProvider", ["OpenIDConnectProviderArn": .string(arn)]))
    return .done(id: arn, attributes: [:])
  }
}
