import Digest

/// How a resource without a declared name is called:
/// `{client}-{environment}-{LogicalId}-{6 characters of a hash of address and generation}`, shortened
/// by its kind's rule. The generation alternates on replacement, so that the new one can be made
/// before the old one goes.
public enum PhysicalName {
  public static let generations = [0, 1]

  /// The names of a resource that declares none, one per generation; revisions go under one name.
  public static func generated(
    for resource: DesiredResource, of stack: StackID, rule: NameRule,
    lifecycle: Lifecycle = Lifecycle()
  ) -> [String] {
    let suffix =
      rule.suffixes.sorted { $0.key < $1.key }
      .first { [true, "true"].contains(resource.properties[$0.key]?.document) }?.value ?? ""
    return generations.prefix(lifecycle.makesRevisions ? 1 : generations.count).map {
      generated(
        stack: stack, resource: resource.address.resource, generation: $0, rule: rule,
        suffix: suffix)
    }
  }

  /// The name of a generation (0 or 1).
  public static func generated(
    stack: StackID, resource: String, generation: Int, rule: NameRule, suffix: String = ""
  ) -> String {
    let digest = SHA256.digest("\(stack.owner)/\(resource)#\(generation)".utf8)
    let hash = SHA256.hexadecimal(Array(digest.prefix(3)))
    let taken = rule.prefix.count + hash.count + rule.separator.count + suffix.count
    let room = max(0, rule.maximumLength - taken)
    let stem = shortened(
      allowed("\(stack.client)-\(stack.environment)-", rule),
      allowed(resource, rule), room: room)
    return rule.prefix + stem + rule.separator + hash + suffix
  }

  /// The first part keeps what room the resource's name leaves, and at least half of it.
  private static func shortened(_ stack: String, _ resource: String, room: Int) -> String {
    if stack.count + resource.count <= room { return stack + resource }
    let kept = String(resource.suffix(max(room / 2, room - stack.count)))
    return String(stack.prefix(room - kept.count)) + kept
  }

  private static func allowed(_ text: String, _ rule: NameRule) -> String {
    let text = rule.lowercase ? text.lowercased() : text
    let isAllowed = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
      default: rule.punctuation.utf8.contains(byte)
      }
    }
    if text.utf8.allSatisfy(isAllowed) { return text }
    return String(
      text.map { character in
        character.isASCII
          && (character.isLetter || character.isNumber || rule.punctuation.contains(character))
          ? character : "-"
      })
  }
}

extension PhysicalName {
  /// Whether a name is one that Trueup makes for a resource of the stack: its form and its hash agree.
  ///
  /// - Parameter resources: logical ids that it may have been made of; the one that stands in the name
  ///   is tried too.
  static func isGenerated(
    _ name: String, for stack: StackID, resources: [String], rule: NameRule
  ) -> Bool {
    for suffix in [""] + rule.suffixes.values.sorted() where name.hasSuffix(suffix) {
      let spoken = spoken(in: name, of: stack, suffix: suffix, rule: rule)
      for resource in resources + [spoken].compactMap(\.self) {
        for generation in generations
        where name
          == generated(
            stack: stack, resource: resource, generation: generation, rule: rule, suffix: suffix)
        {
          return true
        }
      }
    }
    return false
  }

  /// The logical id that stands in a name; `nil` where it was shortened away.
  private static func spoken(
    in name: String, of stack: StackID, suffix: String, rule: NameRule
  ) -> String? {
    let opening = rule.prefix + allowed("\(stack.client)-\(stack.environment)-", rule)
    let ending = rule.separator.count + 6 + suffix.count
    guard name.hasPrefix(opening), name.count > opening.count + ending else { return nil }
    return String(name.dropFirst(opening.count).dropLast(ending))
  }
}
