import Document
import TrueupCore

/// The calls that put tags on an existing resource and take them off, and the member of its create call that
/// holds them.
struct TagCalls: Sendable {
  /// How a service writes tags.
  enum Form: Sendable {
    /// A list of `{"Key": …, "Value": …}`.
    case list
    /// An object from key to value.
    case map

    func write(_ tags: [String: String]) -> Document {
      self == .list ? Tags.list(tags) : Tags.map(tags)
    }

    func read(_ shown: Document?) -> [String: String] {
      self == .list ? Tags.read(shown) : Tags.read(map: shown)
    }
  }

  let form: Form
  private let tag: Call
  private let untag: Call
  /// The members of input that hold the tags, and the keys of those that are taken off.
  private let members: (tags: String, keys: String)
  /// The member of the create call.
  private let created: String
  private let target: @Sendable (_ step: Step, _ id: String) -> [String: Document?]

  /// - Parameter target: the members that say which resource is meant.
  init(
    _ tag: Call, _ untag: Call, form: Form = .list,
    members: (tags: String, keys: String) = ("Tags", "TagKeys"), created: String = "Tags",
    target: @escaping @Sendable (_ step: Step, _ id: String) -> [String: Document?]
  ) {
    self.form = form
    self.tag = tag
    self.untag = untag
    self.members = members
    self.created = created
    self.target = target
  }

  func input(_ step: Step) -> [String: Document?] {
    [created: step.tags.isEmpty ? nil : form.write(step.tags)]
  }

  func calls(_ step: Step, _ id: String) -> [Call] {
    func call(_ call: Call, _ member: String, _ value: Document) -> Call {
      var call = call
      call.input = .members(target(step, id).merging([member: value]) { $1 })
      return call
    }
    return Tags.calls(
      step, tag: call(tag, members.tags, form.write(step.newTags)),
      untag: call(untag, members.keys, Tags.keys(step.removedTags)))
  }
}
