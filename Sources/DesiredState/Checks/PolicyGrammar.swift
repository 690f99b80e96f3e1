import Document
import TrueupCore

/// Checks a policy document against the grammar of IAM's policy language.
/// Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements
/// reference".
struct PolicyGrammar {
  /// What a policy is attached to decides which elements it has.
  enum Kind: Equatable {
    /// Of a role, user or group: it names no principal.
    case identity
    /// Who may assume a role: it names no resource.
    case trust
    /// Of a resource of the service whose actions alone it can name, where that is so.
    case resource(service: String?)

    init(type: String, path: PropertyPath) {
      switch (type, path.components.last) {
      case (_, "AssumeRolePolicyDocument"): self = .trust
      case (_, _) where type.hasPrefix("AWS::IAM::"): self = .identity
      case ("AWS::S3::BucketPolicy", _): self = .resource(service: "s3")
      case ("AWS::SNS::TopicPolicy", _): self = .resource(service: "sns")
      case ("AWS::SQS::QueuePolicy", _): self = .resource(service: "sqs")
      case ("AWS::KMS::Key", _): self = .resource(service: "kms")
      default: self = .resource(service: nil)
      }
    }
  }

  let kind: Kind
  /// `AWS::IAM::Role /AssumeRolePolicyDocument`.
  let subject: String
  var findings = ContentFindings()

  init(_ kind: Kind, subject: String) {
    self.kind = kind
    self.subject = subject
  }

  mutating func check(_ policy: LocatedValue) {
    switch policy.content {
    case .object(let members): check(members, at: policy.position)
    case .leaf(.known(.string(let text))):
      // As a text it has no places of its own.
      guard let document = try? JSON.read(text) else {
        return findings.error("\(subject) is no JSON", at: policy.position)
      }
      let parsed = LocatedValue(.known(document), at: policy.position)
      guard let members = parsed.members else {
        return findings.error("\(subject) must be an object", at: policy.position)
      }
      check(members, at: policy.position)
    default: return
    }
  }

