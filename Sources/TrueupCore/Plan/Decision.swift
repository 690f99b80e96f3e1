import Document

/// What the planner found out about one desired resource. One of each resource in a plan, which all that
/// decide on it share.
final class Decision {
  let resource: DesiredResource
  let stack: StackID
  let address: Address
  /// The resource as it is, where there is one that is ours, or that is to be adopted.
  var live: Observed?
  /// The property that `Ref` of it returns.
  var ref = ""
  /// Its entry in the world.
  var entry: Int?
  /// Others with the same owner tags: what a crash in a replacement left over, or what somebody tagged.
  var leftovers: Set<Int> = []
  /// All that carry its tags, where nothing says which is ours.
  var rivals: Set<Int> = []
  /// A resource that is not ours and stands where this one should.
  var blocker: Observed?
  /// It is blocked because what exists has to be adopted first.
  var isHeldForAdoption = false
  /// What exists and looks like what would be made, for people.
  var hint: String?
  /// The revision in its tag is not known here.
  var hasUnknownRevision = false
  /// The desired properties as far as they are known now.
  var desired: Value = .known(.object([:])) {
    didSet { comparable = nil }
  }
  /// The same in the form in which they are compared, where that is made already.
  var comparable: Document?
  var tags: [String: Value] = [:]
  var removedTags: Set<String> = []
  var generation = 0
  /// The physical id of what the base knows, which may be gone.
  var knownID: String?
  var changed: Set<String> = []
  /// `nil` where all is as desired.
  var change: Change?
  var notChecked: [NotChecked] = []
  /// What AWS does not keep, and is left as it is.
  var unkept: [Unkept] = []
  /// What a person says of it, where that is done.
  var answer: Answer?
  /// The old one goes before the new one comes.
  var deletesFirst = false

  init(resource: DesiredResource, stack: StackID, knownID: String?) {
    self.resource = resource
    self.stack = stack
    self.knownID = knownID
    address = resource.address
  }

  /// Whether a new resource is made.
  var creates: Bool { change?.action == .create || change?.action == .replace }

  /// Whether what it replaces is kept, or AWS keeps a snapshot of it.
  var keepsReplaced: Bool {
    switch resource.updateReplacePolicy {
    case .retain, .retainExceptOnCreate, .snapshot: true
    case .delete, nil: false
    }
  }

  /// The base that a resource in sync has; `nil` where there is none.
  func settledBase(hiding proven: Set<String>) -> Base.Resource? {
    guard change == nil, let live else { return nil }
    var tags = Base.Resource.noted(tags)
    tags[OwnershipTags.revision] = live.tags[OwnershipTags.revision]
    // That it may be deleted has to be known when it is no longer desired.
    if resource.deletionPolicy == .delete {
      tags[OwnershipTags.deletionPolicy] = RemovalPolicy.delete.rawValue
    }
    return Base.Resource(
      type: live.type, id: live.id, scope: live.scope, properties: desired.redacted(hiding: proven),
      tags: tags, revision: live.tags[OwnershipTags.revision])
  }

  /// What the resource will hold, for people and for checks: no value of a secret is in it.
  func shownDesired(hiding proven: Set<String>) -> Document {
    let properties = desired.redacted(hiding: proven)
    guard !tags.isEmpty else { return properties }
    return properties.setting("Tags", .object(tags.mapValues(\.redacted)))
  }

  /// What is not as it will be before the resource is as desired.
  func unsettled(_ facts: TypeFacts) -> [Reference] {
    guard change != nil, let parent = facts.parentAddress(of: resource) else { return [] }
    return facts.ownership.gives.map { Reference(parent, attribute: $0) }
  }

  /// What a reference to the resource gives: `nil` while it is not known.
  ///
  /// - Parameter isActedOn: whether the run makes its change. Of a property that an update sets, it is then
  ///   what will be there.
  func value(of attribute: String?, ref: String, isActedOn: Bool = true) -> Document? {
    guard !creates, let shown = live ?? blocker else { return nil }
    guard let attribute else {
      return shown.properties[ref] ?? .string(shown.id)
    }
    let path = attribute.split(separator: ".").map(String.init)
    if isActedOn, change?.action == .update, changed.contains(path[0]),
      let value = path.reduce(Optional(desired), { value, part in value?[part] })
    {
      return value.document
    }
    return path.reduce(Optional(shown.properties)) { value, part in value?[part] }
  }
}
