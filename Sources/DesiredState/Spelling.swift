/// What somebody may have meant.
public enum Spelling {
  /// `; did you mean "CidrBlock"?`, or nothing where no candidate is near.
  static func suggestion(for word: String, among candidates: some Sequence<String>) -> String {
    nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// The candidate with the fewest edits, at most a third of the word's length; upper and lower case
  /// are the same.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = word.count < 3 ? 0 : word.count / 3
    let lowered = Array(word.lowercased())
    return candidates.sorted().map { candidate in
      (candidate, distance(lowered, Array(candidate.lowercased())))
    }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// The one candidate that begins with the word, or ends with it: `LifecycleConfiguration` of
  /// `Lifecycle`; upper and lower case, and underscores, are the same.
  static func longer(than word: String, among candidates: some Sequence<String>) -> String? {
    let lowered = word.lowercased().replacing("_", with: "")
    guard lowered.count > 3 else { return nil }
    let found = candidates.filter {
      $0.lowercased().hasPrefix(lowered) || $0.lowercased().hasSuffix(lowered)
    }
    return found.count == 1 ? found[0] : nil
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that make one word of the other
  /// (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let isEqual = left[row - 1] == right[column - 1]
        var best = min(
          last[column] + 1, current[column - 1] + 1, last[column - 1] + (isEqual ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
