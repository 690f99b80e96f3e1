import Document

/// Secrets: compared where their source is at hand, by what AWS shows of them.
extension ResourcePlanner {
  /// Desired properties with the proofs in place of the values that AWS keeps to itself. What is
  /// generated is as desired once it is there.
  func withProofs(_ desired: Document, decision: Decision, live: Observed) -> Document {
    guard case .object(var members) = desired else { return desired }
    for property in facts.properties.proven {
      guard let value = members[property] else { continue }
      // Of what is scheduled for deletion AWS shows no values; they come back with it.
      if isGeneratedOnce(property, decision.desired),
        live.properties[property] != nil || live.transition != nil
      {
        members[property] = live.properties[property]
      } else if value.isKnown {
        members[property] = kind.proof(of: property, value, in: live) ?? .null
      }
    }
    return .object(members)
  }

  /// Applied properties with the proofs that AWS keeps of them.
  func withProofs(_ applied: Document, of live: Observed) -> Document {
    guard case .object(var members) = applied else { return applied }
    for property in facts.properties.proven where members[property] != nil {
      members[property] = live.applied[property] ?? members[property]
    }
    return .object(members)
  }

  /// Whether all that is missing of a proven property is made up where it is not there yet.
  func isGeneratedOnce(_ property: String, _ desired: Value) -> Bool {
    guard facts.properties.proven.contains(property), let value = desired[property] else {
      return false
    }
    let missing = missingSecrets(value)
    return !missing.isEmpty && missing.allSatisfy(deciding.isGenerated)
  }

  /// Whether a property names another stored secret than was applied: that is a change whatever the
  /// secrets hold.
  func refersElsewhere(_ property: String, _ decision: Decision) -> Bool {
    guard let value = decision.desired[property], let applied = base?.properties[property],
      value.secrets.contains(where: { $0.stored != nil })
    else { return false }
    return applied != value.redacted
  }

  /// Why a value cannot be compared in this run.
  func notAtHand(_ value: Value) -> String? {
    if let missing = missingSecrets(value).first {
      if missing.stored != nil { return "\(missing.parameter) is not read to plan" }
      return deciding.isGenerated(missing)
        ? "\(missing.parameter) was generated, and is not read back"
        : "no source for \(missing.parameter) here"
    }
    return value.facts.first.map { "\($0) could not be read" }
  }

  private func missingSecrets(_ value: Value) -> [SecretReference] {
    value.secrets.filter { deciding.secret($0) == nil }.sorted { $0.parameter < $1.parameter }
  }
}