  private mutating func check(_ members: [LocatedValue.Member], at position: Position) {
    let known = ["Version", "Id", "Statement"]
    for member in members where !known.contains(member.key) {
      findings.error(
        "\(subject) has no element \(member.key.quoted)"
          + Spelling.suggestion(for: member.key, among: known), at: member.position)
    }
    func member(_ key: String) -> LocatedValue? { members.last { $0.key == key }?.value }
    if let version = member("Version"), let text = version.text {
      let versions = ["2012-10-17", "2008-10-17"]
      if !versions.contains(text) {
        findings.error(
          "Version of \(subject) is \(text.quoted); it names the language: \"2012-10-17\"",
          at: version.position)
      }
    }
    guard let statements = member("Statement") else {
      if !Self.misses("Statement", in: members, known) { return }
      return findings.error("\(subject) needs \"Statement\"", at: position)
    }
    var identifiers: Set<String> = []
    for statement in statements.oneOrMore {
      switch statement.content {
      case .object(let members): check(statement: members, at: statement.position)
      case .leaf(.known), .list:
        findings.error("a statement of \(subject) must be an object", at: statement.position)
      default: continue
      }
      guard let sid = statement["Sid"], let text = sid.text, isIAM else { continue }
      if !text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
        findings.error(
          "Sid \(text.quoted) of \(subject) must have letters and digits only", at: sid.position)
      } else if !text.isEmpty, !identifiers.insert(text).inserted {
        findings.error("Sid \(text.quoted) of \(subject) is used twice", at: sid.position)
      }
    }
  }

  private var isIAM: Bool { kind == .identity || kind == .trust }

  /// Whether an element is missing, and not only misspelt.
  private static func misses(
    _ name: String, in members: [LocatedValue.Member], _ known: [String]
  ) -> Bool {
    !members.contains {
      $0.key == name
        || !known.contains($0.key) && Spelling.nearest(to: $0.key, among: known) == name
    }
  }

  private static let elements = [
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
    "Condition",
  ]

  private mutating func check(statement members: [LocatedValue.Member], at position: Position) {
    for member in members where !Self.elements.contains(member.key) {
      findings.error(
        "a statement of \(subject) has no element \(member.key.quoted)"
          + Spelling.suggestion(for: member.key, among: Self.elements), at: member.position)
    }
    func member(_ key: String) -> LocatedValue.Member? { members.last { $0.key == key } }
    func misses(_ key: String) -> Bool { Self.misses(key, in: members, Self.elements) }
    if let effect = member("Effect")?.value {
      if let text = effect.text, !["Allow", "Deny"].contains(text) {
        findings.error(
          "Effect of \(subject) is \(text.quoted); it must be \"Allow\" or \"Deny\"",
          at: effect.position)
      }
    } else if misses("Effect") {
      findings.error("a statement of \(subject) needs \"Effect\"", at: position)
    }
    for name in ["Action", "Resource", "Principal"] {
      if member(name) != nil, let other = member("Not" + name) {
        findings.error(
          "a statement of \(subject) can have only one of \(name.quoted), \("Not\(name)".quoted)",
          at: other.position)
      }
      let isThere = !misses(name) || !misses("Not" + name)
      if !isThere, isNeeded(name) {
        findings.error(
          "a statement of \(subject) needs \(name.quoted) or \("Not\(name)".quoted)", at: position)
      }
      for key in [name, "Not" + name] {
        guard let found = member(key), let reason = prohibited(name) else { continue }
        findings.error(
          "a statement of \(subject) can have no \(key.quoted): \(reason)", at: found.position)
      }
    }
    for key in ["Action", "NotAction"] {
      for action in member(key)?.value.oneOrMore ?? [] { checkAction(action) }
    }
    for key in ["Resource", "NotResource"] where kind != .trust {
      for resource in member(key)?.value.oneOrMore ?? [] { checkResource(resource) }
    }
    for key in ["Principal", "NotPrincipal"] where kind != .identity {
      if let principal = member(key)?.value { checkPrincipal(principal) }
    }
    if let condition = member("Condition")?.value { checkCondition(condition) }
  }

  private func isNeeded(_ name: String) -> Bool {
    switch (name, kind) {
    case ("Action", _), ("Resource", .identity), ("Principal", .trust): true
    case ("Resource", .resource(let service)): service == "s3" || service == "kms"
    case ("Principal", .resource(let service)): service != nil
    default: false
    }
  }

  private func prohibited(_ name: String) -> String? {
    switch (name, kind) {
    case ("Principal", .identity): "it is about whoever it is attached to"
    case ("Resource", .trust): "it is about the role itself"
    default: nil
    }
  }

  private mutating func checkAction(_ action: LocatedValue) {
    guard let text = action.text, text != "*" else { return }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isWritten =
      parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.*?".contains($0)) }
      }
    guard isWritten else {
      return findings.error(
        "\(text.quoted) in \(subject) is no action; one is written service:Action, such as "
          + "s3:GetObject", at: action.position)
    }
    let service = parts[0].lowercased()
    switch kind {
    case .trust:
      let known = [
        "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
      ]
      let written = text.lowercased()
      guard !text.contains("*"), !known.contains(where: { $0.lowercased() == written }) else {
        return
      }
      let suggestion = Spelling.suggestion(for: text, among: known)
      guard service != "sts" || !suggestion.isEmpty else { return }
      findings.error(
        "\(text.quoted) in \(subject) does not assume a role"
          + (suggestion.isEmpty ? "; the action is sts:AssumeRole" : suggestion),
        at: action.position)
    case .resource(let own?) where service != own && !service.contains("*"):
      findings.error(
        "\(text.quoted) in \(subject) is an action of another service; here they begin with \(own):",
        at: action.position)
    default: return
    }
  }

  private mutating func checkResource(_ resource: LocatedValue) {
    guard let text = resource.text, text != "*" else { return }
    guard let arn = ARNText(text) else {
      return findings.error(
        "\(text.quoted) in \(subject) is no resource; one is an ARN (arn:aws:s3:::bucket/*) or \"*\"",
        at: resource.position)
    }
    if let problem = arn.problem {
      findings.error("\(text.quoted) in \(subject) \(problem)", at: resource.position)
    }
  }
}
