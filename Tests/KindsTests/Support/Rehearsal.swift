import Document
import TrueupCore

/// A step played through with scripted answers: what the kind asked for, in order, and how it ended.
struct Rehearsal {
  private(set) var calls: [Call] = []
  /// What was waited for, once per wait.
  private(set) var waits: [String] = []
  private(set) var end: Next = .failed("the rehearsal never ended")

  init(_ kind: any Kind, _ step: Step, answer: (Call) -> Reply = { _ in .success([:]) }) {
    var replies: [Reply] = []
    for _ in 0..<100 {
      let next = kind.next(step, replies)
      switch next {
      case .call(let call):
        RequestRecording.shared?.add(call, of: kind.type)
        calls.append(call)
        replies.append(answer(call))
      case .wait(let call, _, _, let until):
        waits.append(until)
        RequestRecording.shared?.add(call, of: kind.type)
        calls.append(call)
        replies.append(answer(call))
      case .done, .failed, .stalled:
        end = next
        return
      }
    }
  }

  /// Each call as `Operation {input}`, with sorted keys.
  var lines: [String] { calls.map { "\($0.operation) \($0.input.json())" } }

  /// The calls that change something, as lines.
  var changes: [String] { calls.filter { !$0.isRead }.map { "\($0.operation) \($0.input.json())" } }

  var id: String? { if case .done(let id, _) = end { id } else { nil } }

  var attributes: Document? {
    if case .done(_, let attributes) = end { attributes } else { nil }
  }

  var failure: String? { if case .failed(let reason) = end { reason } else { nil } }

  var stall: Stall? { if case .stalled(let stall) = end { stall } else { nil } }
}

/// How a resource stands, asked with scripted answers: the calls in order, and the answer.
struct StandingRehearsal {
  private(set) var calls: [Call] = []
  private(set) var standing: Standing?

  init(_ kind: any Kind, _ step: Step, answer: (Call) -> Reply) {
    var replies: [Reply] = []
    for _ in 0..<100 {
      switch kind.standing(of: step, replies) {
      case .call(let call):
        RequestRecording.shared?.add(call, of: kind.type)
        calls.append(call)
        replies.append(answer(call))
      case .answer(let standing):
        self.standing = standing
        return
      }
    }
  }

  var stall: Stall? { if case .stalled(let stall) = standing { stall } else { nil } }
}

/// An observation played through: all reads, round by round, and what the kind makes of the replies.
struct ObservationRehearsal {
  private(set) var reads: [Read] = []
  private(set) var rounds = 0
  let observed: [Observed]

  init(_ kind: any Kind, _ context: ReadContext, answer: (Call) -> Reply) {
    var replies = Replies()
    for _ in 0..<10 {
      let wanted = kind.reads(context, replies).filter { replies[$0] == nil }
      if wanted.isEmpty { break }
      rounds += 1
      for read in wanted where replies[read] == nil {
        RequestRecording.shared?.add(read.call, of: kind.type)
        reads.append(read)
        replies[read] = answer(read.call)
      }
    }
    observed = kind.decode(context, replies)
  }

  /// Each read as `Operation {input}`.
  var lines: [String] { reads.map { "\($0.call.operation) \($0.call.input.json())" } }

  subscript(_ id: String) -> Observed? { observed.first { $0.id == id } }
}

extension ReadContext {
  /// The account and region of all rehearsals.
  static func rehearsal(
    candidates: [String: Set<String>] = [:], properties: Set<String> = []
  ) -> ReadContext {
    ReadContext(
      scope: .rehearsal, region: "eu-west-1", project: "cosyworld", candidates: candidates,
      properties: properties)
  }
}

extension Scope {
  static let rehearsal = Scope(account: "111122223333", region: "eu-west-1")
}

extension Step {
  /// The owner tags of `acme-prod/Thing`.
  static let ourTags = [
    OwnershipTags.stack: "cosyworld/acme-prod", OwnershipTags.resource: "Thing",
  ]

  static func creating(
    _ desired: Document, tags: [String: String] = ourTags, needed: Set<String> = []
  ) -> Step {
    Step(
      action: .create, address: Address(stack: "acme-prod", resource: "Thing"), scope: .rehearsal,
      region: "eu-west-1", desired: desired, tags: tags, changesTags: true,
      neededAttributes: needed)
  }

  static func updating(
    _ id: String, from observed: Document = [:], to desired: Document = [:], changed: Set<String>,
    tags: [String: String] = ourTags, removedTags: Set<String> = [], changesTags: Bool = false
  ) -> Step {
    Step(
      action: .update, address: Address(stack: "acme-prod", resource: "Thing"), scope: .rehearsal,
      region: "eu-west-1", id: id, desired: desired,
      observed: Observed(type: "", id: id, scope: .rehearsal, properties: observed),
      changed: changed, tags: tags, removedTags: removedTags, changesTags: changesTags)
  }

  static func deleting(_ id: String, _ observed: Document? = nil) -> Step {
    Step(
      action: .delete, address: Address(stack: "acme-prod", resource: "Thing"), scope: .rehearsal,
      region: "eu-west-1", id: id,
      observed: observed.map { Observed(type: "", id: id, scope: .rehearsal, properties: $0) })
  }
}

extension Document {
  /// Owner tags as EC2 shows them.
  static let ourTagList: Document = [
    ["Key": "trueup:stack", "Value": "cosyworld/acme-prod"],
    ["Key": "trueup:resource", "Value": "Thing"],
  ]

  /// This object with some members of another value.
  func with(_ members: [String: Document]) -> Document {
    .object((object ?? [:]).merging(members) { $1 })
  }
}

/// The failure of a read that the caller is not allowed to make.
func denied(_ call: Call) -> Reply {
  .failure(
    CallFailure(
      reason: .denied, service: call.service, operation: call.operation,
      code: "UnauthorizedOperation", message: "\(call.operation) is not allowed"))
}
