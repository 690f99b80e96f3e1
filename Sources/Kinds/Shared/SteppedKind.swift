import TrueupCore

/// The calls of one step, where they are enough for a type of their own.
protocol KindStep {
  init(_ step: Step) throws(CallSequence.Pause)

  func create(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next
  func update(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next
  func delete(_ calls: inout CallSequence) throws(CallSequence.Pause) -> Next
}

/// A kind whose steps are carried out by a type of their own.
protocol SteppedKind: SequencedKind {
  associatedtype Work: KindStep
}

extension SteppedKind {
  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try Work(step).create(&calls)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try Work(step).update(&calls)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try Work(step).delete(&calls)
  }
}
