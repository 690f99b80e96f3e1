import Foundation

/// Texts of `Fn::Sub` that were taken apart already, for whatever thread: all stacks of a blueprint have
/// the same.
final class SubstitutionCache: @unchecked Sendable {
  // Unchecked: touched under `lock` alone.
  private var parts: [String: Result<[SubstitutionPart], StackCompiler.Malformed>] = [:]
  private let lock = NSLock()

  subscript(_ text: String) -> Result<[SubstitutionPart], StackCompiler.Malformed> {
    lock.withLock {
      if let known = parts[text] { return known }
      let found = SubstitutionPart.parts(of: text)
      parts[text] = found
      return found
    }
  }
}
