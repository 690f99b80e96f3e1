import Document

/// A place where AWS is not as it was left: what `drift` reports, with an identity of its own, so
/// that it can be told once when it opens, changes and is resolved.
public struct DriftFinding: Hashable, Sendable {
  public struct ID: Hashable, Comparable, Sendable {
    /// The owner's full name, `{project}/{client}-{environment}`.
    public var stack: String
    /// The logical id.
    public var resource: String
    /// The property's path, `/CidrBlock`; empty for the resource as a whole.
    public var path: String

    public init(stack: String, resource: String, path: String) {
      self.stack = stack
      self.resource = resource
      self.path = path
    }

    public static func < (left: ID, right: ID) -> Bool {
      (left.stack, left.resource, left.path) < (right.stack, right.resource, right.path)
    }
  }

  public var id: ID
  /// `AWS::EC2::VPC`
  public var type: String
  /// What would mend it.
  public var action: Change.Action
  public var cause: Cause
  /// As in `Difference`: without secrets. Both are `nil` for a resource as a whole.
  public var desired: Document?
  public var observed: Document?
  /// For people: why it is blocked or stalled, or what is special about it.
  public var reason: String?

  public init(
    id: ID, type: String, action: Change.Action, cause: Cause, desired: Document? = nil,
    observed: Document? = nil, reason: String? = nil
  ) {
    self.id = id
    self.type = type
    self.action = action
    self.cause = cause
    self.desired = desired
    self.observed = observed
    self.reason = reason
  }

  /// What of it stands in AWS: two findings of one place that differ in this are news.
  public var fingerprint: Document {
    // What moved is told once, whether it can be put right at once or not.
    let told = action == .stalled && !id.path.isEmpty ? Change.Action.update : action
    var members: [String: Document] = [
      "action": .string(told.rawValue), "observed": observed ?? .null,
    ]
    // Told again whenever it says something new: every day.
    if let reason, reason.hasPrefix(Unkept.reason) { members["reason"] = .string(reason) }
    return .object(members)
  }
}

/// Who changed something, as CloudTrail tells.
public struct Attribution: Hashable, Sendable {
  /// `role/Admin (ada)`, `user/ada`, `root`.
  public var principal: String
  /// The API operation, `AuthorizeSecurityGroupIngress`.
  public var event: String
  /// Seconds since 1970.
  public var at: Double

  public init(principal: String, event: String, at: Double) {
    self.principal = principal
    self.event = event
    self.at = at
  }
}

extension Change {
  /// The findings that the change would mend: one for each property that moved in AWS, or one for the
  /// resource as a whole.
  public func findings(project: String) -> [DriftFinding] {
    guard isFinding else { return [] }
    let moved = differences.filter { $0.cause != .pending && $0.cause != .new }
    func finding(_ path: String) -> DriftFinding {
      DriftFinding(
        id: DriftFinding.ID(
          stack: "\(project)/\(address.stack)", resource: address.resource, path: path),
        type: type, action: action, cause: cause,
        reason: action == .stalled
          ? [reason, hint].compactMap(\.self).joined(separator: "; ") : reason)
    }
    guard [.update, .replace, .stalled].contains(action), !moved.isEmpty else {
      return [finding("")]
    }
    // That it is stalled is told where git wants something of it, too.
    let isWanted = action == .stalled && moved.count < differences.count
    return (isWanted ? [finding("")] : [])
      + moved.map { difference in
        var finding = finding(difference.path.description)
        finding.cause = difference.cause
        finding.desired = difference.desired
        finding.observed = difference.observed
        return finding
      }
  }
}
