/// What somebody may have meant.
enum Spelling {
  /// The candidate with the fewest edits (optimal string alignment), at most a third of the word's length;
  /// `nil` where none is near.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3)
    return candidates.sorted().map { ($0, distance(Array(word), Array($0))) }
      .filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that make one word of the other.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let isEqual = left[row] == right[column]
        var best = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (isEqual ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
