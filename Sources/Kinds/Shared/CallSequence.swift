import Document
import TrueupCore

/// Lets a kind write the calls of a step as plain code, although it is asked for one call at a time.
///
/// The body is run anew with each reply: `make` hands out the replies that are already there, and
/// stops the body at the first call that has none. So a body must depend on nothing but the step and
/// the replies, and calls that it made before it must make again, in the same order.
///
///     CallSequence.next(replies) { calls throws(CallSequence.Pause) in
///       let created = try calls.make(Call("ec2", "CreateVpc", input))
///       ...
///       return .done(id: id, attributes: attributes)
///     }
struct CallSequence {
  /// Thrown where the body needs a reply that is not there yet, or cannot go on.
  struct Pause: Error {
    let next: Next

    init(_ next: Next) { self.next = next }

    /// AWS answered something from which the step cannot go on.
    static func failed(_ reason: String) -> Pause { Pause(.failed(reason)) }
  }

  /// What a reply to a repeated read says.
  enum Verdict {
    case ready
    case waiting
    /// It will not get better by waiting.
    case failed(String)
  }

  private var replies: ArraySlice<Reply>

  /// What the step wants next, by a body that makes the step's calls.
  static func next(
    _ replies: [Reply], _ body: (inout CallSequence) throws(Pause) -> Next
  ) -> Next {
    var calls = CallSequence(replies: replies[...])
    do {
      return try body(&calls)
    } catch {
      return error.next
    }
  }

  /// What is asked next to tell how a resource stands, by a body that makes reads.
  static func inquiry(
    _ replies: [Reply], _ body: (inout CallSequence) throws(Pause) -> Standing
  ) -> Inquiry {
    var calls = CallSequence(replies: replies[...])
    do {
      return .answer(try body(&calls))
    } catch {
      switch error.next {
      case .call(let call), .wait(let call, _, _, _): return .call(call)
      case .done, .failed: return .answer(.settled)
      case .stalled(let stall): return .answer(.stalled(stall))
      }
    }
  }

  /// The reply to the call.
  @discardableResult
  mutating func make(_ call: Call) throws(Pause) -> Reply {
    guard let reply = replies.popFirst() else { throw Pause(.call(call)) }
    return reply
  }

  /// Makes each of the calls.
  mutating func make(_ calls: [Call]) throws(Pause) {
    for call in calls { try make(call) }
  }

  /// The outputs of all pages of a list; empty where that of which it is does not exist.
  ///
  /// - Parameter token: the member of input and output that says where the next page begins.
  mutating func pages(_ list: Call, by token: String) throws(Pause) -> [Document] {
    var pages = [try make(list).output ?? [:]]
    while let next = pages.last?[token], next != "" {
      pages.append(try make(list.with([token: next])).output ?? [:])
    }
    return pages
  }

  /// Adds parts of a whole before it takes others away, so that nothing lacks in between; where a quota
  /// on the whole leaves no room for both, takes away first. Returns the replies.
  ///
  /// - Parameter full: the codes with which AWS says that there is no room.
  @discardableResult
  mutating func exchange(
    adding: [Call], removing: [Call], whenFull full: Set<String>
  ) throws(Pause) -> [Reply] {
    var removing = removing
    var replies: [Reply] = []
    for call in adding {
      guard !removing.isEmpty else {
        replies.append(try make(call))
        continue
      }
      var attempt = call
      attempt.absentCodes.formUnion(full)
      let reply = try make(attempt)
      guard reply == .absent else {
        replies.append(reply)
        continue
      }
      for call in removing { replies.append(try make(call)) }
      removing = []
      replies.append(try make(call))
    }
    for call in removing { replies.append(try make(call)) }
    return replies
  }

  /// The output of the first reply to the read that is found ready; the read is made again until
  /// then, or until it is given up.
  ///
  /// - Parameters:
  ///   - interval: seconds between two reads.
  ///   - limit: seconds after which to give up.
  ///   - state: what is waited for, for people: "VPC vpc-1 is available".
  mutating func wait(
    _ read: Call, every interval: Double, limit: Double, until state: String,
    _ verdict: (Document) -> Verdict
  ) throws(Pause) -> Document {
    switch try outcome(of: read, every: interval, limit: limit, until: state, verdict) {
    case .ready(let output): return output
    case .failed(let reason, _): throw .failed(reason)
    }
  }

  /// How waiting ended.
  enum Outcome {
    case ready(Document)
    /// With what the last read showed; nothing where it was given up.
    case failed(String, Document)
  }

  /// Waits as `wait` does, for bodies that look for the cause where it was in vain.
  mutating func outcome(
    of read: Call, every interval: Double, limit: Double, until state: String,
    _ verdict: (Document) -> Verdict
  ) throws(Pause) -> Outcome {
    var reply = try make(read)
    while true {
      if case .failure(let failure) = reply { return .failed(failure.message, [:]) }
      // What is not there is seen as an empty output.
      let output = reply == .absent ? .object([:]) : reply.output
      switch output.map(verdict) ?? .waiting {
      case .ready: return .ready(output ?? .object([:]))
      case .failed(let reason): return .failed(reason, output ?? .object([:]))
      case .waiting:
        guard let another = replies.popFirst() else {
          throw Pause(.wait(read, every: interval, limit: limit, until: state))
        }
        reply = another
      }
    }
  }
}
