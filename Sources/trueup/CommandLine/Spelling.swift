/// What somebody may have meant.
enum Spelling {
  /// The candidate with the fewest edits (Levenshtein distance), at most a third of the word's length;
  /// `nil` where none is near.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3)
    return candidates.sorted().map { ($0, distance(Array(word), Array($0))) }
      .filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var last = Array(0...right.count)
    for (row, character) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        current.append(
          min(
            last[column + 1] + 1, current[column] + 1,
            last[column] + (character == other ? 0 : 1)))
      }
      last = current
    }
    return last[right.count]
  }
}
