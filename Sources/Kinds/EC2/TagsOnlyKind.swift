import TrueupCore

/// A kind of EC2 of which nothing but the tags can be changed.
protocol TagsOnlyKind: SequencedKind {}

extension TagsOnlyKind {
  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(EC2.tagCalls(step, id))
    return .done(id: id, attributes: step.unchanged)
  }
}
