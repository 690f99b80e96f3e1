import Document
import TrueupCore

/// The calls that put tags on an existing resource and take them off, and the member of its create call that
/// holds them.
struct TagCalls: Sendable {
  /// How a service writes tags.
  enum Form: Sendable {
    /// A list of `{"Key": …, "Value": …}`.
    case list
    /// A list of `{"key": …, "value": …}`.
    case lowercaseList
    /// An object from key to value.
    case map

    func write(_ tags: [String: String]) -> Document {
      switch self {
      case .list: Tags.list(tags)
      case .lowercaseList: Tags.list(tags, key: "key", value: "value")
      case .map: Tags.map(tags)
      }
    }

    func read(_ shown: Document?) -> [String: String] {
      switch self {
      case .list: Tags.read(shown)
      case .lowercaseList: Tags.read(shown, key: "key", value: "value")
      case .map: Tags.read(map: shown)
      }
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
    let target = target(step, id)
    return Tags.calls(
      step, tag: tag.with(target).with([members.tags: form.write(step.newTags)]),
      untag: untag.with(target).with([members.keys: Tags.keys(step.removedTags)]))
  }
}
