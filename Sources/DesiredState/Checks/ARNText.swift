import TrueupCore

/// An ARN as people write it, maybe with wildcards and policy variables.
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
struct ARNText {
  let parts: [String]
  /// Wildcards and variables may stand for any number of parts.
  let isOpen: Bool

  /// `nil` for what is no ARN.
  init?(_ text: String) {
    guard text.hasPrefix("arn:") || text.hasPrefix("*") || text.hasPrefix("${") else { return nil }
    parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    isOpen = text.contains("*") || text.contains("?") || text.contains("${")
  }

  /// What is wrong with it.
  var problem: String? {
    guard parts.first == "arn" else { return nil }
    if parts.count > 1, !Self.isOpen(parts[1]), !Partition.names.contains(parts[1]) {
      return "has no partition of AWS (\(Partition.names.joined(separator: ", ")))"
        + Spelling.suggestion(for: parts[1], among: Partition.names)
    }
    if parts.count < 6, !isOpen {
      return "is no whole ARN: arn:partition:service:region:account:resource"
    }
    if parts.count > 2, parts[2].isEmpty { return "names no service" }
    if parts.count > 4, !parts[4].isEmpty, parts[4].allSatisfy({ $0.isASCII && $0.isNumber }),
      !FleetAccount.isID(parts[4])
    {
      return "has an account of \(parts[4].count) digits; accounts have twelve"
    }
    return nil
  }

  private static func isOpen(_ part: String) -> Bool {
    part.isEmpty || part.contains { "*?$".contains($0) }
  }
}
