import Document
import TrueupCore

/// The call that deletes a resource. Done where the resource is gone.
struct Deletion: Sendable {
  /// The operation, what it waits out, and the codes that say that there is nothing.
  let call: Call
  /// The member of the input that takes the id.
  let member: String
  /// The operation takes several ids at once.
  let takesList: Bool

  init(_ call: Call, _ member: String, takesList: Bool = false) {
    self.call = call
    self.member = member
    self.takesList = takesList
  }

  func call(_ id: String) -> Call {
    var call = call
    call.input = call.input.merging([member: takesList ? [.string(id)] : .string(id)])
    return call
  }
}
