import Document
import TrueupCore

/// The call that creates a resource.
struct Creation: Sendable {
  /// The operation and what it waits out; its input is made of the step.
  let call: Call
  /// The properties that are members of the input, under their own names.
  let written: [String]
  /// The members of the input that take what another property says, by that property.
  let renamed: [String: String]
  /// The members of the input that take JSON as text.
  let texts: [String]
  /// The members of the output that lead to the id: `["Vpc", "VpcId"]`. Empty where the resource is called
  /// by its name.
  let id: [String]
  /// The member that takes a client token, so that a repetition creates nothing more.
  let token: String?

  init(
    _ call: Call, _ written: [String] = [], renamed: [String: String] = [:], texts: [String] = [],
    id: [String] = [], token: String? = nil
  ) {
    self.call = call
    self.written = written + texts
    self.renamed = renamed
    self.texts = texts
    self.id = id
    self.token = token
  }

  /// Creates what the step desires. Returns what AWS answers.
  ///
  /// - Parameter members: what is written besides.
  func make(
    _ step: Step, _ members: [String: Document?], _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> Document {
    var input = step.desired.members(named: written)
    for (property, member) in renamed { input[member] = step.desired[property] }
    for member in texts { input[member] = input[member]??.parsedJSON.jsonText }
    if let token { input[token] = .string(step.token) }
    return try calls.make(call.with(input.merging(members) { $1 })).output ?? [:]
  }

  /// The id in what AWS answered.
  func id(in output: Document) throws(CallSequence.Pause) -> String {
    guard let id = id.reduce(output, { $0?[$1] })?.string else {
      throw .failed("\(call.operation) answered without \(id.last ?? "an id")")
    }
    return id
  }
}
