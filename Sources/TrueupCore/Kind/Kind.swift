import Document

/// What one resource type needs beyond its registry schema: AWS members to registry properties and
/// back. Pure: a kind returns the calls to make and interprets the replies. No retry, no logging, no
/// comparing, no journal.
public protocol Kind: Sendable {
  /// The registry's type name, `AWS::EC2::VPC`.
  var type: String { get }

  /// What the schema does not know, or not truly.
  var facts: TypeFacts { get }

  /// All reads wanted for the scope, given the replies so far: asked again after each round until
  /// nothing new is wanted, so that a read may follow from a reply.
  func reads(_ context: ReadContext, _ replies: Replies) -> [Read]

  /// The resources of the type that the replies show, ours and others'.
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed]

  /// A resource without what resources of their own describe inside it: a security group without the
  /// rules that are desired as `AWS::EC2::SecurityGroupIngress`, a role without the policies that are
  /// desired as `AWS::IAM::RolePolicy`. They are compared and changed there, not here.
  func without(_ claims: [Claim], in observed: Observed) -> Observed

  /// Top-level lists to which others add members of their own: the networks of a private zone. Only
  /// members that are declared, or were applied last, are ours.
  var sharedLists: Set<String> { get }

  /// What tells an element of a list without order apart to AWS, where that is less than all of it: a rule
  /// of a security group, whatever its description. Two elements that are alike in it are one.
  func identity(of element: Document, in property: String) -> Document

  /// What makes two resources of the type one to AWS, although each may be declared by itself: a rule of a
  /// security group, in one form for all ways of writing it. `nil` where two are two, or refused. Asked of
  /// types with a parent.
  func sameness(of properties: Document) -> Document?

  /// The property that says by itself what a resource of its own describes of it: the range of a VPC. Where
  /// there is one, that resource is this one's part as it is.
  func property(that claim: Claim, repeats properties: Document) -> String?

  /// What a resource is expected to have of lists that are owned whole and not declared, where resources of
  /// their own describe parts of it: a security group with a rule that lets traffic out loses the one that
  /// EC2 gave it. What is not among them is as in `PropertyFacts.wholeDefault`.
  func undeclared(beside claims: [Claim]) -> [String: Document]

  /// What AWS would show of the value of a proven property if it were set on `observed`; `nil` where
  /// nothing there can prove it.
  func proof(of property: String, _ value: Document, in observed: Observed) -> Document?

  /// How a resource stands besides its properties: whether the update that is planned of it may start, and of
  /// one that is as desired, and `Observed.isUnsettled`, what became of the change before. Reads alone, given
  /// the replies so far; a failure ends the asking. `step` is the update, with what is not known yet as
  /// `Document.unknown`; it changes nothing where the resource is as desired.
  func standing(of step: Step, _ replies: [Reply]) -> Inquiry

  /// What a person may say of a resource of the type.
  var answers: Set<Answer> { get }

  /// The next call of a step, given the replies to its calls so far, in their order. A failure that
  /// is neither absent nor transient ends the step before the kind is asked again.
  func next(_ step: Step, _ replies: [Reply]) -> Next

  /// What steps on this type have in common that AWS takes in one call (all records of one name of a
  /// zone); `nil` for steps that are carried out one by one.
  func group(of step: PlannedStep) -> String?

  /// The next call of several steps of one group, given the replies to their calls so far.
  func next(group steps: [Step], _ replies: [Reply]) -> GroupNext

  /// Why something that is scheduled for deletion cannot be kept by an update; `nil` where it can.
  func obstacle(toKeeping observed: Observed) -> String?

  /// The read that tells what is in the way of a deletion that was waited for in vain; `nil` where
  /// AWS's own message tells.
  func obstacles(to deletion: Step) -> Call?

  /// What that read shows to be in the way, for people.
  func obstacles(in output: Document) -> [String]
}

extension Observed {
  /// The transition of what AWS itself puts there where nobody asks for anything else: the association of
  /// a subnet with the default network ACL of its VPC. It is nobody's and never deleted, and it is live
  /// where it is just what is desired, or stands in place of what was applied.
  public static let given = "given"
}

/// A desired resource that describes a part of another one.
public struct Claim: Hashable, Sendable {
  /// The type of the resource that claims, `AWS::EC2::SecurityGroupIngress`.
  public var type: String
  /// Its desired properties as far as they are known, in registry terms; what is not known stands as
  /// `Document.unknown`.
  public var properties: Document
  /// The claiming resource as it is observed; `nil` where there is none.
  public var observed: Observed?

  public init(type: String, properties: Document, observed: Observed? = nil) {
    self.type = type
    self.properties = properties
    self.observed = observed
  }
}

extension Kind {
  public func without(_ claims: [Claim], in observed: Observed) -> Observed { observed }
  public var sharedLists: Set<String> { [] }
  public func identity(of element: Document, in property: String) -> Document { element }
  public func sameness(of properties: Document) -> Document? { nil }
  public func property(that claim: Claim, repeats properties: Document) -> String? { nil }
  public func undeclared(beside claims: [Claim]) -> [String: Document] { [:] }
  public func proof(of property: String, _ value: Document, in observed: Observed) -> Document? {
    nil
  }
  public func standing(of step: Step, _ replies: [Reply]) -> Inquiry { .answer(.settled) }
  public var answers: Set<Answer> { [] }
  public func group(of step: PlannedStep) -> String? { nil }
  public func obstacle(toKeeping observed: Observed) -> String? { nil }
  public func next(group steps: [Step], _ replies: [Reply]) -> GroupNext {
    .failed("\(type) takes one step at a time")
  }
  public func obstacles(to deletion: Step) -> Call? { nil }
  public func obstacles(in output: Document) -> [String] { [] }
}

/// The kinds that a program knows, by type.
public struct Catalog: Sendable {
  /// Those that are written for their types.
  public let kinds: [any Kind]
  private let byType: [String: any Kind]
  private let fallback: @Sendable (String) -> (any Kind)?
  /// The kinds that carry tags, by how their ARNs begin.
  let byARN: [ARNType: [any Kind]]

  /// - Parameter fallback: makes the kind of a type that none is written for, if it can; asked each time.
  public init(
    _ kinds: [any Kind], fallback: @escaping @Sendable (String) -> (any Kind)? = { _ in nil }
  ) {
    self.fallback = fallback
    self.kinds = kinds.sorted { $0.type < $1.type }
    byType = Dictionary(kinds.map { ($0.type, $0) }, uniquingKeysWith: { _, last in last })
    byARN = Dictionary(grouping: self.kinds.filter(\.facts.ownership.isTaggable)) { ARNType($0) }
  }

  public subscript(_ type: String) -> (any Kind)? { byType[type] ?? fallback(type) }

  /// Whether a kind is written for the type.
  public func isNative(_ type: String) -> Bool { byType[type] != nil }

  public var types: [String] { kinds.map(\.type) }
}
