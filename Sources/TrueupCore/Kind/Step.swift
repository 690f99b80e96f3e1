import Document

/// What a kind is asked to carry out on one resource. Everything is resolved: no value is unknown.
public struct Step: Hashable, Sendable {
  public enum Action: String, Hashable, Sendable {
    case create, update, delete
  }

  public var action: Action
  public var address: Address
  public var scope: Scope
  /// The region in which the calls are made (also for global services).
  public var region: String
  /// The physical id; `nil` on create.
  public var id: String?
  /// All desired properties, an object. On create it holds the generated name where none is declared.
  /// Secrets stand here in clear; they must go nowhere but into calls.
  public var desired: Document
  /// The resource as it was observed; `nil` on create.
  public var observed: Observed?
  /// The properties as they were applied last, where that is known: also for what is deleted.
  public var applied: Document?
  /// The top-level properties that an update changes. One that is not in `desired` is to be reset to
  /// what AWS has for a resource that never had it.
  public var changed: Set<String>
  /// All tags that the resource carries after the step, ownership tags included.
  public var tags: [String: String]
  /// Tags of ours to take off.
  public var removedTags: Set<String>
  /// Whether `tags` or `removedTags` say anything new (an update need not touch tags otherwise).
  public var changesTags: Bool
  /// Deterministic: made of address, generation and desired properties. 64 hexadecimal characters, for
  /// client tokens and caller references.
  public var token: String
  /// Random, for salts and for what must not be guessed: 64 hexadecimal characters.
  public var nonce: String
  /// AWS is to keep a snapshot of what is deleted (`Lifecycle.canSnapshot`).
  public var keepsSnapshot: Bool
  /// What a person says of the resource, where the step is done because of that.
  public var answer: Answer?
  /// The attributes of the new resource that other resources or outputs refer to: `Done` supplies them.
  public var neededAttributes: Set<String>

  public init(
    action: Action, address: Address, scope: Scope, region: String, id: String? = nil,
    desired: Document = .object([:]), observed: Observed? = nil, applied: Document? = nil,
    changed: Set<String> = [],
    tags: [String: String] = [:], removedTags: Set<String> = [], changesTags: Bool = false,
    token: String = "", nonce: String = "", keepsSnapshot: Bool = false,
    answer: Answer? = nil, neededAttributes: Set<String> = []
  ) {
    self.action = action
    self.address = address
    self.scope = scope
    self.region = region
    self.id = id
    self.desired = desired
    self.observed = observed
    self.applied = applied
    self.changed = changed
    self.tags = tags
    self.removedTags = removedTags
    self.changesTags = changesTags
    self.token = token
    self.nonce = nonce
    self.keepsSnapshot = keepsSnapshot
    self.answer = answer
    self.neededAttributes = neededAttributes
  }

  public var partition: String { Partition.name(ofRegion: region) }
}

/// What a step wants next, given the replies so far.
public enum Next: Hashable, Sendable {
  case call(Call)
  /// Make the call (a read) again after some seconds; its reply is appended to the replies, and the
  /// kind is asked again. `until` is for people: "VPC vpc-1 is available".
  case wait(Call, every: Double, limit: Double, until: String)
  /// The step is done. `id` is the physical id; `attributes` are the registry properties known of the
  /// resource now, in registry terms, including those that the step's `neededAttributes` name.
  case done(id: String, attributes: Document)
  /// AWS reached a state from which it does not get better by waiting.
  case failed(String)
  /// It does not go on until what is wanted changes, or a person says so.
  case stalled(Stall)
}

/// What the steps of a group want next.
public enum GroupNext: Hashable, Sendable {
  case call(Call)
  /// As for a single step.
  case wait(Call, every: Double, limit: Double, until: String)
  /// All are done: id and attributes of each, in the order of the steps.
  case done([Done])
  case failed(String)
  case stalled(Stall)

  /// What became of one step of a group.
  public struct Done: Hashable, Sendable {
    public var id: String
    public var attributes: Document
    /// Nothing had to be done for it.
    public var isUnneeded: Bool

    public init(id: String, attributes: Document, isUnneeded: Bool = false) {
      self.id = id
      self.attributes = attributes
      self.isUnneeded = isUnneeded
    }
  }
}
