import Document
import TrueupCore

/// The call that creates a resource.
struct Creation: Sendable {
  /// The operation and what it waits out; its input is made of the step.
  let call: Call
  /// The properties that are members of the input, under their own names.
  let written: [String]
  /// The members of the output that lead to the id: `["Vpc", "VpcId"]`. Empty where the resource is called
  /// by its name.
  let id: [String]
  /// The member that takes a client token, so that a repetition creates nothing more.
  let token: String?

  init(_ call: Call, _ written: [String] = [], id: [String] = [], token: String? = nil) {
    self.call = call
    self.written = written
    self.id = id
    self.token = token
  }

  /// Creates what the step desires. Returns what AWS answers.
  ///
  /// - Parameter members: what is written besides.
  func make(
    _ step: Step, _ members: [String: Document?], _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    var call = call
    var input = step.desired.members(named: written)
    if let token { input[token] = .string(step.token) }
    call.input = call.input.merging(.members(input.merging(members) { $1 }))
    return try calls.make(call).output ?? [:]
  }

  /// The id in what AWS answered.
  func id(in output: Document) throws(CallSequence.Pause) -> String {
    guard let id = id.reduce(output, { $0?[$1] })?.string else {
      throw .failed("\(call.operation) answered without \(id.last ?? "an id")")
    }
    return id
  }
}
