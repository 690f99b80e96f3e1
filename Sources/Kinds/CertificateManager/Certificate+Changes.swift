import Document
import TrueupCore

/// The steps on a certificate.
extension Certificate {
  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    let mailed = step.desired.elements("DomainValidationOptions").filter {
      $0["ValidationDomain"] != nil
    }.map { Document.members($0.members(named: ["DomainName", "ValidationDomain"])) }
    var members = tagging.input(step)
    members["DomainValidationOptions"] = mailed.isEmpty ? nil : .list(mailed)
    members["KeyAlgorithm"] = step.desired["KeyAlgorithm"]
    members["Options"] = Self.options(step.desired, changed: nil)
    members["IdempotencyToken"] = .string(String(step.token.prefix(32)))
    return members
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let arn = try creation.id(in: try creation.make(step, try created(step), &calls))
    try fill(step, arn, &calls)
    return done(step, arn)
  }

  func changes(_ step: Step, _ arn: String) throws(Pause) -> [Call] {
    guard let options = Self.options(step.desired, changed: step.changed) else { return [] }
    return [
      Call(
        "acm", "UpdateCertificateOptions",
        ["CertificateArn": .string(arn), "Options": options],
        // It has just been asked for.
        transientCodes: ["InvalidStateException"])
    ]
  }

  /// Writes the records of validation, and waits until the certificate is issued.
  func fill(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    guard step.action == .create || step.changes("DomainValidationOptions") else { return }
    let wanted = ValidationRecords.zones(declaredIn: step.desired)
    if !wanted.isEmpty || step.action == .update {
      let certificate = try described(arn, for: Set(wanted.keys), &calls)
      try ValidationRecords(certificate, step.tags).write(wanted, &calls)
      let left = ValidationRecords.zones(declaredIn: step.shown).filter { domain, zone in
        step.applied?["DomainValidationOptions"] != nil && wanted[domain] != zone
      }
      try ValidationRecords(certificate, step.observed?.tags ?? [:])
        .remove(left, unlessNeededBesides: arn, &calls)
    }
    try awaitIssue(arn, &calls)
  }

  /// A record of validation goes with the last certificate that it validates.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let arn = try step.existingID()
    let declared = ValidationRecords.domains(declaredIn: step.applied ?? [:])
    let zones = ValidationRecords.zones(declaredIn: step.shown).filter { declared.contains($0.key) }
    let certificate: Document? =
      zones.isEmpty ? nil : try calls.make(Self.description(arn)).output?["Certificate"]
    try calls.make(deletion.call(arn))
    if let certificate {
      try ValidationRecords(certificate, step.observed?.tags ?? [:])
        .remove(zones, unlessNeededBesides: arn, &calls)
    }
    return .done(id: arn, attributes: [:])
  }

  // MARK: Parts

  private static func options(_ desired: Document, changed: Set<String>?) -> Document? {
    let members = [
      "CertificateTransparencyLoggingPreference": "CertificateTransparencyLoggingPreference",
      "CertificateExport": "Export",
    ]
    let standard: [String: Document] = [
      "CertificateTransparencyLoggingPreference": "ENABLED", "CertificateExport": "DISABLED",
    ]
    var options: [String: Document?] = [:]
    for (property, member) in members {
      guard let changed else {
        options[member] = desired[property]
        continue
      }
      let value: Document? = desired[property] ?? standard[property]
      if changed.contains(property) { options[member] = value }
    }
    let given = Document.members(options)
    return given == [:] ? nil : given
  }

  /// The certificate once ACM tells the records of these domains, some seconds after it was asked for. Waited
  /// for even where readiness is not: without its records it is never issued.
  private func described(_ arn: String, for domains: Set<String>, _ calls: inout CallSequence)
    throws(Pause) -> Document
  {
    var read = Self.description(arn)
    read.transientCodes = ["ResourceNotFoundException"]
    read.absentCodes = []
    read.isNeeded = true
    let output = try calls.wait(
      read, every: 5, limit: 300, until: "ACM tells how \(arn) is validated"
    ) { output in
      let certificate = output["Certificate"] ?? [:]
      if let reason = Self.failure(certificate, arn) { return .failed(reason) }
      return domains.isSubset(of: ValidationRecords(certificate).records.keys) ? .ready : .waiting
    }
    return output["Certificate"] ?? [:]
  }

  private func awaitIssue(_ arn: String, _ calls: inout CallSequence) throws(Pause) {
    var read = Self.description(arn)
    read.absentCodes = []
    _ = try calls.wait(read, every: 20, limit: 3600, until: "\(arn) is issued") { output in
      let certificate = output["Certificate"] ?? [:]
      if let reason = Self.failure(certificate, arn) { return .failed(reason) }
      return certificate["Status"] == "PENDING_VALIDATION" ? .waiting : .ready
    }
  }

  private static func failure(_ certificate: Document, _ arn: String) -> String? {
    guard let status = certificate["Status"]?.string,
      !["PENDING_VALIDATION", "ISSUED", "INACTIVE"].contains(status)
    else { return nil }
    let reason = certificate["FailureReason"]?.string ?? certificate["RevocationReason"]?.string
    return "\(arn) is \(status): \(reason ?? "ACM gives no reason")"
  }
}
