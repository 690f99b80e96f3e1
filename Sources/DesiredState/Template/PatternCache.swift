import Foundation

/// Regular expressions that were compiled already, for whatever thread.
final class PatternCache: @unchecked Sendable {
  // Unchecked: touched under `lock` alone.
  private var patterns: [String: Pattern?] = [:]
  private var answers: [Question: Bool] = [:]
  private let lock = NSLock()

  private struct Question: Hashable {
    var pattern: String
    var text: String
  }

  /// Whether the pattern is found in the text; true where the pattern cannot be understood. Blueprints
  /// give the same texts to stack after stack.
  func matches(_ source: String, _ text: String) -> Bool {
    let question = Question(pattern: source, text: text)
    if let known = lock.withLock({ answers[question] }) { return known }
    let answer = self[source]?.matches(text) ?? true
    lock.withLock { if answers.count < 100_000 { answers[question] = answer } }
    return answer
  }

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
