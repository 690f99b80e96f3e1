/// Whose an observed resource is: a value beside it, never written onto it.
public enum Owner: Hashable, Sendable {
  /// By its tags: the value of `trueup:stack`, and the logical id where it carries one.
  case tagged(stack: String, resource: String?)
  /// It carries no owner tags, and is known for another reason.
  case inferred(Address, Inference)
  /// It lives inside a resource of ours that is owned whole, and nobody declares it.
  case within(Address)
  /// It carries no tags, or could; nothing says that it is ours.
  case nobody

  public enum Inference: Hashable, Sendable {
    /// The journal or a revision knows it under its id, or by what tells it apart.
    case applied
    /// Only Trueup can have made its name.
    case name
    /// It lives inside a resource of ours.
    case parent
  }
}

/// Why a resource with our tags is really ours, strongest first. Whoever may tag can write tags.
public enum Proof: Int, Hashable, Comparable, Sendable {
  /// The manifest adopts it by its id.
  case adopted
  /// The journal knows its id.
  case journaled
  /// An unfinished creation of ours made it.
  case intended
  /// It carries a name that only Trueup makes.
  case named
  /// The revision in its tag declares it, and it agrees with what was declared there.
  case declared
  /// The same, without any value to compare: enough for a single one.
  case declaredWithoutValues

  public static func < (left: Proof, right: Proof) -> Bool { left.rawValue < right.rawValue }

  /// Whether it holds for one of several with the same tags.
  var singlesOut: Bool { self < .declared }
}
