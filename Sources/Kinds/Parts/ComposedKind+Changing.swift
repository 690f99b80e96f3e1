import Document
import TrueupCore

/// How parts make the calls of a step.
extension ComposedKind {
  func told(by output: Document) -> [String: Document?] { [:] }

  func changes(_ step: Step, _ id: String) throws(Pause) -> [Call] { [] }

  func change(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    try calls.make(try changes(step, id))
  }

  func fill(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {}

  func clear(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(Pause) {
    try fill(step, id, &calls)
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    let id = creation.id.isEmpty ? try step.name(facts.identity.ref) : try creation.id(in: output)
    try fill(step, id, &calls)
    return done(step, id).adding(told(by: output))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    try change(step, id, &calls)
    try fill(step, id, &calls)
    // Last, so that the revision in the tags is one that was applied whole.
    try calls.make(tagging.calls(step, id))
    return done(step, id)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    try clear(step, id, &calls)
    try calls.make(deletion.call(id))
    return .done(id: id, attributes: [:])
  }

  /// What is said when a create or an update is done: what is desired is so, and what it left alone is as
  /// it was.
  func done(_ step: Step, _ id: String) -> Next {
    var known = facts.identity.foretold.mapValues { foretold in
      Document.string(
        foretold(
          NamedResource(
            name: name(in: id), path: step.desired["Path"]?.string ?? "/",
            account: step.scope.account, region: step.region, partition: step.partition,
            urlSuffix: Partition.urlSuffix(ofRegion: step.region))))
    }
    known[facts.identity.ref] = .string(id)
    return .done(
      id: id, attributes: step.unchanged.merging(step.desired).merging(.object(known)))
  }
}
