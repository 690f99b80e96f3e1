import Foundation

/// Regular expressions that were compiled already, for whatever thread.
final class PatternCache: @unchecked Sendable {
  // Unchecked: touched under `lock` alone.
  private var patterns: [String: Pattern?] = [:]
  private let lock = NSLock()

  /// `nil` where the pattern cannot be understood: then it is not checked.
  subscript(_ source: String) -> Pattern? {
    lock.withLock {
      if let known = patterns[source] { return known }
      let pattern = Pattern(source)
      patterns[source] = .some(pattern)
      return pattern
    }
  }
}
