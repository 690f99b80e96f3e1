import Document
import TrueupCore

extension Call {
  /// The call with more members in its input.
  func with(_ members: [String: Document?]) -> Call {
    var call = self
    call.input = input.merging(.members(members))
    return call
  }
}
