import Digest
import Document

/// A plan as it was reviewed: what its steps are, and by digests what they were planned from. It holds
/// no value of any property, and of secrets no more than a proof.
///
/// It is never carried out by itself: a run plans anew, and goes on only where that is the same plan.
/// So a file that somebody has meddled with can stop a run, and can make none do something else.
public struct SavedPlan: Hashable, Sendable {
  /// A step, and what it was planned from.
  public struct Step: Hashable, Sendable {
    public var id: PlannedStep.ID
    public var type: String
    public var physicalID: String?
    /// Digests of what is desired, by property: `VisibilityTimeout`, `Tags/CostCenter`.
    public var desired: [String: String]
    /// Digests of what AWS shows, likewise.
    public var observed: [String: String]

    public init(
      id: PlannedStep.ID, type: String, physicalID: String?, desired: [String: String],
      observed: [String: String]
    ) {
      self.id = id
      self.type = type
      self.physicalID = physicalID
      self.desired = desired
      self.observed = observed
    }
  }

  /// 32 hexadecimal digits: it is good for one run.
  public var id: String
  /// The version of the program that made it.
  public var version: String
  public var project: String
  /// The revision that was planned, for people; what counts is what the steps were planned from.
  public var revision: String?
  /// What `--revision` asked for.
  public var askedRevision: String?
  /// Names of the stacks that were planned; `nil` for all.
  public var selection: [String]?
  /// What else a run goes by, in words, and has to be the same: limits, checks.
  public var terms: [String: String]
  /// For proofs: 32 hexadecimal digits.
  public var salt: String
  /// Proofs of the secrets that the steps write, by `acme-prod/DbPassword`.
  public var secrets: [String: String]
  /// Sorted.
  public var steps: [Step]

  public init(
    id: String, version: String, project: String, revision: String? = nil,
    askedRevision: String? = nil, selection: [String]? = nil, terms: [String: String] = [:],
    salt: String, secrets: [String: String] = [:], steps: [Step] = []
  ) {
    self.id = id
    self.version = version
    self.project = project
    self.revision = revision
    self.askedRevision = askedRevision
    self.selection = selection
    self.terms = terms
    self.salt = salt
    self.secrets = secrets
    self.steps = steps
  }

  /// Takes up the steps of a plan; those of stacks that are left alone are none of its business.
  ///
  /// - Parameter secret: the value of a secret, where its source is at hand.
  public mutating func take(_ plan: Plan, secret: (SecretReference) -> String?) {
    let idle = Set(plan.stacks.filter { $0.isSuspended || $0.error != nil }.map(\.id.name))
    let steps = plan.steps.filter { !idle.contains($0.id.address.stack) }
    var references: Set<SecretReference> = []
    for step in steps where step.id.action != .delete {
      references.formUnion(step.desired.secrets)
      for tag in step.tags.values { references.formUnion(tag.secrets) }
    }
    secrets = [:]
    for reference in references where reference.stored == nil {
      secrets["\(reference.stack)/\(reference.parameter)"] =
        secret(reference).map(proof) ?? Self.notAtHand
    }
    self.steps = steps.map(saved).sorted { $0.id < $1.id }
  }

  /// Stands for the proof of a secret whose value was not at hand, or is made up in each run.
  public static let notAtHand = "not at hand"

  /// Rounds that make guessing a value expensive.
  private static let rounds = 10_000

  private func proof(_ text: String) -> String {
    SHA256.hexadecimal(
      PBKDF2.derive(Array(text.utf8), salt: Array(salt.utf8), rounds: Self.rounds))
  }

  private func digest(_ value: Document) -> String {
    String(SHA256.hexadecimal(of: value.json()).prefix(32))
  }

  private func saved(_ step: PlannedStep) -> Step {
    let desired = step.desired.members ?? [:]
    // What stands where a secret belongs may be one.
    let hidden = Set(desired.filter { !$0.value.secrets.isEmpty }.keys).union(
      (step.applied?.object ?? [:]).filter { $0.value.contains(where: \.isSecret) }.keys)
    var saved = Step(
      id: step.id, type: step.type, physicalID: step.physicalID, desired: [:], observed: [:])
    // Whether it is lost or kept decides what a person has agreed to.
    if step.keepsSnapshot { saved.desired["Snapshot"] = "kept" }
    if step.id.action != .delete {
      for (property, value) in desired { saved.desired[property] = digest(value.redacted) }
      for (key, value) in step.tags where key != OwnershipTags.revision {
        saved.desired["Tags/\(key)"] = digest(value.redacted)
      }
      for key in step.removedTags { saved.desired["Tags/\(key)"] = "removed" }
    }
    for (property, value) in step.observed?.properties.object ?? [:] {
      saved.observed[property] = hidden.contains(property) ? proof(value.json()) : digest(value)
    }
    for (key, value) in step.observed?.tags ?? [:] {
      let isHidden = step.removedTags.contains(key) || step.tags[key]?.secrets.isEmpty == false
      saved.observed["Tags/\(key)"] = isHidden ? proof(value) : digest(.string(value))
    }
    return saved
  }
}
