import TrueupCore

/// A kind whose steps are each one sequence of calls: all that a new kind has to write.
protocol SequencedKind: Kind {
  /// What a call that has no reply yet, or that failed, throws.
  typealias Pause = CallSequence.Pause

  /// The reads without which AWS does not show the type's resources.
  var needed: [NeededRead] { get }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next
  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next
}

extension SequencedKind {
  public func next(_ step: Step, _ replies: [Reply]) -> Next {
    CallSequence.next(replies) { (calls) throws(CallSequence.Pause) in
      switch step.action {
      case .create: try create(step, &calls)
      case .update: try update(step, &calls)
      case .delete: try delete(step, &calls)
      }
    }
  }
}
