import Document
import TrueupCore

/// Listeners of load balancers and rules of listeners, of which no list shows all.
///
/// Those that we look for are known by their ARNs: from the sweep of the tagging API, and from the base.
/// Twenty are read at once. Where one of these is gone, AWS shows none, and what they live in is read; so is
/// what somebody names of which nothing is known yet.
struct BalancerParts: Sendable {
  /// How ARNs of the type are: `:listener/`.
  let mark: String
  /// The member of output that lists them.
  let list: String
  /// The member of an item that holds its ARN.
  let id: String
  /// The property that names what they live in, and the member of input.
  let parent: String
  /// What the ARN of one lives in.
  let owner: @Sendable (String) -> String
  let operation: String
  /// The member of input that takes ARNs.
  let members: String

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    // Before that nobody knows what there is nothing known of.
    guard replies[TagSweep.read] != nil else { return [] }
    let known = known(context, replies)
    let batches = known.chunks(of: ELBv2.batch)
    let owners = Set(known.map(owner))
    let named = (context.values[parent] ?? []).filter {
      $0.hasPrefix("arn:") && !owners.contains($0)
    }
    let spoilt = batches.filter { replies[batch($0)] == .absent }.flatMap { $0.map(owner) }
    return batches.map(batch) + named.union(spoilt).sorted().map(all)
  }

  /// What the replies show, each once.
  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    var seen: Set<String> = []
    return reads(context, replies).flatMap { (replies[$0]?.output).elements(list) }.filter { item in
      (item[id]?.string).map { seen.insert($0).inserted } ?? false
    }
  }

  private func known(_ context: ReadContext, _ replies: Replies) -> [String] {
    let swept = TagSweep(context, replies).swept.filter { context.owns($0.value) }.keys
    return Set(swept).union(context.candidates.keys).filter { $0.contains(mark) }.sorted()
  }

  private func batch(_ arns: [String]) -> Read {
    Read(ELBv2.describe(operation, members, arns), isEssential: true)
  }

  private func all(in owner: String) -> Read {
    Read(
      Call("elbv2", operation, [parent: .string(owner)], absentCodes: ELBv2.gone), pageSize: 400,
      isEssential: true)
  }
}
