import Document
import TrueupCore

/// Tags as Elastic Load Balancing keeps them: in the create calls, and with one operation for all types.
struct BalancerTags: WrittenTags {
  let reads = [TagSweep.read]
  let writing = TagCalls(
    Call("elbv2", "AddTags", [:], transientCodes: ELBv2.gone), Call("elbv2", "RemoveTags", [:])
  ) { _, arn in ["ResourceArns": [.string(arn)]] }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    sweep.tags(ofARN: id, candidate: name, own: Self.read([id])) { output in
      Tags.read(output.elements("TagDescriptions").first?["Tags"])
    }
  }

  static func read(_ arns: [String]) -> Read {
    Read(ELBv2.describe("DescribeTags", "ResourceArns", arns))
  }

  /// The ARNs of a read of tags; none of any other.
  static func arns(of read: Read) -> [String] {
    read.call.operation == "DescribeTags"
      ? read.call.input.elements("ResourceArns").compactMap(\.string) : []
  }
}

/// A kind of Elastic Load Balancing that carries tags: what the sweep does not tell of them is read for
/// twenty at once.
protocol TaggedBalancing: ComposedKind where Tagger == BalancerTags {
  /// How they are found, where they live in others and no list shows all.
  var parts: BalancerParts? { get }
}

extension TaggedBalancing {
  var parts: BalancerParts? { nil }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    parts?.items(context, replies) ?? listing.items(replies)
  }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let wanted =
      listedReads(context, single(replies, context)) + (parts?.reads(context, replies) ?? [])
      + (parts == nil ? [] : ShiftedWeights(context, replies).reads)
    let arns = Set(wanted.flatMap(BalancerTags.arns)).sorted()
    let others = wanted.filter { BalancerTags.arns(of: $0).isEmpty }
    return others
      + arns.chunks(of: ELBv2.batch).flatMap { arns -> [Read] in
        let batch = BalancerTags.read(arns)
        // One that is gone spoils it for the others.
        return replies[batch] == .absent ? [batch] + arns.map { BalancerTags.read([$0]) } : [batch]
      }
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let observed = observed(context, single(replies, context))
    guard parts != nil else { return observed }
    let weights = ShiftedWeights(context, replies)
    return observed.map(weights.amended)
  }

  /// The replies, with those to reads of many ARNs as if each had been asked for alone.
  private func single(_ replies: Replies, _ context: ReadContext) -> Replies {
    var single = replies
    let arns = Set(listedReads(context, replies).flatMap(BalancerTags.arns)).sorted()
    for arns in arns.chunks(of: ELBv2.batch) where arns.count > 1 {
      guard let reply = replies[BalancerTags.read(arns)], reply != .absent else { continue }
      for arn in arns {
        guard let output = reply.output else {
          single[BalancerTags.read([arn])] = reply
          continue
        }
        let own = output.elements("TagDescriptions").filter { $0["ResourceArn"]?.string == arn }
        single[BalancerTags.read([arn])] = .success(["TagDescriptions": .list(own)])
      }
    }
    return single
  }
}
