import Document

/// What a run would do, and in what order: wholly describes an apply.
public struct Plan: Sendable {
  public struct Stack: Sendable {
    public var id: StackID
    public var account: String
    public var region: String
    /// Why the stack could not be planned; the others go on.
    public var error: String?
    public var changes: [Change]
    public var notChecked: [NotChecked]
    /// Resources that are as desired.
    public var inSync: Int
    /// Resources whose `trueup:rev` is not known here: of another repository, or of history that was
    /// rewritten.
    public var unknownRevisions = 0
    /// The manifest asks to leave the stack alone: what differs is not told.
    public var isSuspended: Bool
    /// Values that AWS does not keep, and that are left as they are until one of both sides moves.
    public var unkept: [Unkept] = []
    /// For people: what else there is to know of the stack, a line each.
    public var notes: [String] = []
    /// Why nothing of it is begun now, although nothing refuses it: outside its change windows.
    public var waits: String?

    public init(
      id: StackID, account: String, region: String, error: String? = nil, changes: [Change] = [],
      notChecked: [NotChecked] = [], inSync: Int = 0, isSuspended: Bool = false
    ) {
      self.id = id
      self.account = account
      self.region = region
      self.error = error
      self.changes = changes
      self.notChecked = notChecked
      self.inSync = inSync
      self.isSuspended = isSuspended
    }

    /// A scope that is not the stack's own; `nil` for one that is.
    func elsewhere(_ scope: Scope) -> Scope? {
      scope.account == account && (scope.region ?? region) == region ? nil : scope
    }
  }

  /// A desired resource and what it refers to or depends on, whether it changes or not: for graphs of
  /// whole stacks.
  public struct Resource: Hashable, Sendable {
    public var address: Address
    /// `AWS::EC2::VPC`
    public var type: String
    /// One per resource that is needed, with the first reason.
    public var needs: [Change.Prerequisite]

    public init(address: Address, type: String, needs: [Change.Prerequisite] = []) {
      self.address = address
      self.type = type
      self.needs = needs
    }
  }

  public var stacks: [Stack]
  /// The desired resources of these stacks, sorted by address.
  public var resources: [Resource]
  /// The steps of all changes; a replacement is two.
  public var steps: [PlannedStep]
  /// What is as desired now: the base of later comparisons, to be noted by an apply.
  public var settled: [Address: Base.Resource]
  /// What was applied once, is no longer desired and no longer there: nothing is left to be done, and
  /// an apply forgets it.
  public var vanished: Set<Address>

  public init(
    stacks: [Stack], resources: [Resource] = [], steps: [PlannedStep] = [],
    settled: [Address: Base.Resource] = [:], vanished: Set<Address> = []
  ) {
    self.stacks = stacks
    self.resources = resources
    self.steps = steps
    self.settled = settled
    self.vanished = vanished
  }

  public var changes: [Change] { stacks.flatMap(\.changes) }
}

/// One step of a plan: what to do, and which steps must have succeeded first.
public struct PlannedStep: Sendable {
  public struct ID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var address: Address
    public var action: Step.Action
    /// Tells apart several steps of one address: the physical id that is deleted or released; empty
    /// otherwise.
    public var target: String

    public init(address: Address, action: Step.Action, target: String = "") {
      self.address = address
      self.action = action
      self.target = target
    }

    public var description: String {
      "\(action.rawValue) \(address)" + (target.isEmpty ? "" : " (\(target))")
    }

    public static func < (left: ID, right: ID) -> Bool {
      (left.address, left.action.rawValue, left.target)
        < (right.address, right.action.rawValue, right.target)
    }
  }

  public var id: ID
  public var type: String
  public var scope: Scope
  public var region: String
  public var physicalID: String?
  /// Desired properties; references to resources that the run creates are still symbolic.
  public var desired: Value
  public var observed: Observed?
  /// The properties as they were applied last, where that is known.
  public var applied: Document?
  /// What is replaced only because of values that are not known yet: where they turn out to be what is
  /// there, nothing is replaced.
  public var replaced: Observed?
  /// What a deletion that comes first makes room for, where that is so.
  public var replacement: Value?
  /// The property whose value is a name that Trueup made.
  public var generatedName: String?
  /// It deletes, or lets go, what another step of the address takes the place of.
  public var isReplacement = false
  /// It deletes, or lets go, what is left over: the address has another one, which stays.
  public var isLeftover = false
  /// Its `DeletionPolicy` says that it may be deleted with its data.
  public var mayBeDeleted = false
  /// It deletes what AWS is to keep a snapshot of.
  public var keepsSnapshot = false
  /// What a person says of the resource, where it is done because of that.
  public var answer: Answer?
  /// Steps of one group are carried out together, by one call where AWS has one.
  public var group: String?
  /// Whether the resource is proven ours, so that the journal may vouch for it from now on.
  public var isProven = true
  public var changed: Set<String>
  public var tags: [String: Value]
  public var removedTags: Set<String>
  public var changesTags: Bool
  public var token: String
  public var neededAttributes: Set<String>
  /// The resource of which the step changes properties as well (`Ownership.gives`).
  public var parent: Address?
  public var after: Set<ID>

  public init(
    id: ID, type: String, scope: Scope, region: String, physicalID: String? = nil,
    desired: Value = .known(.object([:])), observed: Observed? = nil, changed: Set<String> = [],
    tags: [String: Value] = [:], removedTags: Set<String> = [], changesTags: Bool = false,
    token: String = "", neededAttributes: Set<String> = [], parent: Address? = nil,
    after: Set<ID> = []
  ) {
    self.id = id
    self.type = type
    self.scope = scope
    self.region = region
    self.physicalID = physicalID
    self.desired = desired
    self.observed = observed
    self.changed = changed
    self.tags = tags
    self.removedTags = removedTags
    self.changesTags = changesTags
    self.token = token
    self.neededAttributes = neededAttributes
    self.parent = parent
    self.after = after
  }
}
