import Document
import TrueupCore

/// An OpenID Connect provider. There is one per URL in an account, and its ARN is made of the URL.
public struct OIDCProvider: ComposedKind {
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

  let listing = Listing(
    Read(Call("iam", "ListOpenIDConnectProviders", [:]), isEssential: true),
    "OpenIDConnectProviderList")
  let tagging = ShownIAMTags(
    writing: TagCalls(
      IAM.call("TagOpenIDConnectProvider"), IAM.call("UntagOpenIDConnectProvider")
    ) { _, arn in [provider: .string(arn)] })
  let creation = Creation(
    IAM.call("CreateOpenIDConnectProvider"), ["Url", "ThumbprintList"],
    renamed: ["ClientIdList": "ClientIDList"], id: [provider])
  let deletion = Deletion(IAM.removal("DeleteOpenIDConnectProvider"), provider)

  private static let provider = "OpenIDConnectProviderArn"

  // MARK: Observing

  /// The list, and all of those that concern us: desired by their URL or known by their ARN, or ours
  /// by their tags.
  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let sweep = TagSweep(context, replies)
    return [listing.read, TagSweep.read]
      + listing.items(replies).compactMap(id).filter { concerns($0, sweep) }.map(Self.read)
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let sweep = TagSweep(context, replies)
    return listing.items(replies).compactMap(id).compactMap { arn -> Observed? in
      var observed = Observed(
        type: type, id: arn, scope: context.scope,
        properties: ["Arn": .string(arn), "Url": .string(Self.url(arn))],
        tags: sweep.swept[arn] ?? [:])
      switch concerns(arn, sweep) ? replies.finding(Self.read(arn)) : .unread(notAskedFor) {
      case .found(let output):
        observed.properties = observed.properties.merging([
          "ClientIdList": .list(output.elements("ClientIDList")),
          "ThumbprintList": .list(output.elements("ThumbprintList")),
        ])
        observed.tags = Tags.read(output["Tags"])
        observed.createdAt = output["CreateDate"]?.double
      case .nothing: return nil
      case .unread(let reason):
        observed.mark(["ClientIdList", "ThumbprintList"], reason)
        if observed.tags.isEmpty || !concerns(arn, sweep) { observed.mark(["Tags"], reason) }
      }
      return observed
    }
  }

  private func concerns(_ arn: String, _ sweep: TagSweep) -> Bool {
    let context = sweep.context
    return context.candidates[arn] != nil
      || context.values["Url"]?.contains(Self.url(arn)) == true
      || context.owns(sweep.swept[arn] ?? [:])
  }

  private static func read(_ arn: String) -> Read {
    IAM.own("GetOpenIDConnectProvider", [provider: .string(arn)])
  }

  /// IAM shows the URL without its scheme, which is always https.
  private static func url(_ arn: String) -> String {
    "https://" + (arn.split(separator: "/", maxSplits: 1).last.map(String.init) ?? "")
  }

  // MARK: Changing

  func change(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    func call(_ operation: String, _ input: [String: Document?]) -> Call {
      IAM.call(operation, input).with([Self.provider: .string(arn)])
    }
    // Who signs in by another client from now on is let in before the old one is shut out.
    try calls.exchange(
      adding: step.added(to: "ClientIdList").map {
        call("AddClientIDToOpenIDConnectProvider", ["ClientID": $0])
      },
      removing: step.gone(from: "ClientIdList").map {
        call("RemoveClientIDFromOpenIDConnectProvider", ["ClientID": $0])
      }, whenFull: IAM.full)
    if step.changes("ThumbprintList"), let thumbprints = step.desired["ThumbprintList"] {
      try calls.make(
        call("UpdateOpenIDConnectProviderThumbprint", ["ThumbprintList": thumbprints]))
    }
  }
}
