import Digest
import Document
import TrueupCore

/// A step with what the run has made by now put in. Secrets are still symbolic: this may be noted.
struct PreparedStep: Sendable {
  var planned: PlannedStep
  var desired: Value
  var tags: [String: Value]
  /// Why it cannot be carried out.
  var error: String?
  /// What it would delete was made, kept or updated in this run: there is nothing to do.
  var isHeld = false
}

/// Makes a step that a kind can carry out: everything resolved, secrets in clear.
struct StepPreparation {
  enum Outcome {
    /// With the secrets that stand in it.
    case ready(Step, secrets: [String])
    /// There is nothing to do.
    case settled(id: String, attributes: Document)
    case failed(String, calls: Int)
  }

  let cloud: any Cloud
  let clients: [String: String]
  let secrets: SecretValues
  let random: @Sendable () -> UInt16
  let kind: any Kind

  func step(_ prepared: PreparedStep) async -> Outcome {
    let planned = prepared.planned
    if let error = prepared.error { return .failed(error, calls: 0) }
    if prepared.isHeld { return .settled(id: planned.id.target, attributes: [:]) }
    var stored: [SecretReference: String] = [:]
    do throws(StoredSecrets.Unreadable) {
      stored = try await StoredSecrets(cloud: cloud, client: clients[planned.id.address.stack])
        .values(of: written(prepared), account: planned.scope.account, region: planned.region)
    } catch {
      return .failed(error.message, calls: 1)
    }
    func clear(_ leaf: Value) -> Document? {
      guard case .secret(let reference) = leaf else { return nil }
      return (stored[reference] ?? secrets.value(of: reference)).map(Document.string)
    }
    let desired: Value
    do {
      desired = try withUnchanged(planned, prepared.desired).evaluated(clear)
    } catch {
      return .failed("its properties cannot be computed: \(error)", calls: 0)
    }
    guard let properties = desired.document else { return .failed(missing(desired), calls: 0) }
    var tags: [String: String] = [:]
    for (key, value) in prepared.tags {
      guard let text = (try? value.evaluated(clear))?.document?.string else {
        // Not at hand and not to be changed: it stays as it was observed.
        if planned.id.action != .create { continue }
        return .failed(missing(value), calls: 0)
      }
      tags[key] = text
    }
    let shown =
      Array(stored.values)
      + ([prepared.desired] + prepared.tags.values).flatMap(\.secrets).compactMap(secrets.value)
    let step = Step(
      action: planned.id.action, address: planned.id.address, scope: planned.scope,
      region: planned.region, id: planned.physicalID, desired: properties,
      observed: planned.observed, applied: planned.applied, changed: planned.changed, tags: tags,
      removedTags: planned.removedTags, changesTags: planned.changesTags,
      token: Self.token(prepared), nonce: Self.nonce(random),
      keepsSnapshot: planned.keepsSnapshot, answer: planned.answer,
      neededAttributes: planned.neededAttributes)
    return reconsidered(step, planned) ?? .ready(step, secrets: shown)
  }

  /// What was to be replaced because of values that were not known may turn out to be as desired, or
  /// to need an update alone.
  private func reconsidered(_ step: Step, _ planned: PlannedStep) -> Outcome? {
    guard let live = planned.replaced,
      let changed = Reconsideration.changes(of: planned, to: step.desired, kind: kind)
    else { return nil }
    var update = step
    update.action = .update
    update.id = live.id
    update.observed = live
    update.changed = changed
    if let name = planned.generatedName {
      update.desired = update.desired.setting(name, live.properties[name])
    }
    let moved = step.tags.filter { live.tags[$0.key] != $0.value }.keys
    update.changesTags = kind.facts.ownership.isTaggable && !moved.isEmpty
    if changed.isEmpty, moved.allSatisfy({ $0 == OwnershipTags.revision }) {
      return .settled(id: live.id, attributes: live.properties)
    }
    return .ready(update, secrets: [])
  }

  /// What the step has to write.
  private func written(_ prepared: PreparedStep) -> [Value] {
    let planned = prepared.planned
    let isCreate = planned.id.action == .create
    let members = (prepared.desired.members ?? [:]).filter {
      isCreate || planned.changed.contains($0.key)
    }
    return Array(members.values)
      + (isCreate || planned.changesTags ? Array(prepared.tags.values) : [])
  }

  /// What an update does not change need not be at hand: a secret without its source, a fact that
  /// AWS did not tell. It stays as it was observed.
  private func withUnchanged(_ step: PlannedStep, _ desired: Value) -> Value {
    guard step.id.action != .create, var members = desired.members else { return desired }
    for (property, value) in members where !step.changed.contains(property) {
      let isAtHand =
        value.facts.isEmpty && value.secrets.allSatisfy(secrets.isAtHand)
      if !isAtHand { members[property] = step.observed?.properties[property].map(Value.known) }
    }
    return .object(of: members)
  }

  /// With what the run has made by now: in another network it is another resource.
  private static func token(_ prepared: PreparedStep) -> String {
    SHA256.hexadecimal(of: prepared.planned.token + prepared.desired.redacted.json())
  }

  private static func nonce(_ random: () -> UInt16) -> String {
    (0..<16).map { _ in
      let digits = String(random(), radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  private func missing(_ value: Value) -> String {
    if let secret = value.secrets.first {
      return "it needs the parameter \(secret.parameter): \(secrets.remedy(for: secret))"
    }
    let unknown = value.references.map(\.reference.text).joined(separator: ", ")
    return unknown.isEmpty
      ? "a value that AWS should tell is not known" : "AWS did not tell \(unknown)"
  }
}
