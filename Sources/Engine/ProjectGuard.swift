import TrueupCore

/// Refuses to build a fleet a second time because its project was renamed in `fleet.jsonc`.
///
/// What exists carries the project's old name in its owner tags, so that a renamed fleet would find
/// nothing of its own. A renaming is told by git: the fleet file *at this path* named another project
/// at a revision at which something was applied. Other repositories, and other directories of the same
/// one, have a file of their own, and never stand in the way.
public struct ProjectGuard: Sendable {
  /// An owner of resources, and the revision at which one of them was last changed.
  public struct Owner: Hashable, Sendable {
    /// `{project}/{client}-{environment}`, the value of `trueup:stack`.
    public var name: String
    /// `trueup:rev`, or what the journal says; `nil` where nothing tells it.
    public var revision: String?

    public init(name: String, revision: String?) {
      self.name = name
      self.revision = revision
    }

    var project: Substring { name.prefix { $0 != "/" } }
    var stack: Substring { name.dropFirst(project.count + 1) }
  }

  /// The project that the fleet names now.
  public var project: String
  /// The name that it had, as the fleet file says: `"was"`. It is no other project.
  public var formerProject: String?
  /// The project that the same fleet file named at each of these revisions; a revision that git does
  /// not know, or that has no such file, is left out.
  let projectsAt: @Sendable (_ revisions: Set<String>) async -> [String: String]

  public init(
    project: String, formerProject: String? = nil,
    projectsAt: @escaping @Sendable (_ revisions: Set<String>) async -> [String: String]
  ) {
    self.project = project
    self.formerProject = formerProject
    self.projectsAt = projectsAt
  }

  /// Why nothing may be done; `nil` where the project is what it was.
  ///
  /// - Parameters:
  ///   - owners: of what the journal knows to exist.
  ///   - lastRun: the revision of the journal's last run.
  public func refusal(journaled owners: Set<Owner>, lastRun: String?) async -> String? {
    let others = owners.filter(isOther)
    guard !others.isEmpty else { return nil }
    let named = await projectsAt(Set((others.map(\.revision) + [lastRun]).compactMap(\.self)))
    let renamed = others.filter { owner in
      [owner.revision, lastRun].contains { $0.flatMap { named[$0] } == String(owner.project) }
    }
    guard let first = renamed.min(by: { $0.name < $1.name }) else { return nil }
    let revision = [lastRun, first.revision].compactMap(\.self).first {
      named[$0] == String(first.project)
    }
    return reason(first, revision ?? "", "the journal knows")
  }

  /// By name, the stacks that must be left alone, with the reason: what carries the same client and
  /// environment was made from this fleet file under another project.
  ///
  /// - Parameters:
  ///   - stacks: the names of those that are to be acted on.
  ///   - owners: of what is seen in AWS, of any project.
  public func refusals(stacks: Set<String>, owners: Set<Owner>) async -> [String: String] {
    let others = owners.filter { isOther($0) && stacks.contains(String($0.stack)) }
    guard !others.isEmpty else { return [:] }
    let named = await projectsAt(Set(others.compactMap(\.revision)))
    var refusals: [String: String] = [:]
    for owner in others.sorted(by: { $0.name < $1.name }) {
      guard let revision = owner.revision, named[revision] == String(owner.project) else {
        continue
      }
      let stack = String(owner.stack)
      if refusals[stack] == nil { refusals[stack] = reason(owner, revision, "AWS has") }
    }
    return refusals
  }

  private func isOther(_ owner: Owner) -> Bool {
    owner.name.contains("/") && owner.project != project
      && formerProject.map { owner.project != $0 } ?? true
  }

  private func reason(_ owner: Owner, _ revision: String, _ evidence: String) -> String {
    "fleet.jsonc names the project \"\(project)\", but \"\(owner.project)\" at revision "
      + "\(revision.prefix(12)), and \(evidence) \(owner.name) from there: all of it would be made a "
      + "second time; \"was\": \"\(owner.project)\" in fleet.jsonc renames what exists"
  }
}
