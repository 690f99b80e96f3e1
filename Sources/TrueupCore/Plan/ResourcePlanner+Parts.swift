import Document

/// Parts of a resource that others describe, or that others put there.
extension ResourcePlanner {
  /// The observed resource without the parts that are none of its own.
  func own(_ observed: Observed, _ desired: Value) -> Observed {
    let known = [desired.redacted, base?.properties].compactMap(\.self)
    return SharedLists(kind: kind).own(claims.without(observed, kind), known)
  }
}
