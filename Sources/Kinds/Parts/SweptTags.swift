import Document
import TrueupCore

/// Tags that no list shows. Of what is ours they are in the sweep of the tagging API; of what we look for
/// and is not in there, a read of its own tells them.
struct SweptTags: Tagging {
  let reads = [TagSweep.read]
  let writing: TagCalls
  /// The member of the resource's own read that holds them.
  private let member: String
  private let arn: @Sendable (_ item: Document, _ context: ReadContext) -> String
  private let own: @Sendable (_ id: String, _ arn: String) -> Read

  /// - Parameters:
  ///   - arn: the ARN of a listed item.
  ///   - own: the read that tells the tags of one resource, in `member` of its output.
  init(
    _ writing: TagCalls, in member: String = "Tags",
    arn: @escaping @Sendable (_ item: Document, _ context: ReadContext) -> String,
    own: @escaping @Sendable (_ id: String, _ arn: String) -> Read
  ) {
    self.writing = writing
    self.member = member
    self.arn = arn
    self.own = own
  }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    let arn = arn(item, sweep.context)
    return sweep.tags(ofARN: arn, candidate: name, own: own(id, arn)) { output in
      writing.form.read(output[member])
    }
  }

  func input(_ step: Step) -> [String: Document?] { writing.input(step) }

  func calls(_ step: Step, _ id: String) -> [Call] { writing.calls(step, id) }
}
