import Document
import TrueupCore

extension GitRepository {
  /// What the fleet file of a directory allowed before a desired state: at a revision that somebody
  /// names, else at the first parent of the commit; where the work tree has changes, at the commit
  /// itself. `nil` where there is no earlier one, or the file was not there.
  ///
  /// - Parameter since: a commit that git does not know (history that was rewritten) allows what holds
  ///   where nothing is written; so does a fleet file that cannot be read.
  public func earlierBudget(
    of directory: String, since: String?, commit: String?, isDirty: Bool
  ) throws(DesiredStateError) -> Budget? {
    guard let commit else { return nil }
    var earlier: String?
    // GitHub names the push that makes a branch by zeros.
    if let since, since.contains(where: { $0 != "0" }) {
      guard let known = try? self.commit(since) else { return Budget() }
      earlier = known
    } else if isDirty {
      earlier = commit
    } else {
      earlier = try? self.commit("\(commit)^1")
    }
    guard let earlier else { return nil }
    guard let file = try fleetFile(of: directory, at: earlier) else { return nil }
    // What cannot be read allowed no more than what holds where nothing is written.
    guard let fleet = try? JSON.readNode(file) else { return Budget() }
    return Budget(limits: fleet["limits"])
  }
}

extension Budget {
  /// What can be read of the limits of a fleet file.
  init(limits: Node?) {
    self.init()
    deletes = limits?["deletes"]?.document.integer ?? deletes
    replaces = limits?["replaces"]?.document.integer ?? replaces
    fleetDeletes = limits?["fleetDeletes"]?.document.integer
    fleetReplaces = limits?["fleetReplaces"]?.document.integer
  }
}
