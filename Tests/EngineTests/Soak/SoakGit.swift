import TrueupCore

@testable import Engine

/// A history of desired states, in one line; a part of it may be forgotten.
struct SoakGit {
  private(set) var commits: [(revision: String, desired: Desired)] = []
  /// Revisions that a rewriting took out of the history.
  var lost: Set<String> = []
  /// Of a rewritten history nothing that was recorded comes back.
  private var era = 0

  /// The revision of a desired state: that of the last commit where nothing changed.
  mutating func commit(_ desired: Desired) -> String {
    if let last = commits.last, last.desired == desired, !lost.contains(last.revision) {
      return last.revision
    }
    commits.append(("\(era)-\(commits.count)", desired))
    return commits[commits.count - 1].revision
  }

  /// Squashes all that there is.
  mutating func rewrite() {
    era += 1
    lost.formUnion(commits.map(\.revision))
  }

  func knows(_ revision: String) -> Bool {
    !lost.contains(revision) && commits.contains { $0.revision == revision }
  }

  func desired(at revision: String) -> Desired? {
    knows(revision) ? commits.first { $0.revision == revision }?.desired : nil
  }

  var history: History {
    let commits = commits.filter { !lost.contains($0.revision) }
    return History(
      desired: { revision, _ in
        commits.first { $0.revision == revision }.map { .desired($0.desired) } ?? .unknown
      },
      isAncestor: { ancestor, descendant in
        guard let first = commits.firstIndex(where: { $0.revision == ancestor }),
          let second = commits.firstIndex(where: { $0.revision == descendant })
        else { return false }
        return first <= second
      })
  }
}
