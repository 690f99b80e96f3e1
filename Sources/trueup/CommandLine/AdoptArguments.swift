import DesiredState
import TrueupCore

/// What `trueup adopt` is told: resources to adopt, or stacks to take over.
enum AdoptArguments: Equatable {
  case resources([Adoption.Pair])
  case stacks([String])

  /// - Parameter words: `STACK...`, or addresses, each with the id of what exists behind it, where it is
  ///   adopted by one.
  ///
  /// A word behind an address is its id, save where it looks like an address itself; such an id is
  /// written `ADDRESS=ID`.
  init(_ words: [String]) throws {
    guard words.contains(where: { $0.contains("/") || $0.contains("=") }) else {
      self = .stacks(words)
      return
    }
    var pairs: [Adoption.Pair] = []
    var mayBeID = false
    for word in words {
      if mayBeID, !Self.looksLikeAddress(word) {
        pairs[pairs.count - 1].id = word
        mayBeID = false
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let id = parts.count > 1 ? String(parts[1]) : nil
      pairs.append(Adoption.Pair(address: try Self.address(String(parts[0])), id: id))
      mayBeID = id == nil
    }
    self = .resources(pairs)
  }

  private static func address(_ word: String) throws -> Address {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw EarlyEnd(
        message: "\"\(word)\" is not an address: STACK/RESOURCE, such as acme-prod/Vpc")
    }
    return Address(stack: parts[0], resource: parts[1])
  }

  /// `acme-prod/Vpc`, or the same with an id behind `=`.
  private static func looksLikeAddress(_ word: String) -> Bool {
    let parts = word.prefix { $0 != "=" }.split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    return parts[0].contains("-")
      && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      && !parts[1].isEmpty
      && parts[1].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }
}
